//! How long after its acknowledgement does an edit show in every process, while storefronts read?

mod histogram;
mod run;

pub use histogram::bars;
pub use run::{Plan, Result, run};
