//! What do readers and editors see while a part is gone for ten seconds and when it is back?

mod phase;
mod plan;
mod rows;
mod run;
mod victim;

pub use phase::{Phase, table};
pub use plan::Plan;
pub use run::{Outcome, run};
pub use victim::Victim;
