//! What an answer to a read says.

use catalog_core::freshness::Version;
use reqwest::{Response, StatusCode, header::HeaderMap};
use serde::Deserialize;
use uuid::Uuid;

/// A product as it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which product.
    pub id: Uuid,
    /// In which version.
    pub version: Version,
    /// Its brand, in which edits leave their mark.
    pub brand: Option<String>,
    /// Whether the answer says that it may be older than the bound.
    pub stale: bool,
}

/// Why a read gave no product.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The connection failed or the answer did not come in time.
    #[error("no answer")]
    Transport,
    /// Another status than 200, with the problem's type.
    #[error("{0} {1}")]
    Refused(StatusCode, String),
    /// The body is not a product.
    #[error("an answer that is no product")]
    Body,
}

/// What of a problem document (RFC 9457) is counted.
#[derive(Deserialize)]
struct Problem {
    r#type: String,
}

#[derive(Deserialize)]
struct Product {
    id: Uuid,
    version: Version,
    brand: Option<String>,
}

impl Answer {
    /// Reads an answer.
    pub async fn of(response: Response) -> Result<Self, ReadError> {
        if response.status() != StatusCode::OK {
            let status = response.status();
            let problem = response.json::<Problem>().await;
            return Err(ReadError::Refused(
                status,
                problem.map_or_else(|_| String::new(), |it| it.r#type),
            ));
        }
        let stale = says_stale(response.headers());
        let body = response.bytes().await.map_err(|_| ReadError::Transport)?;
        let product: Product = serde_json::from_slice(&body).map_err(|_| ReadError::Body)?;
        Ok(Self { id: product.id, version: product.version, brand: product.brand, stale })
    }
}

/// RFC 9211: `ttl` is what is left of the freshness lifetime, negative when the answer is stale.
fn says_stale(headers: &HeaderMap) -> bool {
    headers
        .get_all("cache-status")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(';').any(|parameter| parameter.trim().starts_with("ttl=-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_ttl_is_the_label() {
        for (value, stale) in [
            ("vitrina; hit; detail=moka; ttl=1", false),
            ("vitrina; hit; ttl=0", false),
            ("vitrina; hit; detail=moka; ttl=-3", true),
            ("vitrina; fwd=miss; detail=replica", false),
        ] {
            let headers =
                HeaderMap::from_iter([("cache-status".parse().unwrap(), value.parse().unwrap())]);
            assert_eq!(says_stale(&headers), stale, "{value}");
        }
    }
}
