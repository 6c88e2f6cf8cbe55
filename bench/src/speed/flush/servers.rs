//! The server: of all products it has one half in memory, and Redis has the other.

use std::path::Path;

use devstack::Stack;
use uuid::Uuid;

use crate::{
    load::Catalog,
    speed::{
        filling::read_each,
        own::{MEMORY, Own, ROOMY, SCANT},
        redis_server::OwnRedis,
    },
};

/// What is measured.
pub(super) struct Servers {
    pub(super) redis: OwnRedis,
    pub(super) catalog_query: Own,
}

impl Servers {
    pub(super) async fn start(
        stack: &Stack,
        catalog: &Catalog,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let redis = OwnRedis::start(folder).await?;
        let [url, prefix] = redis.settings();
        // Before Redis is filled: it can then prove what is put there.
        let settings = [url, prefix, (MEMORY, ROOMY)];
        let catalog_query = Own::start(stack, folder, "catalog-query", &settings).await?;
        let filler = Own::start(stack, folder, "filler", &[url, prefix, (MEMORY, SCANT)]).await?;
        let products = || catalog.products().iter().copied().enumerate();
        let half = |remembered: bool| -> Vec<Uuid> {
            products()
                .filter(|(rank, _)| is_remembered(*rank) == remembered)
                .map(|it| it.1)
                .collect()
        };
        read_each(filler.address(), &half(false)).await?;
        read_each(catalog_query.address(), &half(true)).await?;
        Ok(Self { redis, catalog_query })
    }
}

/// Whether memory has the product of that rank: every second one, so that it has as many of the popular ones as
/// of the others, and goes on missing some.
pub(super) fn is_remembered(rank: usize) -> bool {
    rank.is_multiple_of(2)
}
