//! A process that is read from for far more than it can keep, of products that grow meanwhile.

use std::{path::Path, sync::Arc, time::Duration};

use devstack::Stack;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use tokio::time::sleep;

use super::{Plan, growing::Growing, resident::Resident};
use crate::{
    load::Catalog,
    speed::{
        open_loop::OpenLoop,
        own::{MEMORY, Own},
        requests::product_in_view,
    },
};

const REQUESTS: usize = 400_009;
/// All views that the catalog's first rules allow on the web.
const VIEWS: [&str; 6] = [
    "?locale=en&currency=EUR",
    "?locale=en&currency=USD",
    "?locale=en&currency=GBP",
    "?locale=de&currency=EUR",
    "?locale=de&currency=USD",
    "?locale=de&currency=GBP",
];
const ENCODINGS: [&str; 4] =
    ["", "accept-encoding: gzip\r\n", "accept-encoding: br\r\n", "accept-encoding: zstd\r\n"];
/// The process looks at its own figures every second.
const FIGURES: Duration = Duration::from_millis(2_500);

/// What was seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Churned {
    /// Resident before anything was read, in bytes,
    pub(super) empty: u64,
    /// at the end,
    pub(super) last: u64,
    /// and at the most.
    pub(super) most: u64,
    /// What Moka says that it keeps at the end.
    pub(super) weighed: f64,
    /// In so many rendered products,
    pub(super) entries: f64,
    /// of so many that were put in.
    pub(super) filled: f64,
    pub(super) reads: u64,
    /// Reads that got no product.
    pub(super) failed: u64,
}

pub(super) async fn measure(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Churned> {
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let catalog = Catalog::load(&stack.addresses().primary.admin, &mut random).await?;
    let any = |_| {
        let view = VIEWS[random.random_range(..VIEWS.len())];
        let encoding = ENCODINGS[random.random_range(..ENCODINGS.len())];
        product_in_view(catalog.popular(&mut random), view, encoding)
    };
    let requests: Arc<[Vec<u8>]> = (0..REQUESTS).map(any).collect();
    let budget = plan.budget.to_string();
    let settings = [(MEMORY, budget.as_str())];
    let pod = Own::start(stack, folder, "memory", &settings).await?;
    let most_popular = catalog.products()[..plan.growing.min(catalog.len())].to_vec();
    let growing = Growing::new(stack, most_popular).await?;
    let churned = churn(&pod, plan, requests, &growing).await;
    growing.to(0).await?;
    churned
}

async fn churn(
    pod: &Own,
    plan: &Plan,
    requests: Arc<[Vec<u8>]>,
    growing: &Growing<'_>,
) -> anyhow::Result<Churned> {
    let empty = Resident::of(pod.served.pid())?.now;
    let load = OpenLoop {
        address: pod.served.address,
        requests,
        connections: plan.connections,
        rate: plan.read_rate,
    };
    let (mut reads, mut failed) = (0, 0);
    for pieces in plan.sizes {
        growing.to(*pieces).await?;
        let asked = load.run(plan.lasts).await?;
        reads += asked.samples.len() as u64;
        failed += asked.not_good();
    }
    sleep(FIGURES).await;
    let (resident, metrics) = (Resident::of(pod.served.pid())?, pod.metrics().await?);
    let rendered = ["cache=\"rendered\""];
    Ok(Churned {
        empty,
        last: resident.now,
        most: resident.most,
        weighed: metrics.sum("vitrina_moka_bytes", &[])?,
        entries: metrics.sum("vitrina_moka_entries", &rendered)?,
        filled: metrics.sum("vitrina_moka_fills_total", &["outcome=\"kept\""])?,
        reads,
        failed,
    })
}
