//! The statements of imports: whole batches at a time, whatever their size.
//!
//! A batch is copied into temporary tables, one for each table of the catalog, and merged from there
//! by one statement a table, so that the triggers run once a table and not once a product.

mod cells;
mod claim;
mod lookup;
mod merge_categories;
mod merge_products;
mod record;
mod rows;
mod staging;

pub use claim::ImportClaim;
pub use lookup::{
    categories_by_key, category_documents, lock_versions, product_documents, products_by_key,
    products_by_sku, stock,
};
pub use merge_categories::merge_categories;
pub use merge_products::merge_products;
pub use record::{ImportCounts, ImportErrorRow, ImportRow, count, keep_errors, progress};
pub use rows::{
    CategoryRow, CategoryRows, MediaRow, MembershipRow, PriceOfVariant, ProductRow, ProductRows,
    RelationRow, StockOfVariant, TranslationRow, VariantRow,
};
pub use staging::prepare;
