//! The run: reads at a fixed rate, edits through both ways, and a watch on each edit in each process.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use devstack::Addresses;
use hdrhistogram::Histogram;
use parking_lot::Mutex;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use reqwest::Client;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::{
    load::{AdminEditor, Catalog, Edit, Judge, PsqlEditor, ReadLoad, Seen, client, watch},
    report::{Row, as_figure},
};

/// How long reads go on before the first edit.
const WARM_UP: Duration = Duration::from_secs(3);
/// How long an edit is watched for: well over the bound, so that a miss is seen as one.
const PATIENCE: Duration = Duration::from_secs(5);
const P99_TARGET_MS: f64 = 250.0;

/// What to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Reads a second, over all processes.
    pub read_rate: u32,
    /// Edits a second through the admin service; psql edits come a tenth as often.
    pub edit_rate: u32,
    /// Acknowledged edits through the admin service.
    pub admin_edits: u32,
    /// Acknowledged edits with psql.
    pub psql_edits: u32,
    /// How old an answer may be without saying so.
    pub bound: Duration,
    /// Of the choice of products.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug)]
pub struct Result {
    /// Per process: microseconds from an edit's acknowledgement to the first answer that shows it.
    pub delays: Vec<(String, Histogram<u64>)>,
    /// The report.
    pub rows: Vec<Row>,
}

struct Watchers {
    client: Client,
    addresses: Vec<String>,
    judge: Judge,
    delays: Vec<Arc<Mutex<Histogram<u64>>>>,
}

/// Runs the plan against a running stack.
pub async fn run(addresses: &Addresses, plan: &Plan) -> anyhow::Result<Result> {
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let catalog = Arc::new(Catalog::load(&addresses.primary.admin, &mut random).await?);
    let judge = Judge::new(plan.bound);
    let client = client()?;
    let stop = CancellationToken::new();
    let reads = tokio::spawn(
        ReadLoad {
            addresses: addresses.query.to_vec(),
            catalog: Arc::clone(&catalog),
            judge: judge.clone(),
            rate: plan.read_rate,
            seed: random.random(),
        }
        .run(stop.clone()),
    );
    let watchers = Arc::new(Watchers {
        client: client.clone(),
        addresses: addresses.query.to_vec(),
        judge: judge.clone(),
        delays: addresses.query.iter().map(|_| new_histogram()).collect::<anyhow::Result<_>>()?,
    });
    let admin =
        AdminEditor::new(client, addresses.admin.clone(), &addresses.editor_token, judge.clone())
            .await?;
    let psql = PsqlEditor { url: addresses.primary.admin.clone(), judge: judge.clone() };

    let begin = Instant::now() + WARM_UP;
    let (catalog, watched) = (&catalog, &watchers);
    let (admin_seed, psql_seed) = (random.random(), random.random());
    tokio::try_join!(
        edits(plan.admin_edits, plan.edit_rate, begin, admin_seed, catalog, watched, |product| {
            let admin = admin.clone();
            async move { admin.edit(product).await.ok() }
        }),
        edits(
            plan.psql_edits,
            plan.edit_rate.div_ceil(10),
            begin,
            psql_seed,
            catalog,
            watched,
            |product| {
                let psql = psql.clone();
                async move { psql.edit(product).await.ok() }
            }
        ),
    )?;
    stop.cancel();
    reads.await.context("the reading task ended")??;
    Ok(watchers.result(plan))
}

/// Edits random products at a fixed rate until `wanted` have been acknowledged, each watched in
/// every process.
async fn edits<F: Future<Output = Option<Edit>> + Send + 'static>(
    wanted: u32,
    rate: u32,
    begin: Instant,
    seed: u64,
    catalog: &Catalog,
    watchers: &Arc<Watchers>,
    edit: impl Fn(uuid::Uuid) -> F,
) -> anyhow::Result<()> {
    let mut random = SmallRng::seed_from_u64(seed);
    let mut running = JoinSet::new();
    let mut acknowledged = 0;
    let mut turn = 0;
    while acknowledged < wanted {
        let left = wanted - acknowledged;
        for _ in 0..left {
            sleep_until(begin + Duration::from_secs(1) * turn / rate).await;
            turn += 1;
            let product = catalog.products()[random.random_range(..catalog.len())];
            let (editing, watchers) = (edit(product), Arc::clone(watchers));
            running.spawn(async move {
                match editing.await {
                    Some(edit) => watchers.watch(edit).await.map(|()| 1),
                    None => Ok(0),
                }
            });
        }
        while let Some(done) = running.join_next().await {
            acknowledged += done.context("an edit's task ended")??;
        }
        anyhow::ensure!(turn < wanted * 3, "most edits are refused: is catalog-admin well?");
    }
    Ok(())
}

impl Watchers {
    async fn watch(&self, edit: Edit) -> anyhow::Result<()> {
        let mut looks = JoinSet::new();
        for (address, delays) in self.addresses.iter().zip(&self.delays) {
            let (client, judge) = (self.client.clone(), self.judge.clone());
            let (address, delays) = (address.clone(), Arc::clone(delays));
            looks.spawn(async move {
                let shown = (edit.product, edit.version);
                let seen =
                    watch(&client, &address, &judge, shown, edit.acknowledged_at, PATIENCE).await;
                let delay = match seen {
                    Seen::After(delay) => delay,
                    Seen::Never => PATIENCE,
                };
                let micros = u64::try_from(delay.as_micros()).unwrap_or(u64::MAX);
                delays.lock().saturating_record(micros);
            });
        }
        while let Some(looked) = looks.join_next().await {
            looked.context("a watch's task ended")?;
        }
        Ok(())
    }

    fn result(&self, plan: &Plan) -> Result {
        let delays: Vec<_> = self
            .addresses
            .iter()
            .cloned()
            .zip(self.delays.iter().map(|histogram| histogram.lock().clone()))
            .collect();
        let edits = plan.admin_edits + plan.psql_edits;
        let mut rows = Vec::new();
        for (number, (_, histogram)) in delays.iter().enumerate() {
            rows.extend(delay_rows(number + 1, histogram, plan));
        }
        let counts = self.judge.tally.counts();
        rows.extend([
            Row::all("edits acknowledged", counts.edits, u64::from(edits)),
            Row::told(
                "edits refused and tried on another product",
                as_figure(counts.edits_refused),
                "",
            ),
            Row::told("answers judged", as_figure(counts.reads), ""),
            Row::told("answers labelled stale", as_figure(counts.stale), ""),
            Row::none("unlabelled answers older than the bound", counts.beyond_bound),
            Row::none("wrong products", counts.wrong),
            Row::none("failed reads", counts.failed),
            Row::none("reads not sent in their turn", counts.not_sent),
        ]);
        Result { delays, rows }
    }
}

fn delay_rows(process: usize, histogram: &Histogram<u64>, plan: &Plan) -> Vec<Row> {
    let millis = |quantile| as_figure(histogram.value_at_quantile(quantile)) / 1000.0;
    let name =
        |figure: &str| format!("process {process}: acknowledgement to first answer, {figure}");
    let bound = u64::try_from(plan.bound.as_micros()).unwrap_or(u64::MAX);
    vec![
        Row::told(name("p50"), millis(0.5), "ms"),
        Row::below(name("p99"), millis(0.99), "ms", P99_TARGET_MS),
        Row::told(name("greatest"), as_figure(histogram.max()) / 1000.0, "ms"),
        Row::none(
            format!("process {process}: edits that showed later than the bound"),
            histogram.count_between(bound, u64::MAX),
        ),
    ]
}

fn new_histogram() -> anyhow::Result<Arc<Mutex<Histogram<u64>>>> {
    let histogram =
        Histogram::new_with_bounds(1, 60_000_000, 3).context("the histogram's bounds")?;
    Ok(Arc::new(Mutex::new(histogram)))
}
