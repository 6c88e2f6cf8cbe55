//! Looks, some time after each change has had its effect, at what Redis and the pods really have of it: at
//! 1, 5 and 60 s. It loads nothing, and mends nothing; it tells how often the caches are true.
//!
//! An entry in a pod's memory counts when an answer from it would not say that it is stale. What is found
//! at 60 s is compared with the primary, which may have lost the change by a promotion.

mod auditor;
mod delay;
mod finding;
mod pods;
mod queue;
mod report;
mod sighting;
mod tally;

pub use auditor::Auditor;
pub use delay::Delay;
pub use pods::Pods;
pub use queue::{AuditQueue, Probe};
pub use report::{Report, routes};
pub use tally::Tally;
