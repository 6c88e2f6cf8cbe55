use uuid::Uuid;

use crate::error::{Error, Result};
use crate::etag::IfMatch;
use crate::store::document::{self, Stored};
use crate::store::{Store, Transaction, version};

use super::{Edited, Tagged, require};

/// A living product or category.
pub async fn find<E: Edited>(store: &Store, id: Uuid) -> Result<Tagged<E::Output>> {
    let tx = store.begin().await?;
    let outcome = within::<E>(&tx, id).await;
    tx.end(outcome).await
}

/// The same, as this transaction sees it.
pub(super) async fn within<E: Edited>(tx: &Transaction, id: Uuid) -> Result<Tagged<E::Output>> {
    let Stored { etag, document } = stored::<E>(tx, id).await?;
    Ok(Tagged { etag, document: E::output(etag.version, document) })
}

/// It as it is, with its version locked, if that is the one that the caller has read.
pub(super) async fn locked<E: Edited>(
    tx: &Transaction,
    id: Uuid,
    if_match: &IfMatch,
) -> Result<Stored<E::Document>> {
    if !version::lock(tx, E::key(id)).await? {
        return Err(missing::<E>(id));
    }
    let current = stored::<E>(tx, id).await?;
    require(if_match, current.etag)?;
    Ok(current)
}

/// The same, as the database puts it together.
pub(super) async fn stored<E: Edited>(tx: &Transaction, id: Uuid) -> Result<Stored<E::Document>> {
    document::find(tx, E::TABLE, id).await?.ok_or_else(|| missing::<E>(id))
}

fn missing<E: Edited>(id: Uuid) -> Error {
    Error::missing(E::TABLE.name(), id)
}
