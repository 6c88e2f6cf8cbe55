//! Looks, some time after each change has had its effect in Redis, at what Redis and the pods have of it: after
//! 1, 5 and 60 s. It loads nothing, proves nothing and mends nothing; it tells how often the caches are true.
//!
//! Within the bound a pod may answer with what it proved before the change, and that is counted apart. It may
//! not have proven it since: so this finds a pod that is wrong at the first look, whatever the bound. What is
//! found after 60 s is compared with the primary, which may have lost the change by a promotion.
//!
//! Not looked at: the categories and rules in a rendered product, lists, old slugs, and what another release's
//! layout keeps in Redis. Of a change that comes again, or is published again for a new epoch, it is looked
//! again.

mod auditor;
mod delay;
mod finding;
mod pods;
mod queue;
mod report;
mod seen;
mod sighting;
mod tally;
mod waiting;

pub use auditor::Auditor;
pub use delay::Delay;
pub use pods::Pods;
pub use queue::{AuditQueue, Probe};
pub use report::{Report, routes};
pub use tally::Tally;
