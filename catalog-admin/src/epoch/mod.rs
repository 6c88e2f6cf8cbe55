//! Whose history this is: the beat, the incarnation row, and the epochs.
//!
//! Four times a second an admin adds one to the beat, in a transaction that first checks that the
//! incarnation row still vouches for the epoch. PostgreSQL empties that row's table at every crash,
//! promotion and base backup; then transaction ids and versions may have been given out again, and
//! the beat begins a new epoch.

mod beat;
mod begin;
mod metrics;
mod number;
mod settings;
mod turn;
mod writers;

pub use beat::Beat;
pub use begin::begin_by_hand;
pub(crate) use begin::{begin_above, is_far_ahead};
pub(crate) use metrics::describe as describe_metrics;
pub use settings::{BeatSettings, WritersSettings};
pub use writers::WriterWatch;
