//! What answers have in common: what they say of their age, how they are encoded, and what they
//! are when they are errors.

mod conditional;
mod demand;
mod encoding;
mod fast_path;
mod freshness;
mod problem;
mod respond;
mod slug;

pub use conditional::is_unchanged;
pub use demand::{Asked, Sessions, with_demand};
pub use encoding::accepted;
pub use fast_path::{FastBody, FastPath};
pub use freshness::{Provenance, cache_status};
pub use problem::{Refusal, no_such, view_refusal};
pub use respond::{body_response, lapses_at, product_response};
pub use slug::{may_be_slug, moved, slug};
