//! The run: load throughout, one fault after another.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::Context as _;
use devstack::{Addresses, Stack};
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use reqwest::Client;
use tokio::{
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    load::{
        Catalog, Counts, Edit, EditLoad, Editor, Judge, READ_LIMIT, ReadLoad, client, lost, read,
    },
    report::Row,
};

use super::{Fault, Phase, Plan, naive::Naive, rows::Whole};

/// How long everything may take to be as before once the part runs again.
const RECOVERY_LIMIT: Duration = Duration::from_mins(1);
/// How many products are read at once to make them known.
const READ_AT_ONCE: usize = 16;
/// Between two reads of the naive reader.
const NAIVE_PAUSE: Duration = Duration::from_millis(2);
/// Between two looks for the recovery.
const RECOVERY_LOOK: Duration = Duration::from_millis(50);

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// Each fault.
    pub phases: Vec<Phase>,
    /// The report, of each fault and of the whole run.
    pub rows: Vec<Row>,
    /// How many reads failed, by their reason.
    pub failures: BTreeMap<String, u64>,
}

struct Run<'a> {
    stack: &'a Stack,
    addresses: Addresses,
    plan: &'a Plan,
    client: Client,
    judge: Judge,
    editors: [Editor; 2],
    catalog: Arc<Catalog>,
    /// A reader that proves nothing, with who judges it by the same ledger.
    naive: Option<(Arc<Naive>, Judge)>,
}

/// Has each fault happen in turn under load; `told` hears of each phase when it has ended.
pub async fn run(
    stack: &Stack,
    plan: &Plan,
    mut told: impl FnMut(&Phase),
) -> anyhow::Result<Outcome> {
    let run = Run::new(stack, plan).await?;
    run.make_known().await?;
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let stop = CancellationToken::new();
    let reads = tokio::spawn(run.reads(random.random()).run(stop.clone()));
    let mut edits = run.edits(&mut random, &stop);
    let naive = run.read_naively(&stop);
    run.recovered().await.context("the stack is not well before the first fault")?;
    let mut phases = Vec::new();
    for fault in &plan.faults {
        let phase = run.phase(*fault).await.with_context(|| fault.name)?;
        told(&phase);
        phases.push(phase);
    }
    stop.cancel();
    while let Some(ended) = edits.join_next().await {
        ended.context("an editing task ended")??;
    }
    if let Some(naive) = naive {
        naive.await.context("the naive reader's task ended")?;
    }
    let whole = Whole {
        naive: run.naive_counts(),
        products: run.catalog.len(),
        pace: reads.await.context("the reading task ended")??,
        reading: run.judge.tally.reading(),
        lost: run.lost().await?,
    };
    let mut rows: Vec<Row> = phases.iter().flat_map(Phase::rows).collect();
    rows.extend(whole.rows(plan));
    Ok(Outcome { phases, rows, failures: run.judge.tally.failures() })
}

impl<'a> Run<'a> {
    async fn new(stack: &'a Stack, plan: &'a Plan) -> anyhow::Result<Self> {
        let addresses = stack.addresses();
        let mut random = SmallRng::seed_from_u64(plan.seed);
        let catalog = Arc::new(Catalog::load(&addresses.primary.admin, &mut random).await?);
        let editors = Editor::both(&addresses).await?;
        let (client, judge) = (client(READ_LIMIT)?, Judge::new(plan.bound));
        let naive = plan.naive.then(|| (Arc::<Naive>::default(), judge.aside()));
        Ok(Self { stack, addresses, plan, client, judge, editors, catalog, naive })
    }

    fn reads(&self, seed: u64) -> ReadLoad {
        ReadLoad {
            addresses: self.addresses.query.to_vec(),
            catalog: Arc::clone(&self.catalog),
            judge: self.judge.clone(),
            rate: self.plan.read_rate,
            seed,
        }
    }

    fn edits(
        &self,
        random: &mut SmallRng,
        stop: &CancellationToken,
    ) -> JoinSet<anyhow::Result<()>> {
        let mut edits = JoinSet::new();
        let rates = [self.plan.admin_rate, self.plan.psql_rate];
        for (editor, rate) in self.editors.iter().cloned().zip(rates) {
            let (catalog, judge) = (Arc::clone(&self.catalog), self.judge.clone());
            let load = EditLoad { editor, catalog, judge, rate, seed: random.random() };
            let naive = self.naive.as_ref().map(|(naive, _)| Arc::clone(naive));
            let acknowledged = move |edit: Edit| {
                if let Some(naive) = &naive {
                    naive.delete(edit.product);
                }
            };
            edits.spawn(load.run(Instant::now(), stop.clone(), acknowledged));
        }
        edits
    }

    /// Reads every product once from every process: reads of what a process knows must never fail.
    async fn make_known(&self) -> anyhow::Result<()> {
        for address in &self.addresses.query {
            for products in self.catalog.products().chunks(READ_AT_ONCE) {
                let reads = products.iter().map(|product| read(&self.client, address, *product));
                futures::future::try_join_all(reads).await.context("reading every product once")?;
            }
        }
        Ok(())
    }

    fn read_naively(&self, stop: &CancellationToken) -> Option<JoinHandle<()>> {
        let (naive, judge) = self.naive.as_ref()?;
        let replica = self.addresses.replica.query.clone();
        let (catalog, judge) = (Arc::clone(&self.catalog), judge.clone());
        let reading = Arc::clone(naive).run(replica, catalog, judge, NAIVE_PAUSE, stop.clone());
        Some(tokio::spawn(reading))
    }

    fn naive_counts(&self) -> Option<Counts> {
        self.naive.as_ref().map(|(_, judge)| judge.tally.counts())
    }

    async fn phase(&self, fault: Fault) -> anyhow::Result<Phase> {
        let (begun, before) = (Instant::now(), self.judge.tally.reading());
        let naive_before = self.naive_counts();
        fault.begin(self.stack).await?;
        sleep(self.plan.lasts).await;
        let ended = Instant::now();
        fault.end(self.stack).await?;
        self.recovered().await?;
        let recovery = ended.elapsed();
        let reading = self.judge.tally.reading().since(&before);
        let naive = self.naive_counts().zip(naive_before);
        Ok(Phase {
            fault,
            reading,
            naive: naive.map(|(now, before)| now.since(before)),
            length: begun.elapsed(),
            lost: self.lost().await?,
            recovery,
        })
    }

    /// Waits until an edit is acknowledged and shown, unlabelled, by every process. Its edits are
    /// no part of the load, and must not make a fault look as if edits had gone on.
    async fn recovered(&self) -> anyhow::Result<()> {
        let (product, aside) = (self.catalog.products()[0], self.judge.aside());
        let [admin, _] = &self.editors;
        let works = async {
            let edit = loop {
                match admin.edit(product, &aside).await {
                    Ok(edit) => break edit,
                    Err(_) => sleep(RECOVERY_LOOK).await,
                }
            };
            for address in &self.addresses.query {
                while !read(&self.client, address, product)
                    .await
                    .is_ok_and(|answer| answer.version >= edit.version && !answer.stale)
                {
                    sleep(RECOVERY_LOOK).await;
                }
            }
        };
        timeout(RECOVERY_LIMIT, works).await.context("no recovery within a minute")
    }

    async fn lost(&self) -> anyhow::Result<u64> {
        lost(&self.addresses.primary.admin, &self.judge.ledger).await
    }
}
