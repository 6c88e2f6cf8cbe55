use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{Error, Result};

pub(crate) const DEFAULT_LIMIT: i64 = 50;
const MOST: i64 = 200;

/// Which part of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many; 1 to 200, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<i64>,
    /// Where to go on: `next` of the page before.
    pub(crate) cursor: Option<String>,
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The things, in order.
    items: Vec<T>,
    /// The cursor of the next page; null on the last one.
    next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of what was found when one more than `limit` was asked for.
    pub(crate) fn new<C: Serialize>(
        mut items: Vec<T>,
        limit: i64,
        cursor: impl Fn(&T) -> C,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or_default();
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| encode(&cursor(last)));
        Self { items, next }
    }

    /// A page that could not be read: nothing yet, and the cursor of what is to be read again.
    pub(crate) fn unread<C: Serialize>(from: &C) -> Self {
        Self { items: Vec::new(), next: Some(encode(from)) }
    }
}

/// The number of things asked for.
pub(crate) fn limit(given: Option<i64>) -> Result<i64> {
    let limit = given.unwrap_or(DEFAULT_LIMIT);
    if (1..=MOST).contains(&limit) {
        return Ok(limit);
    }
    Err(Error::Parameter { name: "limit", detail: format!("must be 1 to {MOST}") })
}

/// Where the page before ended; `otherwise` for the first page.
pub(crate) fn cursor<C: DeserializeOwned>(given: Option<&str>, otherwise: C) -> Result<C> {
    let Some(given) = given else { return Ok(otherwise) };
    let text = URL_SAFE_NO_PAD.decode(given).ok();
    let read = text.and_then(|text| serde_json::from_slice(&text).ok());
    read.ok_or_else(|| Error::Parameter {
        name: "cursor",
        detail: "is not one that a page of this list gave".to_owned(),
    })
}

fn encode<C: Serialize>(cursor: &C) -> String {
    let text = serde_json::to_vec(cursor);
    URL_SAFE_NO_PAD.encode(text.expect("cursors are tuples of numbers, texts, ids and moments"))
}
