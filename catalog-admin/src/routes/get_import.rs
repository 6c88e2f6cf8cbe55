//! `GET /v1/imports/{id}`

use axum::Json;
use axum::extract::State;
use service_kit::problem::ProblemQuery;

use crate::app::App;
use crate::error::Result;

use super::Problems;
use super::parts::id::{Id, Import};
use super::parts::import::{ImportOutput, read};
use super::parts::page::PageQuery;

/// Reads how an import stands, and a page of what is wrong with its lines.
#[utoipa::path(
    operation_id = "get_import",
    get, path = "/imports/{id}", tag = "imports",
    params(("id" = uuid::Uuid, Path, description = "The import's id"), PageQuery),
    responses((status = 200, description = "How far it is, or how it ended.", body = ImportOutput), Problems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Id { id, .. }: Id<Import>,
    ProblemQuery(query): ProblemQuery<PageQuery>,
) -> Result<Json<ImportOutput>> {
    Ok(Json(read(&app.imports, id, query.limit, query.cursor.as_deref()).await?))
}
