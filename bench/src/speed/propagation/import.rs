//! A bulk import: until all of it can be read everywhere, and what readers notice of it.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use devstack::{
    Stack,
    demo::DemoCatalog,
    loading::{Loaded, Loading},
};
use rand::{SeedableRng as _, rngs::SmallRng};
use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Plan;
use crate::{
    load::{Catalog, connect},
    speed::{
        line::{Line, socket},
        open_loop::{OpenLoop, finished},
        requests::product,
    },
};

const REQUESTS: usize = 100_003;
const READERS: usize = 64;
const LOOK: Duration = Duration::from_millis(5);
/// How long the last product is looked for.
const PATIENCE: Duration = Duration::from_mins(1);
/// The demonstration catalog is continued from a whole thousand on.
const THOUSAND: u32 = 1_000;

/// What came of the import.
pub(super) struct Imported {
    pub(super) loaded: Loaded,
    /// From the first line sent until every pod answers with the last product.
    pub(super) everywhere: Duration,
    /// 99th percentiles of reads before and meanwhile, in milliseconds.
    pub(super) before: f64,
    pub(super) during: f64,
    /// Reads that got no product.
    pub(super) not_good: u64,
}

pub(super) async fn measure(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Imported> {
    let addresses = stack.addresses();
    let first = next_product(&addresses.primary.admin).await?;
    let file = lines(folder, first, plan.import).await?;
    let imported = import(stack, plan, &file, first).await;
    fs::remove_file(&file)?;
    imported
}

async fn import(stack: &Stack, plan: &Plan, file: &Path, first: u32) -> anyhow::Result<Imported> {
    let addresses = stack.addresses();
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await?;
    let any = |_| product(catalog.popular(&mut random), "");
    let requests: Arc<[Vec<u8>]> = (0..REQUESTS).map(any).collect();
    let pods = addresses.query.iter().map(|address| socket(address));
    let pods = pods.collect::<anyhow::Result<Vec<_>>>()?;
    let load = OpenLoop {
        address: *pods.first().context("the stack has no pods")?,
        requests,
        connections: READERS,
        rate: f64::from(plan.read_rate),
    };
    // Once unmeasured: what is popular is in memory then.
    load.run(plan.before).await?;
    let before = load.run(plan.before).await?;
    let loading = Loading::of(&addresses)?;
    let mut sent = File::open(file)?;
    let stop = CancellationToken::new();
    // Whatever fails meanwhile ends it too.
    let _ending = stop.clone().drop_guard();
    let reads = load.start(stop.clone());
    let begun = Instant::now();
    let loaded = loading.load(move |out| io::copy(&mut sent, out).map(drop), |_| ()).await?;
    let last = last_product(&addresses.primary.admin, first).await?;
    stack.wait_for_replica().await?;
    for pod in pods {
        wait_for(pod, last).await?;
    }
    let everywhere = begun.elapsed();
    stop.cancel();
    let during = finished(reads).await?;
    Ok(Imported {
        loaded,
        everywhere,
        before: before.latency(0.99),
        during: during.latency(0.99),
        not_good: before.not_good() + during.not_good(),
    })
}

/// The number from which on the demonstration catalog can be continued.
async fn next_product(url: &str) -> anyhow::Result<u32> {
    let sql = "SELECT count(*) FROM product WHERE external_key LIKE 'demo-%'";
    let products: i64 = connect(url).await?.query_one(sql, &[]).await?.get(0);
    let products = u32::try_from(products)?;
    ensure!(
        products.is_multiple_of(THOUSAND),
        "the demonstration catalog ends with {products} products: it cannot be continued"
    );
    Ok(products)
}

/// Makes the lines beforehand, so that making them takes nothing from those that load them.
async fn lines(folder: &Path, first: u32, products: u32) -> anyhow::Result<PathBuf> {
    let (path, date) = (folder.join("import.ndjson"), DemoCatalog::DATE.parse()?);
    let greater = DemoCatalog { products: first + products, seed: DemoCatalog::SEED, date };
    let mut out = BufWriter::new(File::create(&path)?);
    let write = move || {
        greater.write_from(first, &mut out)?;
        out.flush()
    };
    spawn_blocking(write).await?.context("cannot write the lines of an import")?;
    Ok(path)
}

/// The last one that storefronts can read.
async fn last_product(url: &str, first: u32) -> anyhow::Result<Uuid> {
    let sql = "
        SELECT id FROM product
        WHERE external_key > $1 AND external_key LIKE 'demo-%' AND status = 'active'
          AND publish_at IS NULL AND unpublish_at IS NULL
        ORDER BY external_key DESC LIMIT 1";
    let known = format!("demo-{first:07}");
    let found = connect(url).await?.query_opt(sql, &[&known]).await?;
    Ok(found.context("nothing was imported that can be read")?.get(0))
}

async fn wait_for(pod: SocketAddr, id: Uuid) -> anyhow::Result<()> {
    let (deadline, request) = (Instant::now() + PATIENCE, product(id, ""));
    let mut line = Line::connect(pod).await?;
    while line.ask(&request).await?.0 != 200 {
        ensure!(Instant::now() < deadline, "a pod does not answer with what was imported");
        sleep(LOOK).await;
    }
    Ok(())
}
