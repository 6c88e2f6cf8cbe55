//! How long after its acknowledgement does an edit show in every process, while storefronts read?

mod histogram;
mod plan;
mod rows;
mod run;
mod watchers;

pub use histogram::bars;
pub use plan::Plan;
pub use run::{Outcome, run};
