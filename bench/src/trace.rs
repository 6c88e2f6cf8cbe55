//! One edit's trace, from the PATCH to the first read of the new version in each process.

mod collector;
mod run;
mod span;
mod tree;

pub use collector::Collector;
pub use run::{Followed, run};
pub use span::Span;
pub use tree::tree;
