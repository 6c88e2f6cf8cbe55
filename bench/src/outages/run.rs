//! The run: load throughout, one part after another killed and brought back.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use devstack::{Addresses, Process, Stack};
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use reqwest::Client;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    load::{Catalog, EditLoad, Editor, Judge, READ_LIMIT, ReadLoad, client, lost, read},
    report::Row,
};

use super::{Phase, Plan, Victim, rows::Whole};

/// How long everything may take to be as before once the part runs again.
const RECOVERY_LIMIT: Duration = Duration::from_mins(1);
/// How many products are read at once to make them known.
const READ_AT_ONCE: usize = 16;
/// Between two looks for the recovery.
const RECOVERY_LOOK: Duration = Duration::from_millis(50);

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// Each outage.
    pub phases: Vec<Phase>,
    /// The report, of each outage and of the whole run.
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
}

/// Kills each victim in turn under load; `told` hears of each phase when it has ended.
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
    run.recovered().await.context("the stack is not well before the first outage")?;
    let mut phases = Vec::new();
    for victim in Victim::ALL {
        let phase = run.phase(victim).await.with_context(|| format!("killing {}", victim.name))?;
        told(&phase);
        phases.push(phase);
    }
    stop.cancel();
    while let Some(ended) = edits.join_next().await {
        ended.context("an editing task ended")??;
    }
    let whole = Whole {
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
        Ok(Self { stack, addresses, plan, client, judge, editors, catalog })
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
            edits.spawn(load.run(Instant::now(), stop.clone(), |_| ()));
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

    async fn phase(&self, victim: Victim) -> anyhow::Result<Phase> {
        let runs = || self.stack.process(victim.component).is_some_and(Process::is_alive);
        ensure!(runs(), "it did not run");
        let (killed_at, before) = (Instant::now(), self.judge.tally.reading());
        self.stack.kill(victim.component).await;
        sleep(self.plan.outage).await;
        ensure!(!runs(), "somebody else started it again");
        let restarted_at = Instant::now();
        self.stack.start(victim.component).await?;
        self.recovered().await?;
        let recovery = restarted_at.elapsed();
        let reading = self.judge.tally.reading().since(&before);
        let length = killed_at.elapsed();
        Ok(Phase { victim, reading, length, lost: self.lost().await?, recovery })
    }

    /// Waits until an edit is acknowledged and shown, unlabelled, by every process. Its edits are
    /// no part of the load, and must not make an outage look as if edits had gone on.
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
