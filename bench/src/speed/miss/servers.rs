//! Three servers that share a Redis in which the products that are asked for are not.

use std::path::Path;

use anyhow::ensure;
use devstack::Stack;
use rand::{SeedableRng as _, rngs::SmallRng};
use uuid::Uuid;

use super::Plan;
use crate::speed::{
    filling::read_each,
    own::{MEMORY, Own, ROOMY},
    products,
    redis_server::OwnRedis,
};

/// So many products are in every category, so that a miss has nothing else to look for.
const TO_WARM: usize = 5_000;

/// What is measured.
pub(super) struct Servers {
    pub(super) pods: [Own; 3],
    /// Known to nobody: asked for once each.
    pub(super) alone: Vec<Uuid>,
    /// Known to nobody: each asked for by a herd.
    pub(super) herded: Vec<Uuid>,
    _redis: OwnRedis,
}

impl Servers {
    pub(super) async fn start(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Self> {
        let mut random = SmallRng::seed_from_u64(plan.seed);
        let catalog = products::seen(stack, plan.products, &mut random).await?;
        let (to_warm, others) = catalog.products().split_at(TO_WARM.min(catalog.len() / 2));
        ensure!(others.len() >= plan.alone + plan.herds, "the catalog has too few products");
        let (alone, others) = others.split_at(plan.alone);
        let herded = others[..plan.herds].to_vec();
        let redis = OwnRedis::start(folder).await?;
        let [url, prefix] = redis.settings();
        let settings = [url, prefix, (MEMORY, ROOMY)];
        let pods = [
            Own::start(stack, folder, "pod-one", &settings).await?,
            Own::start(stack, folder, "pod-two", &settings).await?,
            Own::start(stack, folder, "pod-three", &settings).await?,
        ];
        for pod in &pods {
            read_each(pod.address(), to_warm).await?;
        }
        Ok(Self { pods, alone: alone.to_vec(), herded, _redis: redis })
    }

    /// How many statements the three have asked of the replica to load products.
    pub(super) async fn replica_loads(&self) -> anyhow::Result<u64> {
        let mut loads = 0;
        for pod in &self.pods {
            loads += pod.replica_loads().await?;
        }
        Ok(loads)
    }
}
