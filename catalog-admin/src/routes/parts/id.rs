use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use http::request::Parts;
use uuid::Uuid;

use crate::editing::category::Category;
use crate::editing::product::Product;
use crate::error::Error;

/// The id of a product, category or import, from the path. One that is no UUID names nothing.
#[derive(Debug)]
pub(crate) struct Id<T> {
    pub(crate) id: Uuid,
    of: PhantomData<T>,
}

/// What has an id in paths.
pub(crate) trait Named {
    /// What callers are told that there is none of.
    const NAME: &'static str;
}

/// Bulk loads.
#[derive(Debug)]
pub(crate) struct Import;

impl Named for Product {
    const NAME: &'static str = "product";
}

impl Named for Category {
    const NAME: &'static str = "category";
}

impl Named for Import {
    const NAME: &'static str = "import";
}

impl<S: Send + Sync, T: Named> FromRequestParts<S> for Id<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let none = |id| Error::NotFound { what: T::NAME, id };
        let path: Result<Path<String>, PathRejection> =
            Path::from_request_parts(parts, state).await;
        let Path(id) = path.map_err(|_| none("with this id".to_owned()))?;
        let id = id.parse().map_err(|_| none(id))?;
        Ok(Self { id, of: PhantomData })
    }
}
