//! What a request asks of its answer beyond the bound, by its headers, and the token that its caller gets
//! back.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use catalog_core::contract::session_token::{
    CONSISTENCY_HEADER, COOKIE, HEADER, LOST_HEADER, STRONG, SessionKey,
};
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{self, CACHE_CONTROL},
    request::Parts,
};
use secrecy::ExposeSecret as _;
use service_kit::{
    http::Carrier,
    problem::{FieldError, INVALID_PARAMETER, Problem},
    settings::SessionSettings,
};

use crate::{
    clock::Clock,
    metrics::demanded,
    read::{Demand, Level},
};

const SESSION: HeaderName = HeaderName::from_static(HEADER);
const SESSION_LOST: HeaderName = HeaderName::from_static(LOST_HEADER);
const CONSISTENCY: HeaderName = HeaderName::from_static(CONSISTENCY_HEADER);

/// Opens the tokens that requests bring, and seals those that they get back.
#[derive(Debug, Clone)]
pub struct Sessions {
    key: SessionKey,
    carrier: Carrier,
    clock: Clock,
}

/// What a request asks beyond the bound.
#[derive(Debug, Clone)]
pub struct Asked(pub Arc<Demand>);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_else(|| Self(Arc::new(Demand::bounded()))))
    }
}

impl Sessions {
    /// With this secret; requests arrive by this clock.
    pub fn new(settings: &SessionSettings, clock: Clock) -> Self {
        let domain = settings.cookie_domain.as_deref();
        Self {
            key: SessionKey::new(settings.key.expose_secret().as_bytes()),
            carrier: Carrier::new(SESSION, COOKIE, domain),
            clock,
        }
    }

    /// What the request asks for, and whether it brings a cookie that is no token of ours. Such a
    /// cookie is only forgotten: whoever changes the secret must not shut browsers out.
    fn demand(&self, request: &HeaderMap) -> Result<(Demand, bool), Problem> {
        let arrived = self.clock.now();
        let level = level(request)?;
        let Some(brought) = self.carrier.brought(request) else {
            return Ok((Demand::new(level, arrived, None), false));
        };
        match self.key.open(brought.value) {
            Ok(token) => Ok((Demand::new(level, arrived, Some(token)), false)),
            Err(_) if brought.by_cookie => Ok((Demand::new(level, arrived, None), true)),
            Err(invalid) => Err(wrong(HEADER, format!("It is {invalid}."))),
        }
    }

    fn give(&self, demand: &Demand, by_cookie: bool, response: &mut HeaderMap) {
        let Some((token, is_lost)) = demand.carried() else { return };
        let value = self.key.seal(&token);
        self.carrier.give(response, &value);
        if by_cookie {
            self.carrier.give_cookie(response, &value);
        }
        if is_lost {
            response.insert(SESSION_LOST, HeaderValue::from_static("?1"));
        }
        // It is this caller's alone.
        if let Some(control) = response.get(CACHE_CONTROL).and_then(|value| value.to_str().ok()) {
            // `Vary` tells a browser's own cache of the header, but not of one among its cookies: it would answer
            // with what it got before the caller wrote.
            let control = if by_cookie { "no-cache" } else { control };
            if let Ok(private) = HeaderValue::try_from(format!("private, {control}")) {
                response.insert(CACHE_CONTROL, private);
            }
        }
    }
}

/// Reads what a request asks beyond the bound, and gives its caller the token back.
pub async fn with_demand(
    State(sessions): State<Sessions>,
    mut request: Request,
    next: Next,
) -> Response {
    let (demand, is_to_forget) = match sessions.demand(request.headers()) {
        Ok(found) => found,
        Err(problem) => return problem.into_response(),
    };
    let by_cookie = !request.headers().contains_key(&SESSION);
    let demand = Arc::new(demand);
    request.extensions_mut().insert(Asked(Arc::clone(&demand)));
    let mut response = next.run(request).await;
    demanded(&demand);
    sessions.give(&demand, by_cookie, response.headers_mut());
    if is_to_forget {
        sessions.carrier.take_cookie(response.headers_mut());
    }
    response
}

/// Whether a request may ask for more than the bound: what it says may be wrong.
pub(super) fn may_demand(request: &HeaderMap) -> bool {
    // In one pass, which costs less than a lookup of each for the few headers that requests have.
    request.iter().any(|(name, value)| {
        name == SESSION
            || name == CONSISTENCY
            || (name == CACHE_CONTROL && names_no_cache(value))
            || (name == header::COOKIE && may_name_session(value))
    })
}

fn may_name_session(cookies: &HeaderValue) -> bool {
    cookies.as_bytes().windows(COOKIE.len()).any(|name| name == COOKIE.as_bytes())
}

fn level(request: &HeaderMap) -> Result<Level, Problem> {
    match request.get(&CONSISTENCY).map(HeaderValue::as_bytes) {
        Some(value) if value == STRONG.as_bytes() => Ok(Level::Strong),
        Some(_) => Err(wrong(CONSISTENCY.as_str(), "It can only be `strong`.".to_owned())),
        None if is_no_cache(request) => Ok(Level::SinceArrival),
        None => Ok(Level::Bounded),
    }
}

/// RFC 9111, 5.2.1.4.
fn is_no_cache(request: &HeaderMap) -> bool {
    request.get_all(CACHE_CONTROL).iter().any(names_no_cache)
}

fn names_no_cache(control: &HeaderValue) -> bool {
    let directives = control.to_str().into_iter().flat_map(|line| line.split(','));
    directives.map(str::trim).any(|directive| directive.eq_ignore_ascii_case("no-cache"))
}

fn wrong(header: &str, detail: String) -> Problem {
    Problem::new(INVALID_PARAMETER).error(FieldError::parameter(header, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(name: &'static str, value: &'static str) -> HeaderMap {
        let name = HeaderName::from_static(name);
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_level_is_told_by_headers() {
        let level = |name, value| level(&request(name, value));
        assert_eq!(level("vitrina-consistency", "strong").ok(), Some(Level::Strong));
        assert!(level("vitrina-consistency", "weak").is_err());
        for control in ["no-cache", "max-age=0, No-Cache"] {
            assert_eq!(level("cache-control", control).ok(), Some(Level::SinceArrival));
        }
        for control in ["max-age=0", "no-cache-at-all", "private"] {
            assert_eq!(level("cache-control", control).ok(), Some(Level::Bounded));
        }
    }

    #[test]
    fn nothing_that_demands_more_is_answered_as_everyone() {
        for (name, value) in [
            ("cache-control", "no-cache"),
            ("vitrina-session", "x"),
            ("vitrina-consistency", "strong"),
            ("cookie", "a=1; vitrina_session=x"),
        ] {
            assert!(may_demand(&request(name, value)), "{name}");
        }
        assert!(!may_demand(&request("cookie", "a=1; b=2")));
        assert!(!may_demand(&request("cache-control", "max-age=0")));
        assert!(!may_demand(&HeaderMap::new()));
    }
}
