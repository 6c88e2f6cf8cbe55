//! What callers did and saw, operation by operation, and whether it is what they were promised.

mod check;
mod client;
mod run;

pub use check::{Asked, Broken, First, Known, Operation, Violation, What, check};
pub use run::{History, Plan, run};
