//! What this service does, on real stores.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod by_ids;
mod categories;
mod change_feed;
mod coalescing;
mod cursor;
mod edits;
mod encodings;
mod epochs;
mod fast_path;
mod late_loads;
mod layers;
mod listing;
mod lookups;
mod openapi;
mod outages;
mod pages;
mod polls;
mod prices;
mod redis_losses;
mod rules;
mod sessions;
mod support;
mod transactions;
mod unusable;
mod views;
mod waiting;
