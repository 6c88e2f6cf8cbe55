//! Reading JSON so that all that is wrong with it is told at once.

mod mend;
mod object;
mod read;
mod unique;

pub(crate) use object::read_from_objects;
pub use read::{BrokenJson, parse, read};
