use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use http::request::Parts;
use uuid::Uuid;

use crate::error::Error;

/// The id of a product, from the path. One that is no UUID names nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProductId(pub(crate) Uuid);

/// The id of a category, from the path. One that is no UUID names nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CategoryId(pub(crate) Uuid);

/// The id of an import, from the path. One that is no UUID names nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ImportId(pub(crate) Uuid);

impl<S: Send + Sync> FromRequestParts<S> for ProductId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        read("product", parts, state).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CategoryId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        read("category", parts, state).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ImportId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        read("import", parts, state).await.map(Self)
    }
}

async fn read<S: Send + Sync>(
    what: &'static str,
    parts: &mut Parts,
    state: &S,
) -> Result<Uuid, Error> {
    let path: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, state).await;
    let Path(id) = path.map_err(|_| Error::NotFound { what, id: "with this id".to_owned() })?;
    id.parse().map_err(|_| Error::NotFound { what, id })
}
