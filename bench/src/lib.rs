//! Measures Vitrina from outside, as its callers see it: real services, real stores, one clock.
//!
//! | module | answers |
//! |---|---|
//! | [`load`] | what reads at a fixed rate and edits see, and whether an answer was older than it said |
//! | [`freshness`] | how long after its acknowledgement an edit shows in every process |
//! | [`histories`] | whether callers see what they wrote and never less than they saw, operation by operation |
//! | [`import`] | how long an import takes to be readable everywhere, and whether it is what was sent |
//! | [`outages`] | what readers and editors see while a part is gone |
//! | [`report`] | a table for people and the same rows as JSON |
//! | [`trace`] | where one edit goes, from the PATCH to the first read in every process |

pub mod freshness;
pub mod histories;
pub mod import;
pub mod load;
pub mod outages;
pub mod report;
pub mod trace;
