//! One endpoint a file.

mod get_product;
mod get_product_by_sku;
mod get_product_by_slug;
mod get_products_by_ids;
mod products;

pub use get_product::get_product;
pub use get_product_by_sku::get_product_by_sku;
pub use get_product_by_slug::get_product_by_slug;
pub use get_products_by_ids::get_products_by_ids;
pub use products::products;
