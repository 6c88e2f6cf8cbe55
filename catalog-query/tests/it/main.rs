//! What this service does, on real stores.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod by_ids;
mod change_feed;
mod coalescing;
mod edits;
mod encodings;
mod epochs;
mod layers;
mod lookups;
mod outages;
mod pages;
mod prices;
mod rules;
mod support;
mod views;
