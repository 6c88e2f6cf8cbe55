//! Lists: products by page, and the tree of categories.
//!
//! A page is a list of ids, dated as a whole; each product in it is proven by the rule when it is
//! rendered, so that an edit shows in every list at once.

mod answer;
mod categories;
mod compositions;
mod pages;
mod products;
mod query;
mod tree;
pub mod views;

pub use answer::{CategoryAnswer, ListAnswer};
pub use categories::{Categories, TheTree};
pub use products::ProductLists;
pub use query::{
    InvalidLimit, Limit, Listing, Order, PageKey, PageQuery, Position, Sort, UnknownSort,
};
pub use tree::CategoryTree;
