//! Serving HTTP: the accept loop, and the layers that every router has.

mod activity;
mod connection;
mod layers;
mod measure;
mod server;
mod traceparent;

pub use layers::{common, request_timeout};
pub use measure::{REQUEST_DURATION, UNMATCHED};
pub use server::Server;
pub use traceparent::Traceparent;
