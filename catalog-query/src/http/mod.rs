//! What answers have in common: what they say of their age, how they are encoded, and what they
//! are when they are errors.

mod conditional;
mod encoding;
mod fast_path;
mod freshness;
mod problem;
mod respond;

pub use conditional::is_unchanged;
pub use encoding::accepted;
pub use fast_path::FastPath;
pub use freshness::{Provenance, cache_status};
pub use problem::{no_such, read_problem, view_problem};
pub use respond::{body_response, lapses_at, lapses_in, problem_response, product_response};
