//! Categories: created, changed, deleted, read.

mod change;
mod create;
mod examine;
mod read;

pub use change::{change, delete};
pub use create::{ROUTE, create};
pub use read::{find, list};
