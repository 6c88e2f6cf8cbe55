//! Products: created, changed, deleted, read.

mod change;
mod create;
mod examine;
mod read;
mod rows;
mod wanted;
mod write;

pub use change::{change, delete};
pub use create::{ROUTE, create};
pub use read::{find, list};
pub(super) use rows::translation_rows;
