//! Everything that can go wrong, and what callers are told of it.

mod kinds;
mod render;

use uuid::Uuid;

use crate::auth::AuthError;
use crate::editing::conflict::Taken;
use crate::etag::Etag;
use crate::field::FieldError;
use crate::import::ImportError;
use crate::json::BrokenJson;
use crate::store::StoreError;

pub use kinds::KINDS;

/// What a request can fail by.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing.
    #[error("there is no {what} {id}")]
    NotFound {
        /// `product` or `category`.
        what: &'static str,
        /// Its id, as the caller wrote it.
        id: String,
    },
    /// A query parameter, path parameter or header is wrong.
    #[error("the parameter {name} is wrong: {detail}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// What is wrong, and what would be right.
        detail: String,
    },
    /// A change came without `If-Match`.
    #[error("the change carries no If-Match")]
    PreconditionRequired,
    /// The thing has been changed since the caller read it.
    #[error("the version given is not the current one")]
    VersionConflict {
        /// What is now.
        current: Etag,
        /// What the caller had, as written.
        given: String,
    },
    /// The body has another media type than the route takes.
    #[error("the media type is not {takes}")]
    MediaType {
        /// What it takes.
        takes: &'static str,
    },
    /// The body could not be read whole.
    #[error("the body could not be read")]
    Body(#[source] axum::extract::rejection::BytesRejection),
    /// The body is not JSON.
    #[error("{0}")]
    BrokenJson(#[from] BrokenJson),
    /// Fields of the body are wrong.
    #[error("{} fields are wrong", .0.len())]
    Fields(Vec<FieldError>),
    /// What must be unique is somebody else's.
    #[error("{} values are taken", .0.len())]
    Taken(Vec<Taken>),
    /// A category would become its own ancestor.
    #[error("the category would become its own ancestor")]
    CategoryCycle,
    /// A category that is to be deleted has living subcategories.
    #[error("the category has {0} subcategories")]
    CategoryHasChildren(i64),
    /// A movement would take more than there is.
    #[error("{} movements take more than there is", .0.len())]
    StockShort(Vec<FieldError>),
    /// What a change is about had become something else before it was locked; it can be tried again.
    #[error("another changed what the change is about")]
    Overtaken,
    /// The key was used for another request before.
    #[error("the idempotency key was used for another body")]
    IdempotencyKeyReused,
    /// The caller is unknown, or may not.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// An import could not begin, or broke off.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The primary failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Error {
    /// There is no such thing with this id.
    pub fn missing(what: &'static str, id: Uuid) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }
}

/// What a handler answers, or why it cannot.
pub type Result<T, E = Error> = std::result::Result<T, E>;
