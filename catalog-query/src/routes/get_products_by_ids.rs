//! `GET /v1/products?ids=`

use std::{collections::HashSet, sync::Arc};

use axum::{extract::State, response::Response};
use http::HeaderMap;
use serde::Deserialize;
use service_kit::problem::{FieldError, INVALID_PARAMETER, Problem, ProblemQuery};
use utoipa::IntoParams;
use uuid::Uuid;

use super::get_product::parse_id;
use crate::{
    app::App,
    http::{Asked, Provenance, Refusal, body_response, view_refusal},
    read::ViewParameters,
};

const MOST: usize = 100;

/// Which products, and in which view.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct IdsQuery {
    /// Up to 100 ids with commas between them; nothing but a view may stand beside them.
    #[param(required = false)]
    ids: String,
    #[param(ignore)]
    locale: Option<String>,
    #[param(ignore)]
    currency: Option<String>,
    #[param(ignore)]
    channel: Option<String>,
}

/// Products by id in a view: those that storefronts see in the order asked for, the others named.
pub(super) async fn get_products_by_ids(
    State(app): State<App>,
    ProblemQuery(query): ProblemQuery<IdsQuery>,
    Asked(demand): Asked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let ids = parse_ids(&query.ids).map_err(|detail| {
        Problem::new(INVALID_PARAMETER).error(FieldError::parameter("ids", detail))
    })?;
    let IdsQuery { locale, currency, channel, .. } = query;
    let chosen = app.reader.view(&ViewParameters { locale, currency, channel }, &demand).await;
    let chosen = chosen.map_err(|error| view_refusal(&app.reader, error))?;
    let answer = app.products.by_ids(Arc::from(ids), &chosen, &demand).await?;
    let provenance = || Provenance::of(&app.reader, answer.origin, answer.valid_until);
    Ok(body_response(&answer.body, &headers, provenance).await)
}

fn parse_ids(text: &str) -> Result<Vec<Uuid>, String> {
    let texts: Vec<_> = text.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if texts.is_empty() {
        return Err("Name at least one product's id.".to_owned());
    }
    if texts.len() > MOST {
        return Err(format!("These are {} ids: ask for at most {MOST} at once.", texts.len()));
    }
    let mut seen = HashSet::new();
    let mut ids = Vec::with_capacity(texts.len());
    for text in texts {
        let id = parse_id(text).ok_or_else(|| format!("`{text}` is not an id."))?;
        if seen.insert(id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_their_order_and_each_counts_once() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(parse_ids(&format!("{b}, {a},{b}")), Ok(vec![b, a]));
    }

    #[test]
    fn too_many_none_or_malformed_ones_are_refused() {
        let many = vec![Uuid::nil().to_string(); MOST + 1].join(",");
        assert!(parse_ids(&many).is_err());
        assert!(parse_ids(" ,").is_err());
        assert!(parse_ids("sock").unwrap_err().contains("sock"));
    }
}
