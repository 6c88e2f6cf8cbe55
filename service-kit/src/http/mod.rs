//! Serving HTTP: the accept loop, and the layers that every router has.

mod activity;
mod carried;
mod connection;
mod in_flight;
mod layers;
mod log_budget;
mod measure;
mod metrics;
mod server;
mod trace;

pub use carried::{Brought, Carrier};
pub use connection::Acceptor;
pub use layers::{common, request_timeout};
pub use measure::{REQUEST_DURATION, UNMATCHED};
pub use metrics::describe;
pub use server::Server;
