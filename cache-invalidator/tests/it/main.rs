//! The invalidator on a real Kafka, Redis and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod epochs;
mod floors;
mod group;
mod model;
mod poison;
mod redis_away;
mod refill;
mod scripts;
mod support;
