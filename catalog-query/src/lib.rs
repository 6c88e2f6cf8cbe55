//! Storefront reads: from memory, from Redis, from a replica, by the freshness rule.

pub mod cache;
pub mod clock;
pub mod cursor;
pub mod freshness;
pub mod listing;
pub mod metrics;
pub mod read;
pub mod store;
