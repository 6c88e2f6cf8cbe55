//! Edits that are watched in every pod until it answers with them.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use futures::future::try_join_all;
use tokio::{
    task::JoinSet,
    time::{Instant, interval, sleep},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::edits::{Editor, mark};
use crate::{
    load::Times,
    speed::{
        line::{Line, says},
        requests::product,
    },
};

/// How many watch at once: each edits again only when its last edit is seen everywhere.
const WATCHERS: u32 = 4;
/// Between two looks at a pod.
const LOOK: Duration = Duration::from_millis(1);
/// How long an edit is looked for.
const PATIENCE: Duration = Duration::from_secs(5);

/// What watchers saw.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// From the acknowledgement until the last pod had answered with the edit.
    pub(super) everywhere: Times,
    /// From the acknowledgement until a pod had, for each pod.
    pub(super) pods: Times,
}

/// Edits each of `products` once at this rate until told to stop, and gives what was seen of it. Nobody else may
/// edit them.
pub(super) async fn watch(
    url: String,
    pods: Vec<SocketAddr>,
    products: Vec<Uuid>,
    rate: u32,
    stop: CancellationToken,
) -> anyhow::Result<Seen> {
    let seen = Arc::new(Seen::default());
    let mut watchers = JoinSet::new();
    let share = products.len().div_ceil(WATCHERS as usize).max(1);
    for products in products.chunks(share) {
        let lines = try_join_all(pods.iter().map(|pod| Line::connect(*pod))).await?;
        let watcher = Watcher { editor: Editor::connect(&url).await?, lines };
        let turns = Duration::from_secs(WATCHERS.into()) / rate;
        let (products, seen, stop) = (products.to_vec(), Arc::clone(&seen), stop.clone());
        watchers.spawn(watcher.watch(products, turns, seen, stop));
    }
    while let Some(ended) = watchers.join_next().await {
        ended.context("a watcher's task ended")??;
    }
    Arc::try_unwrap(seen).ok().context("a watcher still watches")
}

struct Watcher {
    editor: Editor,
    /// To each pod.
    lines: Vec<Line>,
}

impl Watcher {
    async fn watch(
        mut self,
        products: Vec<Uuid>,
        between: Duration,
        seen: Arc<Seen>,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        let mut turns = interval(between);
        for id in products {
            if stop.run_until_cancelled(turns.tick()).await.is_none() {
                return Ok(());
            }
            let request = product(id, "");
            // It is in the memory of every pod before it changes.
            for line in &mut self.lines {
                line.ask(&request).await?;
            }
            let mark = mark();
            let acknowledged = self.editor.edit(id, &mark).await?;
            let looks = self.lines.iter_mut().map(|line| look(line, &request, &mark, acknowledged));
            let delays = try_join_all(looks).await?;
            for delay in &delays {
                seen.pods.record(*delay);
            }
            seen.everywhere.record(delays.into_iter().max().unwrap_or_default());
        }
        Ok(())
    }
}

/// Asks a pod until it answers with the mark; gives how long after the acknowledgement it did.
async fn look(
    line: &mut Line,
    request: &[u8],
    mark: &str,
    acknowledged: Instant,
) -> anyhow::Result<Duration> {
    while acknowledged.elapsed() < PATIENCE {
        let (status, answer) = line.ask(request).await?;
        ensure!(status == 200, "a pod answers {status} to a read of an edited product");
        if says(answer, mark) {
            return Ok(acknowledged.elapsed());
        }
        sleep(LOOK).await;
    }
    // Far beyond what is asked for, so that it is seen in the figures.
    Ok(PATIENCE)
}
