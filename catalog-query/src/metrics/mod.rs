//! The metrics of this service, each spelled once and resolved beforehand.

mod answers;
mod polls;
mod stores;

pub use answers::{FastPathMetrics, ReadMetrics};
pub use polls::{FollowMetrics, PollMetrics, proof_lag, unknown_version_row};
pub use stores::{DatedMetrics, LoadMetrics, RedisMetrics};
