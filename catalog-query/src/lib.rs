//! Storefront reads: from memory, from Redis, from a replica, by the freshness rule.

pub mod clock;
pub mod freshness;
pub mod metrics;
pub mod store;
