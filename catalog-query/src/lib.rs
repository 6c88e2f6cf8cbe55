//! Storefront reads: from memory, from Redis, from a replica, by the freshness rule.
//!
//! `routes` → `read` and `listing` (the use cases) → `dated`, `cache`, `store`, `freshness` →
//! `catalog-core`. Neither `cache` nor `store` knows axum.

pub mod app;
pub mod cache;
pub mod change_traces;
pub mod clock;
pub mod cursor;
pub mod dated;
pub mod debug;
pub mod freshness;
pub mod gauges;
pub mod http;
pub mod listing;
pub mod metrics;
pub mod openapi;
pub mod read;
pub mod router;
pub mod routes;
pub mod settings;
pub mod store;
