//! Edits at a fixed arrival rate: a slow one does not make the next edit later.

use std::sync::Arc;

use anyhow::Context as _;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{Catalog, Edit, Editor, Judge, arrivals::Arrivals, tally::count};

/// More than are in flight at any rate that is measured, even when each takes all of its time.
const MOST_IN_FLIGHT: usize = 1_000;

/// Edits random products one way.
#[derive(Debug, Clone)]
pub struct EditLoad {
    /// Which way.
    pub editor: Editor,
    /// What is edited.
    pub catalog: Arc<Catalog>,
    /// Whose ledger and tally.
    pub judge: Judge,
    /// How many edits a second.
    pub rate: u32,
    /// Of the choice of products.
    pub seed: u64,
}

impl EditLoad {
    /// Edits from `begin` until `stop` is cancelled, and waits for what is in flight;
    /// `acknowledged` hears of each edit that was. One that is refused is counted, and the next
    /// turn takes another product.
    pub async fn run(
        self,
        begin: Instant,
        stop: CancellationToken,
        acknowledged: impl Fn(Edit) + Clone + Send + 'static,
    ) -> anyhow::Result<()> {
        let mut random = SmallRng::seed_from_u64(self.seed);
        let mut in_flight = JoinSet::new();
        let mut arrivals = Arrivals::new(begin, self.rate, MOST_IN_FLIGHT, stop);
        while let Some(turn) = arrivals.next().await {
            while let Some(ended) = in_flight.try_join_next() {
                ended.context("an edit's task ended")?;
            }
            let Some(place) = turn.place else {
                count(&self.judge.tally.edits(self.editor.way()).not_sent);
                continue;
            };
            let product = self.catalog.products()[random.random_range(..self.catalog.len())];
            let (editor, judge) = (self.editor.clone(), self.judge.clone());
            let acknowledged = acknowledged.clone();
            in_flight.spawn(async move {
                if let Ok(edit) = editor.edit(product, &judge).await {
                    acknowledged(edit);
                }
                drop(place);
            });
        }
        while let Some(ended) = in_flight.join_next().await {
            ended.context("an edit's task ended")?;
        }
        Ok(())
    }
}
