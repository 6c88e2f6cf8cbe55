//! The token that a caller is given with every write. Brought to catalog-query, it is answered with what was
//! written.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use catalog_core::contract::session_token::{COOKIE, HEADER, LOST_HEADER, SessionKey};
use catalog_core::freshness::{AcknowledgedWrite, Epoch, NAMED, Token};
use http::{HeaderMap, HeaderName, HeaderValue};
use parking_lot::Mutex;
use secrecy::ExposeSecret as _;
use service_kit::http::Carrier;
use service_kit::settings::SessionSettings;

use crate::error::Error;
use crate::store::mark::Mark;

const SESSION_LOST: HeaderName = HeaderName::from_static(LOST_HEADER);

/// Where the write of one request stands in the history, once it is known.
#[derive(Debug, Clone, Default)]
pub struct Written(Arc<Mutex<Option<Mark>>>);

impl Written {
    /// A transaction that is tried again stands elsewhere.
    pub fn note(&self, mark: Mark) {
        *self.0.lock() = Some(mark);
    }
}

/// Opens the tokens that requests bring, and seals those that they are given.
#[derive(Debug, Clone)]
pub struct Sessions {
    key: SessionKey,
    carrier: Carrier,
}

impl Sessions {
    /// With this secret.
    pub fn new(settings: &SessionSettings) -> Self {
        let domain = settings.cookie_domain.as_deref();
        Self {
            key: SessionKey::new(settings.key.expose_secret().as_bytes()),
            carrier: Carrier::new(HeaderName::from_static(HEADER), COOKIE, domain),
        }
    }

    /// The token that the request brings. A cookie that is none is replaced by the next that is given.
    fn brought(&self, request: &HeaderMap) -> Result<Option<Token>, Error> {
        let Some(brought) = self.carrier.brought(request) else { return Ok(None) };
        match self.key.open(brought.value) {
            Ok(token) => Ok(Some(token)),
            Err(_) if brought.by_cookie => Ok(None),
            Err(invalid) => {
                Err(Error::Parameter { name: "Vitrina-Session", detail: format!("is {invalid}") })
            }
        }
    }

    fn give(&self, token: &Token, response: &mut HeaderMap) {
        let value = self.key.seal(token);
        self.carrier.give(response, &value);
        self.carrier.give_cookie(response, &value);
    }
}

/// Gives the caller a token with what it has written, and with all that the token that it brought tells of.
pub async fn with_token(
    State(sessions): State<Sessions>,
    mut request: Request,
    next: Next,
) -> Response {
    let brought = match sessions.brought(request.headers()) {
        Ok(brought) => brought,
        Err(error) => return error.into_response(),
    };
    let written = Written::default();
    request.extensions_mut().insert(written.clone());
    let mut response = next.run(request).await;
    let mark = written.0.lock().take().filter(|mark| mark.epoch != Epoch::NONE);
    if let Some(mark) = mark.filter(|_| response.status().is_success()) {
        let Mark { epoch, xid, written, unseen } = mark;
        let write = AcknowledgedWrite { epoch, xid, parts: written.as_slice(), unseen: &unseen };
        let (token, is_lost) = Token::after_write(brought, &write, NAMED);
        sessions.give(&token, response.headers_mut());
        if is_lost {
            response.headers_mut().insert(SESSION_LOST, HeaderValue::from_static("?1"));
        }
    }
    response
}
