//! Reading JSON so that all that is wrong with it is told at once.

mod mend;
mod read;

pub use read::{BrokenJson, parse, read};
