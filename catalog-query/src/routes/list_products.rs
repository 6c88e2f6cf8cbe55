//! `GET /v1/products`, by page

use std::{str::FromStr, sync::Arc};

use axum::{extract::State, response::Response};
use catalog_core::view::View;
use http::HeaderMap;
use serde::Deserialize;
use service_kit::problem::{FieldError, INVALID_PARAMETER, Problem, ProblemQuery};
use utoipa::IntoParams;

use super::get_product_by_slug::may_be_slug;
use crate::{
    app::App,
    freshness::Label,
    http::{Provenance, body_response, lapses_at, problem_response, read_problem, view_problem},
    listing::{Limit, Listing, PageQuery, Sort},
    read::{CategorySlug, LeadsTo, Via, ViewParameters},
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

/// Why there is no page.
enum Refusal {
    /// Whatever the catalog holds.
    Wrong(Problem),
    /// By what the catalog holds, as far as is known.
    Unknown(Problem, Label, Via),
}

/// A page of all products, or of those in a category and below it, that storefronts see now.
pub(super) async fn list_products(
    State(app): State<App>,
    ProblemQuery(query): ProblemQuery<ListQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let provenance = |label: Label, via: Via, lapses_in| {
        app.reader.metrics().answered(via.layer, label);
        Provenance { label, via, bound: app.reader.freshness().bound(), lapses_in }
    };
    let (page, label, via) = match page_query(&app, &query).await {
        Ok(page) => page,
        Err(Refusal::Wrong(problem)) => return Err(problem),
        Err(Refusal::Unknown(problem, label, via)) => {
            return Ok(problem_response(problem, &provenance(label, via, None)));
        }
    };
    let answer = app.products.page(&page).await.map_err(read_problem)?;
    let lapses_in = lapses_at(answer.valid_until, app.reader.clock().wall());
    let provenance = provenance(answer.label.older(label), answer.via.farther(via), lapses_in);
    Ok(body_response(&answer.body, &headers, &provenance))
}

async fn page_query(app: &App, query: &ListQuery) -> Result<(PageQuery, Label, Via), Refusal> {
    let sort: Sort = parse("sort", query.sort.as_deref())?;
    let limit: Limit = parse("limit", query.limit.as_deref())?;
    if sort == Sort::Position && query.category.is_none() {
        return Err(wrong("sort", "needs a category, in which products have positions"));
    }
    let rules = app.reader.rules().await.map_err(|error| Refusal::Wrong(read_problem(error)))?;
    let view = view(app, query).await?;
    let (mut label, mut via) = (rules.label, rules.via);
    let mut category = None;
    if let Some(slug) = &query.category {
        let found = category_of(app, slug).await?;
        (label, via) = (label.older(found.label), via.farther(found.via));
        let LeadsTo::Category(id) = found.leads_to else {
            let problem = invalid("category", &format!("is `{slug}`, which no category has"));
            return Err(Refusal::Unknown(problem, label, via));
        };
        category = Some(id);
    }
    let listing = Listing { category, sort, view };
    let open = |cursor: &str| app.products.cursors().open(&listing, cursor);
    let after = query.cursor.as_deref().map(open).transpose();
    let after = after.map_err(|error| wrong("cursor", &error.to_string()))?;
    Ok((PageQuery { listing, after, limit }, label, via))
}

async fn view(app: &App, query: &ListQuery) -> Result<View, Refusal> {
    let ListQuery { locale, currency, channel, .. } = query.clone();
    let parameters = ViewParameters { locale, currency, channel };
    app.reader.view(&parameters).await.map_err(|error| Refusal::Wrong(view_problem(error)))
}

async fn category_of(app: &App, slug: &str) -> Result<CategorySlug, Refusal> {
    if !may_be_slug(slug) {
        return Err(wrong("category", "is not a slug"));
    }
    let found = app.reader.category_of(Arc::from(slug)).await;
    found.map_err(|error| Refusal::Wrong(read_problem(error)))
}

fn parse<T>(parameter: &'static str, text: Option<&str>) -> Result<T, Refusal>
where
    T: FromStr<Err: std::fmt::Display> + Default,
{
    let Some(text) = text else { return Ok(T::default()) };
    text.parse().map_err(|error: T::Err| wrong(parameter, &error.to_string()))
}

fn wrong(parameter: &'static str, detail: &str) -> Refusal {
    Refusal::Wrong(invalid(parameter, detail))
}

fn invalid(parameter: &'static str, detail: &str) -> Problem {
    Problem::new(INVALID_PARAMETER).error(FieldError::parameter(parameter, detail))
}
