use uuid::Uuid;

use crate::error::Result;
use crate::etag::IfMatch;
use crate::store::{Store, Transaction, revision};

use super::{Author, Change, Edited, Tagged, read, with_retries};

/// Replaces or patches a product or category, if it is still as the caller read it.
pub async fn change<E: Edited>(
    store: &Store,
    author: Author<'_>,
    id: Uuid,
    if_match: &IfMatch,
    change: &Change,
) -> Result<Tagged<E::Output>> {
    with_retries(async || {
        let tx = store.begin().await?;
        let outcome = attempt::<E>(&tx, author, id, if_match, change.clone()).await;
        tx.end(outcome).await
    })
    .await
}

async fn attempt<E: Edited>(
    tx: &Transaction,
    author: Author<'_>,
    id: Uuid,
    if_match: &IfMatch,
    change: Change,
) -> Result<Tagged<E::Output>> {
    let current = read::locked::<E>(tx, id, if_match).await?;
    let action = change.action();
    let (version, document) = (current.etag.version, current.document);
    let editable = || serde_json::to_value(E::output(version, document.clone()));
    E::update(tx, id, &document, change.apply(editable)?).await?;
    revision::append(tx, E::TABLE, &[id], author.actor, action).await?;
    author.announce(tx, Some(E::key(id))).await?;
    read::within::<E>(tx, id).await
}
