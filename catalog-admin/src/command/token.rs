//! `catalog-admin token`: tokens for development.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};
use clap::Args;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

use crate::auth::{DEVELOPMENT_KEY_ID, Role};

/// Longer than a working week nobody needs one.
const MAX_TTL: Duration = Duration::from_hours(7 * 24);

/// What `catalog-admin token` is told.
#[derive(Debug, Args)]
pub struct TokenArguments {
    /// What the token's bearer may do.
    #[arg(long, value_enum)]
    pub role: Role,
    /// The development key that devstack created (`dev-key.pem`); its `jwks.json` stands beside it.
    #[arg(long, env = "VITRINA_DEV_KEY")]
    pub key: PathBuf,
    /// How long the token is good for.
    #[arg(long, default_value = "8h", value_parser = duration)]
    pub ttl: Duration,
    /// Who the history will name.
    #[arg(long, default_value = "developer")]
    pub subject: String,
    /// The token's issuer.
    #[arg(long, env = "VITRINA_AUTH__ISSUER", default_value = "vitrina-dev")]
    pub issuer: String,
    /// The token's audience.
    #[arg(long, env = "VITRINA_AUTH__AUDIENCE", default_value = "vitrina")]
    pub audience: String,
}

fn duration(text: &str) -> Result<Duration, String> {
    let read: Duration = humantime_serde::re::humantime::parse_duration(text)
        .map_err(|error| format!("{error}; write it as 8h or 30m"))?;
    if read.is_zero() || read > MAX_TTL {
        return Err("it must be between 1s and 7d".to_owned());
    }
    Ok(read)
}

#[derive(Serialize)]
struct Claims<'a> {
    sub: &'a str,
    role: Role,
    iss: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
}

/// A token signed with the development key; any other key is refused.
pub fn make(arguments: &TokenArguments) -> anyhow::Result<String> {
    let path = &arguments.key;
    let pem = std::fs::read(path)
        .with_context(|| format!("{} cannot be read: run `make up` first", path.display()))?;
    let key = EncodingKey::from_ed_pem(&pem)
        .with_context(|| format!("{} is not an Ed25519 key", path.display()))?;
    ensure!(
        is_development_key(&key, path)?,
        "{} is not the key `{DEVELOPMENT_KEY_ID}` of the jwks.json beside it: \
         tokens are made with the development key only",
        path.display()
    );
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let claims = Claims {
        sub: &arguments.subject,
        role: arguments.role,
        iss: &arguments.issuer,
        aud: &arguments.audience,
        iat: now,
        exp: now + arguments.ttl.as_secs(),
    };
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(DEVELOPMENT_KEY_ID.to_owned());
    Ok(encode(&header, &claims, &key)?)
}

/// Whether its public half is the one that devstack wrote, under the development key's own id,
/// into the key set beside it.
fn is_development_key(key: &EncodingKey, path: &Path) -> anyhow::Result<bool> {
    let beside = path.with_file_name("jwks.json");
    let text =
        std::fs::read(&beside).with_context(|| format!("{} cannot be read", beside.display()))?;
    let set: JwkSet = serde_json::from_slice(&text)
        .with_context(|| format!("{} is not a JSON Web Key Set", beside.display()))?;
    let public = Jwk::from_encoding_key(key, Algorithm::EdDSA)?;
    Ok(set.find(DEVELOPMENT_KEY_ID).is_some_and(|named| point(named) == point(&public)))
}

fn point(key: &Jwk) -> Option<&str> {
    match &key.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) => Some(&pair.x),
        _ => None,
    }
}
