//! Apache Kafka: one node in `KRaft` mode, its jars from Maven Central.

mod delays;
mod jars;
mod java;
mod node;
mod records;
mod topics;

pub use delays::record_delays;
pub(crate) use jars::prepare;
pub(crate) use node::{is_ready, launch};
pub use records::wait_for_record;
pub use topics::create_topic;
