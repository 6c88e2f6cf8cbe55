//! PostgreSQL: one named statement per file entry, replicas first, the primary behind a small limit.

pub mod entries;
mod error;
pub mod history;
pub mod listing;
mod listing_sql;
pub mod listing_tree;
pub mod old_slug;
mod pools;
mod row;
mod session;
pub mod shown;
pub mod versions;
mod xid;

pub use error::StoreError;
pub use pools::{Class, Limits, Place, Statement, Store};
pub use row::unsigned;
pub use shown::Shown;
pub use xid::SqlXid;
