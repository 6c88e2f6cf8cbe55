//! What is asked, and of whom.

use std::{path::Path, sync::Arc};

use devstack::Stack;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};

use super::Plan;
use crate::{
    load::Catalog,
    speed::{
        own::{MEMORY, Own},
        requests::product,
        wire::Wire,
    },
};

/// Requests in the order in which they are asked, over and over.
const REQUESTS: usize = 100_003;
/// So few products are asked for out of memory that all are there soon.
const HOT: usize = 1_000;
const ROOMY: &str = "268435456";
/// Room for a few hundred products, of so many that next to none is found there.
const TINY: &str = "1048576";
/// Nobody listens at the discard port, so Redis is done without.
const NOWHERE: &str = "redis://127.0.0.1:9/";

/// A kind of reads.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) pod: Own,
    pub(super) requests: Arc<[Vec<u8>]>,
}

impl Case {
    /// Reads out of memory.
    pub(super) async fn hot(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Self> {
        let settings = [(MEMORY, ROOMY)];
        let pod = Own::start(stack, folder, "overload-hot", &settings).await?;
        let requests = requests(stack, plan, HOT).await?;
        let (address, requests_of_all) = (pod.served.address, Arc::clone(&requests));
        Wire { address, requests: requests_of_all, connections: 16 }.each_once().await?;
        Ok(Self { name: "hot reads", pod, requests })
    }

    /// Reads that need a statement each.
    pub(super) async fn missed(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Self> {
        let settings = [(MEMORY, TINY), ("VITRINA_REDIS__URL", NOWHERE)];
        let pod = Own::start(stack, folder, "overload-missed", &settings).await?;
        let requests = requests(stack, plan, usize::MAX).await?;
        Ok(Self { name: "reads of the replica", pod, requests })
    }
}

/// For products of the first `most`, each as likely as any other.
async fn requests(stack: &Stack, plan: &Plan, most: usize) -> anyhow::Result<Arc<[Vec<u8>]>> {
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let catalog = Catalog::load(&stack.addresses().primary.admin, &mut random).await?;
    let products = &catalog.products()[..most.min(catalog.len())];
    let any = |_| product(products[random.random_range(..products.len())], "");
    Ok((0..REQUESTS).map(any).collect())
}
