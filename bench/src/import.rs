//! How long does it take until what is imported can be read everywhere, and is it what was sent?

mod example;
mod listing;
mod rows;
mod run;

pub use example::{EXAMPLES, Example};
pub use run::{Outcome, run};
