use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};
use metrics::counter;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::error::Error;
use crate::metrics::AUTH_REFUSED;
use crate::settings::AuthSettings;

use super::source::SourceError;
use super::{AuthError, Caller, KeySet, KeySource, Role};

/// A key that is not known makes the keys be read again, but not more often than this, or anybody
/// could have the issuer asked at will.
const PAUSE_BETWEEN_UNSCHEDULED_READS: Duration = Duration::from_secs(5);
/// As long as the column that it is written to allows.
const MAX_SUBJECT_CHARS: usize = 200;

/// Judges tokens by the issuer's current keys.
#[derive(Debug)]
pub struct Authority {
    settings: AuthSettings,
    source: KeySource,
    keys: RwLock<Arc<KeySet>>,
    last_unscheduled: Mutex<Option<Instant>>,
}

#[derive(Debug, Deserialize)]
struct Claims {
    sub: String,
    role: Role,
}

impl Authority {
    /// Knows no keys yet.
    pub fn new(settings: &AuthSettings, source: KeySource) -> Self {
        Self {
            settings: settings.clone(),
            source,
            keys: RwLock::default(),
            last_unscheduled: Mutex::new(None),
        }
    }

    /// Reads the keys again; when that fails, those known before stay.
    pub async fn refresh(&self) -> Result<(), SourceError> {
        let read = Arc::new(self.source.read().await?);
        tracing::debug!(auth.keys = ?read, "keys read");
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }

    /// Reads the keys again from time to time, until the process stops.
    pub async fn keep_fresh(&self, stop: CancellationToken) {
        let pause = || tokio::time::sleep(self.settings.refresh);
        while stop.run_until_cancelled(pause()).await.is_some() {
            if let Err(error) = self.refresh().await {
                tracing::warn!(error.message = %error, "the keys stay as they were");
            }
        }
    }

    /// Whose token this is.
    pub async fn judge(&self, token: &str) -> Result<Caller, AuthError> {
        let header = decode_header(token).map_err(|_| AuthError::Refused("it is not a JWT"))?;
        if header.crit.is_some() {
            return Err(AuthError::Refused("its header has critical extensions"));
        }
        let id = header.kid.ok_or(AuthError::Refused("its header names no key (kid)"))?;
        let keys = self.keys_with(&id).await;
        let Some(key) = keys.get(&id) else {
            let none = keys.ids().next().is_none();
            return Err(if none {
                AuthError::NoKeys
            } else {
                AuthError::Refused("its key is not known")
            });
        };
        let mut validation = Validation::new(key.algorithm);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_audience(&[&self.settings.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = self.settings.leeway.as_secs();
        validation.validate_nbf = true;
        let claims = decode::<Claims>(token, &key.key, &validation)
            .map_err(|error| AuthError::Refused(reason(error.kind())))?
            .claims;
        let length = claims.sub.chars().count();
        if length == 0 || length > MAX_SUBJECT_CHARS || claims.sub.chars().any(char::is_control) {
            return Err(AuthError::Refused("its subject is empty, too long, or not text"));
        }
        Ok(Caller { subject: claims.sub, role: claims.role })
    }

    /// The keys; read again when this one is not among them, as after a rotation. One request waits
    /// for that; the others are judged by what is known, or an address that hangs would hold them all.
    async fn keys_with(&self, id: &str) -> Arc<KeySet> {
        let known = self.known();
        if known.get(id).is_some() {
            return known;
        }
        let Ok(mut last) = self.last_unscheduled.try_lock() else { return self.known() };
        if last.is_none_or(|at| at.elapsed() >= PAUSE_BETWEEN_UNSCHEDULED_READS) {
            // Before, as the request may be given up meanwhile; and after, as reading may take as
            // long as the pause.
            *last = Some(Instant::now());
            if let Err(error) = self.refresh().await {
                tracing::warn!(error.message = %error, "the keys stay as they were");
            }
            *last = Some(Instant::now());
        }
        self.known()
    }

    fn known(&self) -> Arc<KeySet> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The layer before all of `/v1`: lets through whose token has the role that the method needs.
pub async fn authenticate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let judged = match bearer(request.headers()) {
        Some(token) => app.authority.judge(token).await,
        None => Err(AuthError::Missing),
    };
    let allowed = judged.and_then(|caller| permit(caller, request.method()));
    match allowed {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(error) => {
            counter!(AUTH_REFUSED).increment(1);
            Error::Auth(error).into_response()
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn permit(caller: Caller, method: &Method) -> Result<Caller, AuthError> {
    let needs = if method.is_safe() { Role::Viewer } else { Role::Editor };
    let has = caller.role;
    if has >= needs { Ok(caller) } else { Err(AuthError::Forbidden { has, needs }) }
}

fn reason(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ExpiredSignature => "it has expired",
        ErrorKind::ImmatureSignature => "it is not valid yet",
        ErrorKind::InvalidIssuer => "its issuer is another",
        ErrorKind::InvalidAudience => "it is meant for another audience",
        ErrorKind::InvalidAlgorithm => "its algorithm is not its key's",
        ErrorKind::InvalidSignature => "its signature is wrong",
        ErrorKind::MissingRequiredClaim(_) => "one of exp, iss, aud and sub is missing",
        ErrorKind::Json(_) => "its claims are not sub, and role as viewer, editor or admin",
        _ => "it is malformed",
    }
}
