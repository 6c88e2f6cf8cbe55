//! What the pod and its Redis remember. Neither is trusted: whatever comes out of them is judged by
//! the freshness rule like anything else.

pub mod body;
pub mod entries;
pub mod entry;
pub mod redis;
pub mod rendered;
pub mod usage;

pub use body::{Body, Encoded, Encoding};
pub use entries::EntryCache;
pub use entry::{Document, Entry, Layer};
pub use redis::{Fetched, RedisCache, Wanted};
pub use rendered::{Rendered, RenderedCache, RenderedKey};
pub use usage::Usage;
