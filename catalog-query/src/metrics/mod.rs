//! The metrics of this service, each spelled once and resolved beforehand.

mod answers;
mod demands;
mod describe;
mod gauges;
mod polls;
mod stores;

pub use answers::{FastPathMetrics, ReadMetrics};
pub use demands::demanded;
pub use describe::describe;
pub use gauges::{freshness_bound, memory, proof_lag, replica_lag, waiting};
pub use polls::{FollowMetrics, PollMetrics, unknown_version_row};
pub use stores::{DatedMetrics, LoadMetrics, RedisMetrics};
