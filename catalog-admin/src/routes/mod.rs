//! The endpoints, one a file: each parses, calls one use case, and renders.

mod parts;

pub(crate) mod create_category;
pub(crate) mod create_import;
pub(crate) mod create_product;
pub(crate) mod delete_category;
pub(crate) mod delete_product;
pub(crate) mod get_category;
pub(crate) mod get_import;
pub(crate) mod get_product;
pub(crate) mod get_product_stock;
pub(crate) mod list_categories;
pub(crate) mod list_category_revisions;
pub(crate) mod list_product_revisions;
pub(crate) mod list_products;
pub(crate) mod move_stock;
pub(crate) mod patch_category;
pub(crate) mod patch_product;
pub(crate) mod replace_category;
pub(crate) mod replace_product;

use parts::responses::{Problems, WriteProblems};
