//! `GET /v1/products`, by page

use std::{str::FromStr, sync::Arc};

use axum::{extract::State, response::Response};
use http::HeaderMap;
use serde::Deserialize;
use service_kit::problem::{FieldError, INVALID_PARAMETER, Problem, ProblemQuery};
use utoipa::IntoParams;

use crate::{
    app::App,
    http::{Asked, Provenance, Refusal, body_response, may_be_slug, view_refusal},
    listing::{Limit, Listing, PageQuery, Sort},
    read::{Demand, LeadsTo, Origin, ViewParameters},
};

/// Which list, which page of it, and in which view.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// The slug of a category: products in it and in those below it. All products without it.
    category: Option<String>,
    /// `newest` (the default), `price` (products without a price in the view are left out), or
    /// `position` (only with `category`).
    sort: Option<String>,
    /// How many products at most: 1 to 100, 24 if not given.
    limit: Option<String>,
    /// The `next_cursor` of the page before this one, with the same list and view.
    cursor: Option<String>,
    /// The locale of the words; the catalog's default if not given.
    locale: Option<String>,
    /// The currency of the prices; the catalog's default if not given.
    currency: Option<String>,
    /// Where the prices hold; the catalog's default if not given.
    channel: Option<String>,
}

/// A page of all products, or of those in a category and below it, that storefronts see now.
pub(super) async fn list_products(
    State(app): State<App>,
    ProblemQuery(query): ProblemQuery<ListQuery>,
    Asked(demand): Asked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let (page, origin) = page_query(&app, query, &demand).await?;
    let answer = app.products.page(&page, &demand).await?;
    let origin = answer.origin.and(origin);
    let provenance = || Provenance::of(&app.reader, origin, answer.valid_until);
    Ok(body_response(&answer.body, &headers, provenance).await)
}

/// Which page, and of what that is said.
async fn page_query(
    app: &App,
    query: ListQuery,
    demand: &Demand,
) -> Result<(PageQuery, Origin), Refusal> {
    let ListQuery { category, sort, limit, cursor, locale, currency, channel } = query;
    let sort: Sort = parse("sort", sort.as_deref())?;
    let limit: Limit = parse("limit", limit.as_deref())?;
    if sort == Sort::Position && category.is_none() {
        return Err(wrong("sort", "needs a category, in which products have positions").into());
    }
    let chosen = app.reader.view(&ViewParameters { locale, currency, channel }, demand).await;
    let chosen = chosen.map_err(|error| view_refusal(&app.reader, error))?;
    let mut origin = chosen.rules.origin;
    let category = match category {
        None => None,
        Some(slug) if !may_be_slug(&slug) => return Err(wrong("category", "is not a slug").into()),
        Some(slug) => {
            let slug: Arc<str> = Arc::from(slug);
            let found = app.reader.category_of(Arc::clone(&slug), demand).await?;
            origin = origin.and(found.origin);
            let LeadsTo::Category(id) = found.leads_to else {
                let problem = wrong("category", &format!("is `{slug}`, which no category has"));
                let provenance = Provenance::of(&app.reader, origin, None);
                return Err(Refusal::by_catalog(problem, provenance));
            };
            Some(id)
        }
    };
    let listing = Listing { category, sort, view: chosen.view };
    let open = |cursor: &str| app.products.cursors().open(&listing, cursor);
    let after = cursor.as_deref().map(open).transpose();
    let after = after.map_err(|error| wrong("cursor", &error.to_string()))?;
    Ok((PageQuery { listing, after, limit }, origin))
}

fn parse<T>(parameter: &'static str, text: Option<&str>) -> Result<T, Problem>
where
    T: FromStr<Err: std::fmt::Display> + Default,
{
    let Some(text) = text else { return Ok(T::default()) };
    text.parse().map_err(|error: T::Err| wrong(parameter, &error.to_string()))
}

fn wrong(parameter: &'static str, detail: &str) -> Problem {
    Problem::new(INVALID_PARAMETER).error(FieldError::parameter(parameter, detail))
}
