//! `POST /v1/imports`

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};

use crate::app::App;
use crate::error::{Error, Result};

use super::WriteProblems;
use super::parts::body::has_type;
use super::parts::headers::Origin;
use super::parts::import::{ImportOutput, ended};

const TAKES: &str = "application/x-ndjson";

/// Loads products and categories in bulk.
///
/// The body has a JSON document a line: what `POST /v1/products` or `POST /v1/categories` takes, with
/// `"kind": "product"` or `"kind": "category"`. A line changes the product or category that has its
/// `external_key`, or else the product that has one of its SKUs, unless that has another
/// `external_key`; without either it makes a new one.
/// Categories stand before what is in them. The answer comes when all is committed. A wrong line is
/// told and changes nothing; the others are loaded all the same.
#[utoipa::path(
    operation_id = "create_import",
    post, path = "/imports", tag = "imports",
    request_body(content = String, content_type = "application/x-ndjson"),
    responses(
        (status = 201, description = "How it ended, with the lines that were rejected.", body = ImportOutput, headers(("Location" = String))),
        WriteProblems,
    ),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    if !has_type(&headers, TAKES) {
        return Err(Error::MediaType { takes: TAKES });
    }
    let author = origin.author();
    let traceparent = author.traceparent.map(str::to_owned);
    let import = app.imports.run(author.actor.to_owned(), body, traceparent).await?;
    match app.store.mark().await {
        Ok(mark) => origin.written.note(mark),
        Err(error) => {
            tracing::warn!(error.message = %error, "an import ended, and its caller gets no token");
        }
    }
    let location = format!("/v1/imports/{}", import.id);
    let output = ended(&app.imports, import).await;
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(output)).into_response())
}
