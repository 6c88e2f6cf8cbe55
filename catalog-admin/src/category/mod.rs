//! Categories as editors send and see them, and what makes one valid. Pure: no I/O.

mod input;
mod mention;
mod output;
mod parse;

pub use input::CategoryInput;
pub use output::{CategoryOutput, ParentReference};
pub use parse::{ValidCategory, parse, read};
