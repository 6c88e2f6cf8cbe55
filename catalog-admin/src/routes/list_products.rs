//! `GET /v1/products`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use catalog_core::document::Status;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use service_kit::problem::ProblemQuery;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::app::App;
use crate::editing::product::list;
use crate::error::Result;
use crate::store::names::status_name;
use crate::store::product_list::ProductLine;
use crate::value::read_moment;

use super::Problems;
use super::parts::page::{Page, cursor, limit};

const STATUSES: [Status; 3] = [Status::Draft, Status::Active, Status::Archived];

/// Which products.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProductsQuery {
    /// Only those with this status: `draft`, `active` or `archived`.
    #[param(value_type = Option<String>)]
    status: Option<Status>,
    /// How many; 1 to 200, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Where to go on: `next` of the page before.
    cursor: Option<String>,
}

/// When the last product of a page was created, and which one it is.
#[derive(Debug, Serialize, Deserialize)]
struct Cursor(#[serde(deserialize_with = "read_moment")] Timestamp, Uuid);

/// A product in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProductListed {
    /// Its id.
    id: Uuid,
    /// Its version.
    version: i64,
    /// Its key in the system that it came from.
    external_key: Option<String>,
    /// Its name in addresses.
    slug: String,
    /// `draft`, `active` or `archived`.
    status: String,
    /// Its brand.
    brand: Option<String>,
    /// What it is called, by locale.
    names: BTreeMap<String, String>,
    /// How many variants it has.
    variants: i64,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<ProductLine> for ProductListed {
    fn from(line: ProductLine) -> Self {
        let ProductLine { id, version, external_key, slug, status, brand, .. } = line;
        let ProductLine { names, variants, created_at, updated_at, .. } = line;
        Self {
            id,
            version,
            external_key,
            slug,
            status,
            brand,
            names,
            variants,
            created_at,
            updated_at,
        }
    }
}

/// Lists products, the newest first.
#[utoipa::path(
    operation_id = "list_products",
    get, path = "/products", tag = "products",
    params(ProductsQuery),
    responses((status = 200, description = "A page of products.", body = Page<ProductListed>), Problems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    ProblemQuery(query): ProblemQuery<ProductsQuery>,
) -> Result<Json<Page<ProductListed>>> {
    let limit = limit(query.limit)?;
    let start = Cursor(Timestamp::MAX, Uuid::max());
    let Cursor(created_at, id) = cursor(query.cursor.as_deref(), start)?;
    let asked = STATUSES.into_iter().filter(|one| query.status.is_none_or(|asked| asked == *one));
    let statuses: Vec<&str> = asked.map(status_name).collect();
    let found = list(&app.store, &statuses, (created_at, id), limit + 1).await?;
    let items = found.into_iter().map(ProductListed::from).collect();
    Ok(Json(Page::new(items, limit, |last: &ProductListed| Cursor(last.created_at, last.id))))
}
