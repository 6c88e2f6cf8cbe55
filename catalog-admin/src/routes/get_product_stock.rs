//! `GET /v1/products/{id}/stock`

use axum::Json;
use axum::extract::State;
use catalog_core::document::Availability;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::editing::product::Product;
use crate::editing::stock::find;
use crate::error::Result;
use crate::store::stock::StockLine;

use super::Problems;
use super::parts::id::Id;

/// The stock of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StockOutput {
    /// Whose.
    product_id: Uuid,
    /// Of each of its variants, in order.
    variants: Vec<VariantStock>,
}

/// The stock of a variant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct VariantStock {
    /// Whose.
    id: Uuid,
    /// Its SKU.
    sku: String,
    /// What storefronts show: `in_stock`, `few_left` or `out_of_stock`.
    #[schema(value_type = String)]
    availability: Availability,
    /// How many there are in all.
    quantity: i64,
    /// How many there are where.
    locations: Vec<LocationStock>,
}

/// The stock at a location.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LocationStock {
    /// Where.
    location: String,
    /// How many.
    quantity: i32,
}

/// Reads how many pieces there are of a product's variants.
#[utoipa::path(
    operation_id = "get_product_stock",
    get, path = "/products/{id}/stock", tag = "stock",
    params(("id" = uuid::Uuid, Path, description = "The product's id")),
    responses((status = 200, description = "Its stock, by variant and location.", body = StockOutput), Problems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Id { id, .. }: Id<Product>,
) -> Result<Json<StockOutput>> {
    let lines = find(&app.store, id).await?;
    Ok(Json(StockOutput { product_id: id, variants: by_variant(lines) }))
}

/// Lines of the same variant stand together.
fn by_variant(lines: Vec<StockLine>) -> Vec<VariantStock> {
    let mut variants: Vec<VariantStock> = Vec::new();
    for StockLine { variant_id, sku, availability, level } in lines {
        if variants.last().is_none_or(|last| last.id != variant_id) {
            let (quantity, locations) = (0, Vec::new());
            variants.push(VariantStock { id: variant_id, sku, availability, quantity, locations });
        }
        if let (Some(variant), Some((location, quantity))) = (variants.last_mut(), level) {
            variant.quantity += i64::from(quantity);
            variant.locations.push(LocationStock { location, quantity });
        }
    }
    variants
}
