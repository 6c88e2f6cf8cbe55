//! The run: reads at a fixed rate, edits through both ways, and a watch on each edit in each process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use anyhow::Context as _;
use devstack::Addresses;
use hdrhistogram::Histogram;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{Plan, rows::Measured, watchers::Watchers};
use crate::{
    load::{Catalog, EditLoad, Editor, Judge, ReadLoad, lost},
    report::Row,
};

/// How long reads go on before the first edit.
const WARM_UP: Duration = Duration::from_secs(3);
/// How many times as long as planned the edits may take, when some are refused, and how much longer
/// still, when they are slow.
const MOST_TIMES: u32 = 3;
const SLACK: Duration = Duration::from_mins(1);

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// Per process: microseconds from an edit's acknowledgement to the first answer that shows it.
    pub delays: Vec<(String, Histogram<u64>)>,
    /// The report.
    pub rows: Vec<Row>,
}

/// Runs the plan against a running stack.
pub async fn run(addresses: &Addresses, plan: &Plan) -> anyhow::Result<Outcome> {
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let catalog = Arc::new(Catalog::load(&addresses.primary.admin, &mut random).await?);
    let judge = Judge::new(plan.bound);
    let editors = Editor::both(addresses).await?;
    let watchers = Watchers::new(&addresses.query, judge.clone())?;
    let stop = CancellationToken::new();
    let reads = ReadLoad {
        addresses: addresses.query.to_vec(),
        catalog: Arc::clone(&catalog),
        judge: judge.clone(),
        rate: plan.read_rate,
        seed: random.random(),
    };
    let reads = tokio::spawn(reads.run(stop.clone()));

    let begin = Instant::now() + WARM_UP;
    let rates = [(plan.edit_rate, plan.admin_edits), (plan.psql_rate(), plan.psql_edits)];
    let mut edits = JoinSet::new();
    for (editor, (rate, wanted)) in editors.into_iter().zip(rates) {
        let (catalog, judge) = (Arc::clone(&catalog), judge.clone());
        let load = EditLoad { editor, catalog, judge, rate, seed: random.random() };
        edits.spawn(edit(load, begin, wanted, watchers.clone()));
    }
    let ended = timeout(WARM_UP + plan.length() * MOST_TIMES + SLACK, async {
        while let Some(ended) = edits.join_next().await {
            ended.context("an editing task ended")??;
        }
        anyhow::Ok(())
    });
    ended
        .await
        .context("too few edits are acknowledged: look at catalog-admin with `make status`")??;
    let delays = watchers.ended().await;
    stop.cancel();
    let pace = reads.await.context("the reading task ended")??;
    let measured = Measured {
        plan,
        products: catalog.len(),
        pace,
        reading: judge.tally.reading(),
        lost: lost(&addresses.primary.admin, &judge.ledger).await?,
        delays: &delays,
    };
    let rows = measured.rows();
    Ok(Outcome { delays, rows })
}

/// Edits until `wanted` have been acknowledged, each watched in every process.
async fn edit(
    load: EditLoad,
    begin: Instant,
    wanted: u32,
    watchers: Watchers,
) -> anyhow::Result<()> {
    if wanted == 0 {
        return Ok(());
    }
    let enough = CancellationToken::new();
    let (acknowledged, stop) = (Arc::new(AtomicU32::new(0)), enough.clone());
    let each = move |edit| {
        watchers.watch(edit);
        if acknowledged.fetch_add(1, Relaxed) + 1 >= wanted {
            enough.cancel();
        }
    };
    load.run(begin, stop, each).await
}
