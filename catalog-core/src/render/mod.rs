//! A document made into what a storefront sees in one view at one time.

mod category;
mod product;

pub use category::{CategoryView, render_category};
pub use product::{
    CategoryLink, MediaView, PriceRange, PriceView, ProductView, RelationView, VariantView,
    render_product,
};

use jiff::Timestamp;

/// What is seen, and until when it stays so by the clock alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered<T> {
    /// What is seen; `None` when nothing is: a draft, or outside the publishing time.
    pub seen: Option<T>,
    /// The next moment at which a publishing time or a price begins or ends, if any lies ahead.
    pub valid_until: Option<Timestamp>,
}
