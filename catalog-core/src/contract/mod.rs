//! What the services exchange: the Kafka record, the Redis entry and the session token. Topics, headers
//! and keys are each spelled here and nowhere else.

pub mod change;
pub mod redis_entry;
pub mod session_token;
