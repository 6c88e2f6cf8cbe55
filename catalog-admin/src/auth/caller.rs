use std::convert::Infallible;

use axum::extract::FromRequestParts;
use clap::ValueEnum;
use http::request::Parts;
use serde::{Deserialize, Serialize};

/// What a caller may do; each may do what those before it may.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads and writes the catalog, imports included.
    Editor,
    /// Everything.
    Admin,
}

impl Role {
    /// The name in tokens and problems.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

/// Whose token came with the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The token's subject: who stands in the history as having made the change.
    pub subject: String,
    /// What they may do.
    pub role: Role,
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let caller = parts.extensions.get().cloned();
        Ok(caller.expect("every route under /v1 stands behind `authenticate`, which puts it there"))
    }
}
