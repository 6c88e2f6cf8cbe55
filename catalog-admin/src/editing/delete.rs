use uuid::Uuid;

use crate::error::Result;
use crate::etag::IfMatch;
use crate::store::{Store, Transaction, document, revision};

use super::{Author, Edited, read, with_retries};

/// Deletes a product or category, if it is still as the caller read it. Its row, version and history
/// stay.
pub async fn delete<E: Edited>(
    store: &Store,
    author: Author<'_>,
    id: Uuid,
    if_match: &IfMatch,
) -> Result<()> {
    with_retries(async || {
        let tx = store.begin().await?;
        let outcome = attempt::<E>(&tx, author, id, if_match).await;
        tx.end(outcome).await
    })
    .await
}

async fn attempt<E: Edited>(
    tx: &Transaction,
    author: Author<'_>,
    id: Uuid,
    if_match: &IfMatch,
) -> Result<()> {
    read::locked::<E>(tx, id, if_match).await?;
    E::may_go(tx, id).await?;
    document::delete(tx, E::TABLE, id).await?;
    revision::append(tx, E::TABLE, &[id], author.actor, "delete").await?;
    author.announce(tx, Some(E::key(id))).await
}
