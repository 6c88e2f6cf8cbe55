//! The server, and where it finds which products.

use std::path::Path;

use anyhow::ensure;
use devstack::Stack;
use rand::{SeedableRng as _, rngs::SmallRng};
use uuid::Uuid;

use super::Plan;
use crate::speed::{
    filling::read_each,
    own::{MEMORY, Own, ROOMY, SCANT},
    products,
    redis_server::OwnRedis,
};

/// So many products are in every category, so that the categories are in memory.
const TO_WARM: usize = 5_000;
/// Several, so that what comes together is not put together by there being one thread alone.
const WORKERS: (&str, &str) = ("TOKIO_WORKER_THREADS", "2");

/// Products, by where the server finds them.
pub(super) struct Products {
    /// In its memory: half of each batch.
    pub(super) remembered: Vec<Uuid>,
    /// In Redis: the other half.
    pub(super) shared: Vec<Uuid>,
    /// In Redis: asked for by many at once.
    pub(super) crowded_shared: Vec<Uuid>,
    /// At the replica alone: asked for by many at once.
    pub(super) crowded_missed: Vec<Uuid>,
}

impl Products {
    /// Deals them out of these, in which all that are dealt differ.
    fn deal(products: &[Uuid], plan: &Plan) -> anyhow::Result<Self> {
        let half = plan.batches * plan.of / 2;
        let crowds = plan.crowds * crowd(plan);
        ensure!(products.len() >= 2 * (half + crowds), "the catalog has too few products");
        let mut rest = products.iter().copied();
        let mut next = |count: usize| -> Vec<Uuid> { rest.by_ref().take(count).collect() };
        Ok(Self {
            remembered: next(half),
            shared: next(half),
            crowded_shared: next(crowds),
            crowded_missed: next(crowds),
        })
    }
}

/// How many products a crowd asks for: two batches that have half of theirs in common.
pub(super) const fn crowd(plan: &Plan) -> usize {
    plan.of * 3 / 2
}

/// What is measured.
pub(super) struct Servers {
    pub(super) redis: OwnRedis,
    pub(super) catalog_query: Own,
    pub(super) products: Products,
}

impl Servers {
    pub(super) async fn start(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Self> {
        let mut random = SmallRng::seed_from_u64(plan.seed);
        let catalog = products::seen(stack, plan.products, &mut random).await?;
        let (to_warm, others) = catalog.products().split_at(TO_WARM.min(catalog.len() / 2));
        let products = Products::deal(others, plan)?;
        let redis = OwnRedis::start(folder).await?;
        let [url, prefix] = redis.settings();
        // Before Redis is filled: it can then prove what is put there.
        let settings = [url, prefix, (MEMORY, ROOMY), WORKERS];
        let catalog_query = Own::start(stack, folder, "catalog-query", &settings).await?;
        let filler = Own::start(stack, folder, "filler", &[url, prefix, (MEMORY, SCANT)]).await?;
        read_each(filler.address(), &products.shared).await?;
        read_each(filler.address(), &products.crowded_shared).await?;
        read_each(catalog_query.address(), to_warm).await?;
        read_each(catalog_query.address(), &products.remembered).await?;
        Ok(Self { redis, catalog_query, products })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_product_is_dealt_twice() {
        let plan = Plan { batches: 2, of: 4, crowds: 3, ..Plan::SHORT };
        let products: Vec<Uuid> = (0..44).map(Uuid::from_u128).collect();
        let dealt = Products::deal(&products, &plan).unwrap();
        assert_eq!((dealt.remembered.len(), dealt.shared.len()), (4, 4));
        assert_eq!((dealt.crowded_shared.len(), dealt.crowded_missed.len()), (18, 18));
        let all = [dealt.remembered, dealt.shared, dealt.crowded_shared, dealt.crowded_missed];
        let all = all.concat();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(Products::deal(&products[1..], &plan).is_err());
    }
}
