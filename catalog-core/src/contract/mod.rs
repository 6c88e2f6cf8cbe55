//! What the services exchange: the Kafka record and the Redis entry. Topics, headers and keys are
//! each spelled here and nowhere else.

pub mod change;
pub mod redis_entry;
