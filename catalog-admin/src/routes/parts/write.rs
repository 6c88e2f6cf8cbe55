//! What writes of products and of categories do alike.

use axum::response::Response;
use http::StatusCode;
use uuid::Uuid;

use crate::app::App;
use crate::editing::once::Once;
use crate::editing::{self, Change, Edited};
use crate::error::Result;

use super::answer;
use super::body::JsonBody;
use super::headers::{IdempotencyKey, Origin, Precondition};

/// Creates one; once, if the request has a key.
pub(crate) async fn create<E: Edited>(
    app: &App,
    origin: &Origin,
    IdempotencyKey(key): IdempotencyKey,
    body: &JsonBody,
) -> Result<Response> {
    let once = key.map(|key| Once::new(E::ROUTE, key, &body.text, app.idempotency.ttl));
    let author = origin.author();
    let created = editing::create::<E>(&app.store, author, &body.document, once.as_ref()).await?;
    Ok(answer::created(created, E::COLLECTION))
}

/// Changes one.
pub(crate) async fn change<E: Edited>(
    app: &App,
    origin: &Origin,
    id: Uuid,
    Precondition(if_match): Precondition,
    change: Change,
) -> Result<Response> {
    let changed = editing::change::<E>(&app.store, origin.author(), id, &if_match, &change).await?;
    Ok(answer::tagged(changed))
}

/// Deletes one.
pub(crate) async fn delete<E: Edited>(
    app: &App,
    origin: &Origin,
    id: Uuid,
    Precondition(if_match): Precondition,
) -> Result<StatusCode> {
    editing::delete::<E>(&app.store, origin.author(), id, &if_match).await?;
    Ok(StatusCode::NO_CONTENT)
}
