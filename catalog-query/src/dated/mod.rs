//! What the rule cannot prove, because it depends on what is not in it: lists and old slugs. Each is
//! dated as a whole instead, by the beat that its snapshot shows, and remembered for less than the
//! bound.

mod cache;
mod flights;
mod value;

pub use cache::{DatedCache, DatedKey, Found, Parts};
pub use value::Dated;
