use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use tokio::time::timeout;

use crate::settings::AuthSettings;

use super::KeySet;
use super::keys::KeySetError;

const LIMIT: Duration = Duration::from_secs(5);
const MAX_BYTES: usize = 1024 * 1024;
/// One byte more than there may be tells that there are too many.
const READ_AT_MOST: u64 = MAX_BYTES as u64 + 1;

/// Where an issuer's keys are read from.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A file.
    File(PathBuf),
    /// An `http://` or `https://` address.
    Address {
        /// What to GET.
        url: reqwest::Url,
        /// By whom.
        client: reqwest::Client,
    },
}

/// Why the keys could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file could not be read.
    #[error("{path} cannot be read: {cause}")]
    File {
        /// Its path.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The address did not give the keys.
    #[error("the address of the keys did not answer well: {0}")]
    Address(#[source] reqwest::Error),
    /// There is too much of it.
    #[error("the keys are longer than {MAX_BYTES} bytes")]
    TooLong,
    /// What was read is no key set.
    #[error("{0}")]
    Keys(#[from] KeySetError),
}

impl From<reqwest::Error> for SourceError {
    fn from(cause: reqwest::Error) -> Self {
        // The address may hold a password.
        Self::Address(cause.without_url())
    }
}

impl KeySource {
    /// What `auth.jwks` names. An `https://` address does not lead to another that is not.
    pub fn new(settings: &AuthSettings) -> anyhow::Result<Self> {
        let named = &settings.jwks;
        if !named.starts_with("http://") && !named.starts_with("https://") {
            return Ok(Self::File(PathBuf::from(named)));
        }
        let client = reqwest::Client::builder()
            .timeout(LIMIT)
            .redirect(reqwest::redirect::Policy::limited(3))
            .https_only(named.starts_with("https://"))
            .build()?;
        Ok(Self::Address { url: named.parse()?, client })
    }

    /// Reads the keys, within a limit of time and bytes.
    pub(super) async fn read(&self) -> Result<KeySet, SourceError> {
        let text = match self {
            Self::File(path) => timeout(LIMIT, read_file(path))
                .await
                .unwrap_or_else(|late| Err(late.into()))
                .map_err(|cause| SourceError::File { path: path.clone(), cause })?,
            Self::Address { url, client } => fetch(url, client).await?,
        };
        if text.len() > MAX_BYTES {
            return Err(SourceError::TooLong);
        }
        Ok(KeySet::parse(&text)?)
    }
}

async fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path).await?.take(READ_AT_MOST).read_to_end(&mut text).await?;
    Ok(text)
}

async fn fetch(url: &reqwest::Url, client: &reqwest::Client) -> Result<Vec<u8>, SourceError> {
    let mut response = client.get(url.clone()).send().await?.error_for_status()?;
    let mut text = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if text.len() + chunk.len() > MAX_BYTES {
            return Err(SourceError::TooLong);
        }
        text.extend_from_slice(&chunk);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(jwks: &str) -> reqwest::Client {
        let settings = AuthSettings {
            jwks: jwks.to_owned(),
            issuer: "issuer".to_owned(),
            audience: "audience".to_owned(),
            refresh: Duration::from_mins(5),
            leeway: Duration::ZERO,
        };
        match KeySource::new(&settings).unwrap() {
            KeySource::Address { client, .. } => client,
            KeySource::File(path) => panic!("a file: {}", path.display()),
        }
    }

    #[tokio::test]
    async fn only_an_address_without_encryption_leads_to_another_without_it() {
        let refused = async |jwks: &str| {
            let error = client(jwks).get("http://127.0.0.1:1/").send().await.unwrap_err();
            error.is_builder()
        };
        assert!(refused("https://issuer.example.com/keys").await);
        assert!(!refused("http://issuer.example.com/keys").await);
    }
}
