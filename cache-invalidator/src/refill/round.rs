//! One load of what a replica can give, out of those that wait.

use std::collections::HashMap;

use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    cache::Refill,
    store::{ProductEntry, Replicas, StoreError},
};

/// What one load brought.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// Those that the replica has in the wanted version.
    pub(super) loaded: Vec<(Refill, ProductEntry)>,
    /// Those that it does not have yet.
    pub(super) behind: Vec<Refill>,
}

/// Loads all of `wanted` in one statement, by `deadline`.
pub(super) async fn load(
    replicas: &Replicas,
    wanted: &[Refill],
    deadline: Instant,
) -> Result<Round, StoreError> {
    let ids: Vec<Uuid> = wanted.iter().map(|refill| refill.entity.id).collect();
    let entries = replicas.product_entries(&ids, deadline).await?;
    Ok(sort(wanted, entries))
}

fn sort(wanted: &[Refill], entries: Vec<ProductEntry>) -> Round {
    let mut entries: HashMap<_, _> = entries.into_iter().map(|entry| (entry.id, entry)).collect();
    let mut round = Round::default();
    for &refill in wanted {
        match entries.remove(&refill.entity.id) {
            Some(entry) if entry.reaches(refill.epoch, refill.version) => {
                round.loaded.push((refill, entry));
            }
            _ => round.behind.push(refill),
        }
    }
    round
}
