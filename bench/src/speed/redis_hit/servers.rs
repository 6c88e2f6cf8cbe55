//! The servers, ready, with everything in Redis and next to nothing in memory.

use std::{fs, path::Path, sync::Arc};

use anyhow::ensure;
use catalog_core::{contract::redis_entry::Keys, key::EntityKey};
use devstack::Stack;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use uuid::Uuid;

use super::Plan;
use crate::speed::{
    filling::read_each,
    own::{MEMORY, Own, SCANT},
    peers, products,
    redis_server::{OwnRedis, PREFIX},
    requests::{list, product},
    served::Served,
    typical::Typical,
};

/// Requests of one round, more than are answered in it.
const REQUESTS: usize = 120_000;

/// Both that are measured, and what they ask.
pub(super) struct Servers {
    /// What both ask.
    pub(super) redis: OwnRedis,
    /// What is measured.
    pub(super) catalog_query: Own,
    /// The least that it can cost.
    pub(super) floor: Served,
    /// How many bytes the body has that the floor answers,
    pub(super) body: usize,
    /// and the value that it gets for that.
    pub(super) document: usize,
    products: Vec<Uuid>,
    random: SmallRng,
}

impl Servers {
    pub(super) async fn start(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Self> {
        let mut random = SmallRng::seed_from_u64(plan.seed);
        let catalog = products::seen(stack, plan.products, &mut random).await?;
        let products = catalog.products().to_vec();
        let redis = OwnRedis::start(folder).await?;
        let [url, prefix] = redis.settings();
        let settings = [url, prefix, (MEMORY, SCANT)];
        let catalog_query = Own::start(stack, folder, "catalog-query", &settings).await?;
        read_each(catalog_query.address(), &products).await?;

        let typical = Typical::of(&catalog_query.served, &products).await?;
        let key = Keys::new(PREFIX, &EntityKey::product(typical.product)).body;
        let document = redis.length(&key).await?;
        ensure!(document > 0, "Redis does not have a product that has just been read");
        let answer = folder.join("answer-after-redis");
        fs::write(&answer, &typical.answer)?;
        let floor = peers::constant_after_redis(folder, &answer, &redis.url, &key).await?;
        let body = typical.body().len();
        Ok(Self { redis, catalog_query, floor, body, document, products, random })
    }

    /// Requests for products of which one is as likely as another. Others each time: those that were asked for
    /// a moment ago are in memory.
    pub(super) fn requests(&mut self) -> Arc<[Vec<u8>]> {
        let Self { products, random, .. } = self;
        let one = |_| products[random.random_range(0..products.len())];
        let asked: Vec<Uuid> = (0..REQUESTS).map(one).collect();
        list(&asked, |id| product(id, ""))
    }
}
