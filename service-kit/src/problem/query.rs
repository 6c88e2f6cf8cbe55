use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::named_field::named_field;
use super::{FieldError, INVALID_PARAMETER, Problem};

/// Query parameters; the first one that is wrong is named with 400. With
/// `#[serde(deny_unknown_fields)]` on `T` that includes those that do not exist.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProblemQuery<T>(pub T);

impl<T, S> FromRequestParts<S> for ProblemQuery<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        read(query).map(Self).map_err(|error| Problem::new(INVALID_PARAMETER).error(error))
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, FieldError> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let deserializer = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let reason = error.inner().to_string();
        let path = error.path().to_string();
        let parameter = named_field(&reason).unwrap_or(&path).to_owned();
        FieldError::parameter(parameter, reason)
    })
}
