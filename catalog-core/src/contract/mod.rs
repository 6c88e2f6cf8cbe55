//! What the services exchange: the Kafka record, the Redis entry, the session token, and what a pod tells of
//! its memory. Topics, headers
//! and keys are each spelled here and nowhere else.

pub mod change;
pub mod memory;
pub mod redis_entry;
pub mod session_token;
