//! Documents: products, categories and the catalog's rules whole, as one statement gives them, with
//! all locales and prices. They are the JSON of the views `product_document`, `category_document` and
//! `rules_document`.

mod attribute;
mod category;
mod lookup;
mod price;
mod product;
mod rules;

pub use attribute::{AttributeValue, Attributes, Measure};
pub use category::CategoryDocument;
pub use lookup::{SkuOwner, SlugOwner};
pub use price::{PriceRow, in_force};
pub use product::{
    Availability, CategoryMembership, Media, MediaKind, ProductDocument, Relation, RelationKind,
    Status, Translation, Translations, Variant,
};
pub use rules::{CatalogRules, ChannelRule, CurrencyRule, LocaleRule};
