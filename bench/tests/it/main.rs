//! All services as processes on a stack of their own, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
mod every_reader;
mod histories;
mod layers;
mod metrics;
mod promotion;
mod restart;
#[path = "../support/mod.rs"]
mod support;
mod trace;
mod waiting;
