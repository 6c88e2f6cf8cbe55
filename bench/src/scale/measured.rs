//! A small case on a running stack.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use devstack::Addresses;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::{Plan, counters::Counters};
use crate::{
    load::{
        Catalog, EditLoad, Editor, Judge, READ_LIMIT, ReadError, ReadLoad, client, rate_row, read,
    },
    report::{Row, as_figure},
};

/// How many reads are under way at once while Redis is filled.
const AT_ONCE: usize = 16;

/// How a small case is measured.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct Run {
    /// With --measure: reads a second, over both processes.
    #[arg(long, default_value_t = Run::STANDARD.read_rate, value_parser = clap::value_parser!(u32).range(1..))]
    pub read_rate: u32,
    /// With --measure: edits a second, each of any product.
    #[arg(long, default_value_t = Run::STANDARD.edit_rate, value_parser = clap::value_parser!(u32).range(1..))]
    pub edit_rate: u32,
    /// With --measure: for how many seconds; what the first third sees is not counted.
    #[arg(long, default_value_t = Run::STANDARD.measured_seconds, value_parser = clap::value_parser!(u32).range(3..))]
    pub measured_seconds: u32,
}

impl Run {
    /// What the project's report is of.
    pub const STANDARD: Self = Self { read_rate: 2_000, edit_rate: 20, measured_seconds: 90 };

    /// The memory of its processes, in which about a quarter of the demonstration catalog fits.
    pub const MEMORY_BYTES: u64 = 8 << 20;
}

/// What was measured of a small case.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Processes.
    pub pods: u32,
    /// Products.
    pub products: u64,
    /// Reads a second, over all processes.
    pub reads: u64,
    /// Edits a second, each of any product.
    pub edits: u64,
    /// For how long it was read; of the first third nothing is counted.
    pub seconds: u64,
    /// The share of the answers that came out of memory,
    pub memory: f64,
    /// out of Redis,
    pub redis: f64,
    /// and out of a replica or the primary.
    pub database: f64,
    /// How often memory was filled, for each answer.
    pub fills: f64,
    /// What a rendered product weighs in memory, in the mean.
    pub entry_bytes: u32,
}

impl Measured {
    /// Just this case, with processes as in `plan`.
    pub fn plan(&self, plan: &Plan) -> Plan {
        Plan {
            pods: self.pods,
            products: self.products,
            reads: self.reads,
            edits: self.edits,
            popular_edits: 0.0,
            entry_bytes: self.entry_bytes,
            simulated_pods: self.pods,
            simulated_reads: self.reads * self.seconds / u64::from(self.pods),
            ..plan.clone()
        }
    }
}

/// Reads and edits as the run says, and counts by the processes' own metrics; with a row that says whether
/// reads came at the rate that is simulated. Redis is filled first, as it is in an installation that has run
/// for a while.
pub async fn measure(
    addresses: &Addresses,
    plan: &Plan,
    run: &Run,
) -> anyhow::Result<(Measured, Row)> {
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let catalog = Arc::new(Catalog::load(&addresses.primary.admin, &mut random).await?);
    fill(&addresses.query[0], &catalog).await?;

    let (judge, stop) = (Judge::new(plan.bound()), CancellationToken::new());
    let reads = ReadLoad {
        addresses: addresses.query.to_vec(),
        catalog: Arc::clone(&catalog),
        judge: judge.clone(),
        rate: run.read_rate,
        seed: random.random(),
    };
    let [editor, _] = Editor::both(addresses).await?;
    let edits = EditLoad {
        editor,
        catalog: Arc::clone(&catalog),
        judge: judge.clone(),
        rate: run.edit_rate,
        seed: random.random(),
    };
    let reads = tokio::spawn(reads.run(stop.clone()));
    let edits = tokio::spawn(edits.run(Instant::now(), stop.clone(), |_| ()));

    let client = client(READ_LIMIT)?;
    let whole = Duration::from_secs(run.measured_seconds.into());
    sleep(whole / 3).await;
    let before = Counters::read(&client, &addresses.query_ops).await?;
    let pods = u32::try_from(addresses.query.len())?;
    let limit = f64::from(pods) * as_figure(plan.rendered_bytes());
    ensure!(
        (before.limit - limit).abs() < 1.0,
        "the processes have room for {} bytes of rendered products together, not {limit}: say with \
         --memory-bytes what their setting CACHE__MEMORY_BYTES says",
        before.limit
    );
    sleep(whole / 3 * 2).await;
    let after = Counters::read(&client, &addresses.query_ops).await?;
    stop.cancel();
    let pace = reads.await.context("the reading task ended")??;
    edits.await.context("the editing task ended")??;

    let (memory, redis) = (after.memory - before.memory, after.redis - before.redis);
    let database = after.database - before.database;
    let answers = memory + redis + database;
    ensure!(answers > 0.0, "the processes have answered nothing");
    let measured = Measured {
        pods,
        products: catalog.len() as u64,
        reads: run.read_rate.into(),
        edits: run.edit_rate.into(),
        seconds: run.measured_seconds.into(),
        memory: memory / answers,
        redis: redis / answers,
        database: database / answers,
        fills: (after.kept - before.kept) / answers,
        entry_bytes: mean_weight(&after),
    };
    Ok((measured, rate_row("", pace.a_second(), run.read_rate)))
}

/// Reads every product once, from one process.
async fn fill(address: &str, catalog: &Catalog) -> anyhow::Result<()> {
    let client = &client(READ_LIMIT)?;
    stream::iter(catalog.products())
        .map(Ok::<_, ReadError>)
        .try_for_each_concurrent(AT_ONCE, |product| async move {
            read(client, address, *product).await.map(drop)
        })
        .await
        .context("a product cannot be read")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a weight is a small positive number"
)]
fn mean_weight(counters: &Counters) -> u32 {
    (counters.bytes / counters.entries.max(1.0)).round().max(1.0) as u32
}
