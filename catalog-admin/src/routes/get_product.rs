//! `GET /v1/products/{id}`

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::editing::find;
use crate::editing::product::Product;
use crate::error::Result;
use crate::product::ProductOutput;

use super::Problems;
use super::parts::answer;
use super::parts::id::Id;

/// Reads a product as it is on the primary. What it answers can be edited and sent back.
#[utoipa::path(
    operation_id = "get_product",
    get, path = "/products/{id}", tag = "products",
    params(("id" = uuid::Uuid, Path, description = "The product's id")),
    responses((status = 200, description = "The product.", body = ProductOutput, headers(("ETag" = String))), Problems),
)]
pub(crate) async fn handle(State(app): State<App>, Id { id, .. }: Id<Product>) -> Result<Response> {
    Ok(answer::tagged(find::<Product>(&app.store, id).await?))
}
