//! The run: load throughout, one part after another killed and brought back.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use devstack::{Addresses, Stack};
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use reqwest::Client;
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::load::{AdminEditor, Catalog, Judge, Known, PsqlEditor, ReadLoad, client, read};

use super::{Phase, Victim};

/// How long everything may take to be as before once the part runs again.
const RECOVERY_LIMIT: Duration = Duration::from_mins(1);
/// How many products are read at once to make them known.
const READ_AT_ONCE: usize = 16;
/// Between two looks for the recovery.
const RECOVERY_LOOK: Duration = Duration::from_millis(50);

/// What to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Reads a second, over all processes.
    pub read_rate: u32,
    /// Between two edits through the admin service, and likewise with psql.
    pub edit_interval: Duration,
    /// How long each part is gone.
    pub outage: Duration,
    /// How old an answer may be without saying so.
    pub bound: Duration,
    /// Of the choice of products.
    pub seed: u64,
}

struct Run<'a> {
    stack: &'a Stack,
    addresses: Addresses,
    plan: &'a Plan,
    client: Client,
    judge: Judge,
    admin: AdminEditor,
    psql: PsqlEditor,
    catalog: Arc<Catalog>,
}

/// Kills each victim in turn under load; `told` hears of each phase when it has ended.
pub async fn run(
    stack: &Stack,
    plan: &Plan,
    mut told: impl FnMut(&Phase),
) -> anyhow::Result<Vec<Phase>> {
    let run = Run::new(stack, plan).await?;
    run.make_known().await?;
    let stop = CancellationToken::new();
    let mut load = run.load(&stop);
    run.recovered().await.context("the stack is not well before the first outage")?;
    let mut phases = Vec::new();
    for victim in Victim::ALL {
        let phase = run.phase(victim).await.with_context(|| format!("killing {}", victim.name))?;
        told(&phase);
        phases.push(phase);
    }
    stop.cancel();
    while let Some(ended) = load.join_next().await {
        ended.context("a task of the load ended")??;
    }
    for (reason, reads) in run.judge.tally.failures() {
        println!("{reads} reads failed: {reason}");
    }
    Ok(phases)
}

impl<'a> Run<'a> {
    async fn new(stack: &'a Stack, plan: &'a Plan) -> anyhow::Result<Self> {
        let addresses = stack.addresses();
        let mut random = SmallRng::seed_from_u64(plan.seed);
        let catalog = Arc::new(Catalog::load(&addresses.primary.admin, &mut random).await?);
        let (client, judge) = (client()?, Judge::new(plan.bound));
        let admin = AdminEditor::new(
            client.clone(),
            addresses.admin.clone(),
            &addresses.editor_token,
            judge.clone(),
        )
        .await?;
        let psql = PsqlEditor { url: addresses.primary.admin.clone(), judge: judge.clone() };
        Ok(Self { stack, addresses, plan, client, judge, admin, psql, catalog })
    }

    fn load(&self, stop: &CancellationToken) -> JoinSet<anyhow::Result<()>> {
        let mut random = SmallRng::seed_from_u64(self.plan.seed);
        let mut load = JoinSet::new();
        let reads = ReadLoad {
            addresses: self.addresses.query.to_vec(),
            catalog: Arc::clone(&self.catalog),
            judge: self.judge.clone(),
            rate: self.plan.read_rate,
            seed: random.random(),
        };
        load.spawn(reads.run(stop.clone()));
        let (admin, psql) = (self.admin.clone(), self.psql.clone());
        load.spawn(self.edits(random.random(), stop, move |product| {
            let admin = admin.clone();
            async move { admin.edit(product).await.is_ok() }
        }));
        load.spawn(self.edits(random.random(), stop, move |product| {
            let psql = psql.clone();
            async move { psql.edit(product).await.is_ok() }
        }));
        load
    }

    /// Edits one random product after another; a refusal is counted and the next one tried.
    fn edits<F>(
        &self,
        seed: u64,
        stop: &CancellationToken,
        edit: impl Fn(uuid::Uuid) -> F + Send + 'static,
    ) -> impl Future<Output = anyhow::Result<()>> + Send + 'static
    where
        F: Future<Output = bool> + Send + 'static,
    {
        let (catalog, stop) = (Arc::clone(&self.catalog), stop.clone());
        let mut turns = interval(self.plan.edit_interval);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        async move {
            let mut random = SmallRng::seed_from_u64(seed);
            while stop.run_until_cancelled(turns.tick()).await.is_some() {
                edit(catalog.products()[random.random_range(..catalog.len())]).await;
            }
            Ok(())
        }
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
        let before = self.judge.tally.counts();
        self.stack.kill(victim.component).await;
        sleep(self.plan.outage).await;
        let restarted_at = Instant::now();
        self.stack.start(victim.component).await?;
        self.recovered().await?;
        let recovery = restarted_at.elapsed();
        let counts = self.judge.tally.counts().since(before);
        Ok(Phase { victim, counts, lost: self.lost().await?, recovery })
    }

    /// Waits until an edit is acknowledged and shown, unlabelled, by every process.
    async fn recovered(&self) -> anyhow::Result<()> {
        let product = self.catalog.products()[0];
        let works = async {
            let edit = loop {
                match self.admin.edit(product).await {
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

    /// How many products do not have their last acknowledged edit on the primary. A greater version
    /// than the acknowledged one is a later edit, whose answer is on its way or was lost.
    async fn lost(&self) -> anyhow::Result<u64> {
        let acknowledged = self.judge.ledger.last();
        let products: Vec<_> = acknowledged.iter().map(|(product, ..)| *product).collect();
        let known = Known::all(&self.addresses.primary.admin, &products).await?;
        let kept = acknowledged.iter().filter(|(product, version, mark)| {
            known.get(product).is_some_and(|known| {
                known.version > *version
                    || (known.version == *version && known.brand.as_ref() == Some(mark))
            })
        });
        Ok((acknowledged.len() - kept.count()) as u64)
    }
}
