//! Plumbing that the services share: settings, telemetry, shutdown, health, HTTP serving,
//! problem+json, PostgreSQL pools, backoff and a circuit breaker. It knows no product.

pub mod backoff;
pub mod breaker;
pub mod health;
pub mod http;
pub mod postgres;
pub mod problem;
pub mod settings;
pub mod shutdown;
pub mod telemetry;
