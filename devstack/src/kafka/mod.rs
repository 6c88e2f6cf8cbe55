//! Apache Kafka: one node in `KRaft` mode, its jars from Maven Central.

mod delays;
mod jars;
mod java;
mod node;
mod topics;

pub use delays::record_delays;
pub(crate) use jars::prepare;
pub(crate) use node::{is_ready, launch};
pub use topics::create_topic;
