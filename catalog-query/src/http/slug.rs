//! Slugs in addresses.

use std::sync::Arc;

use axum::{
    extract::{Path, rejection::PathRejection},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, Uri, header::LOCATION};

use super::Provenance;

const LONGEST_SLUG: usize = 200;

/// The slug, if the catalog would take it as one, so that it is worth looking for.
pub fn slug(path: Result<Path<String>, PathRejection>) -> Option<Arc<str>> {
    path.ok().filter(|Path(slug)| may_be_slug(slug)).map(|Path(slug)| Arc::from(slug))
}

/// Whether the catalog would take it as a slug.
pub fn may_be_slug(text: &str) -> bool {
    text.len() <= LONGEST_SLUG
        && text.split('-').all(|word| {
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

/// To the same question with the current slug.
pub fn moved(prefix: &str, slug: &str, uri: &Uri, provenance: &Provenance) -> Option<Response> {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = HeaderValue::try_from(format!("{prefix}{slug}{query}")).ok()?;
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    response.headers_mut().insert(LOCATION, location);
    provenance.write(response.headers_mut());
    Some(response)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{freshness::Label, read::Via};

    #[test]
    fn only_what_the_catalog_takes_as_a_slug_is_looked_for() {
        assert!(may_be_slug("wool-sock-2"));
        for wrong in ["", "-a", "a-", "a--b", "Wool", "a b", "a\0b", "é"] {
            assert!(!may_be_slug(wrong), "{wrong:?}");
        }
        assert!(!may_be_slug(&"a".repeat(201)));
    }

    #[test]
    fn the_query_goes_with_the_redirect() {
        let uri = "/v1/products/by-slug/old?locale=de&currency=EUR".parse().unwrap();
        let label = Label::Fresh { age: Duration::ZERO };
        let bound = Duration::from_secs(2);
        let provenance = Provenance { label, via: Via::MEMORY, bound, lapses_in: None };
        let moved = moved("/v1/products/by-slug/", "new", &uri, &provenance).unwrap();
        assert_eq!(moved.status(), StatusCode::PERMANENT_REDIRECT);
        assert_eq!(moved.headers()["location"], "/v1/products/by-slug/new?locale=de&currency=EUR");
        assert_eq!(moved.headers()["cache-control"], "max-age=2");
    }
}
