//! What do readers and editors see while a part is gone for ten seconds and when it is back?

mod phase;
mod run;

pub use phase::{Phase, Victim, table};
pub use run::{Plan, run};
