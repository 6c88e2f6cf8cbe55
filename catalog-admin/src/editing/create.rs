use serde_json::Value;
use uuid::Uuid;

use crate::error::Result;
use crate::store::{Store, Transaction, revision};

use super::once::Once;
use super::{Author, Created, Edited, read, with_retries};

/// Creates a product or category; once, if the request says so.
pub async fn create<E: Edited>(
    store: &Store,
    author: Author<'_>,
    wanted: &Value,
    once: Option<&Once>,
) -> Result<Created> {
    with_retries(async || {
        let tx = store.begin().await?;
        let outcome = attempt::<E>(&tx, author, wanted.clone(), once).await;
        tx.end(outcome).await
    })
    .await
}

async fn attempt<E: Edited>(
    tx: &Transaction,
    author: Author<'_>,
    wanted: Value,
    once: Option<&Once>,
) -> Result<Created> {
    if let Some(once) = once
        && let Some(first) = once.begin(tx, author.actor).await?
    {
        author.announce(tx, None).await?;
        return Created::again(first);
    }
    let id = Uuid::now_v7();
    E::insert(tx, id, wanted).await?;
    revision::append(tx, E::TABLE, &[id], author.actor, "create").await?;
    author.announce(tx, Some(E::key(id))).await?;
    let created = read::within::<E>(tx, id).await?;
    Created::keep(tx, author, once, id, created).await
}
