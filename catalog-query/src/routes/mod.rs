//! One endpoint a file.

pub mod get_category;
pub mod get_product;
pub mod get_product_by_sku;
pub mod get_product_by_slug;
mod get_products_by_ids;
pub mod list_categories;
mod list_products;
pub mod products;
