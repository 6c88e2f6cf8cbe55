//! What do readers and editors see while parts are gone, stand still or forget, alone and in pairs, and when
//! they are back?

mod fault;
mod naive;
mod phase;
mod plan;
mod rows;
mod run;

pub use fault::{Failure, Fault};
pub use phase::{Phase, markdown, table};
pub use plan::Plan;
pub use run::{Outcome, run};
