//! Measures Vitrina from outside, as its callers see it: real services, real stores, one clock.
//!
//! | module | answers |
//! |---|---|
//! | [`load`] | what reads at a fixed rate and edits see, and whether an answer was older than it said |
//! | [`faults`] | what readers and editors see while parts are gone, stand still or forget |
//! | [`freshness`] | how long after its acknowledgement an edit shows in every process |
//! | [`histories`] | whether callers see what they wrote and never less than they saw, operation by operation |
//! | [`import`] | how long an import takes to be readable everywhere, and whether it is what was sent |
//! | [`prometheus`] | what a service tells of itself |
//! | [`report`] | a table for people and the same rows as JSON |
//! | [`scale`] | what a thousand processes would ask of each part, and where that ends: simulated, not measured |
//! | [`speed`] | what reads cost, beside what other servers take for bytes of the same kind |
//! | [`trace`] | where one edit goes, from the PATCH to the first read in every process |

pub mod faults;
pub mod freshness;
pub mod histories;
pub mod import;
pub mod load;
pub mod prometheus;
pub mod report;
pub mod scale;
pub mod speed;
pub mod trace;
