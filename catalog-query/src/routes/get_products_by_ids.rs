//! `GET /v1/products?ids=`

use std::collections::HashSet;

use axum::{extract::State, response::Response};
use bytes::{BufMut as _, Bytes, BytesMut};
use http::HeaderMap;
use serde::Deserialize;
use service_kit::problem::{FieldError, INVALID_PARAMETER, Problem, ProblemQuery};
use utoipa::IntoParams;
use uuid::Uuid;

use super::get_product::parse_id;
use crate::{
    app::App,
    cache::Body,
    http::{Provenance, body_response, lapses_in, read_problem, view_problem},
    read::{ProductAnswer, ViewParameters},
};

const MOST: usize = 100;

/// Which products, and in which view.
#[derive(Debug, Clone, Deserialize, IntoParams)]
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
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let ids = parse_ids(&query.ids).map_err(|detail| {
        Problem::new(INVALID_PARAMETER).error(FieldError::parameter("ids", detail))
    })?;
    let IdsQuery { locale, currency, channel, .. } = query;
    let view = ViewParameters { locale, currency, channel };
    let view = app.reader.view(&view).await.map_err(view_problem)?;
    let answers = app.reader.products(&ids, view).await.map_err(read_problem)?;
    let provenance = provenance(&app, &answers);
    Ok(body_response(&Body::new(body(&answers)), &headers, &provenance))
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

/// The bodies are there already, so they are only put together.
fn body(answers: &[ProductAnswer]) -> Bytes {
    let mut out = BytesMut::new();
    let bodies = answers.iter().filter_map(|answer| answer.rendered.body.as_ref());
    out.put_slice(b"{\"products\":[");
    for (index, body) in bodies.enumerate() {
        if index > 0 {
            out.put_u8(b',');
        }
        out.put_slice(&body.identity().bytes);
    }
    out.put_slice(b"],\"missing\":[");
    let missing = answers.iter().filter(|answer| answer.rendered.body.is_none());
    for (index, answer) in missing.enumerate() {
        let comma = if index > 0 { "," } else { "" };
        out.put_slice(format!("{comma}\"{}\"", answer.rendered.key.id).as_bytes());
    }
    out.put_slice(b"]}");
    out.freeze()
}

/// As old as the oldest of them, from as far as the farthest.
fn provenance(app: &App, answers: &[ProductAnswer]) -> Provenance {
    let mut labels = answers.iter().map(|answer| answer.label);
    let first = labels.next();
    let label = first.map(|first| labels.fold(first, crate::freshness::Label::older));
    let via = answers.iter().map(|answer| answer.via).reduce(crate::read::Via::farther);
    let (label, via) = label.zip(via).expect("at least one id was asked for");
    for answer in answers {
        app.reader.metrics().answered(answer.via.layer, answer.label);
    }
    let wall = app.reader.clock().wall();
    let lapses_in = answers.iter().filter_map(|answer| lapses_in(&answer.rendered, wall)).min();
    Provenance { label, via, bound: app.reader.freshness().bound(), lapses_in }
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
