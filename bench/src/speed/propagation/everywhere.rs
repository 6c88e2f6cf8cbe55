//! Edits and reads at fixed rates, with the floors measured meanwhile.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use devstack::{Stack, record_delays};
use hdrhistogram::Histogram;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Plan, edits::edit, floors::Replay, watched::watch};
use crate::{
    load::{Catalog, Times},
    report::as_figure,
    speed::{
        line::socket,
        open_loop::{OpenLoop, finished},
        requests::product,
        samples::Asked,
    },
};

const REQUESTS: usize = 100_003;
/// Connections of readers to each pod.
const READERS: usize = 16;
/// One in so many products is watched when it is edited, and edited by nobody else.
const WATCHED: usize = 50;
/// How many records a second go through a topic of the measurement's own.
const RECORDS: u32 = 10;

/// What was seen, in microseconds where it is a histogram.
pub(super) struct Everywhere {
    /// From an edit's acknowledgement until every pod answers with it,
    pub(super) delay: Histogram<u64>,
    /// and until a pod does, for each pod.
    pub(super) pods: Histogram<u64>,
    /// From an update's acknowledgement until the replica shows it.
    pub(super) replayed: Histogram<u64>,
    /// From a record's sending until a consumer has it.
    pub(super) consumed: Histogram<u64>,
    /// How many edits were acknowledged a second.
    pub(super) edits: f64,
    /// The reads, of each pod.
    pub(super) reads: Vec<Asked>,
}

pub(super) async fn measure(stack: &Stack, plan: &Plan) -> anyhow::Result<Everywhere> {
    let addresses = stack.addresses();
    let pods = addresses.query.iter().map(|address| socket(address));
    let pods = pods.collect::<anyhow::Result<Vec<_>>>()?;
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await?;
    ensure!(catalog.len() >= 2 * WATCHED, "the catalog has too few products");
    let (watched, edited) = divided(catalog.products());
    let requests: Arc<[Vec<u8>]> =
        (0..REQUESTS).map(|_| product(catalog.popular(&mut random), "")).collect();
    let replay = Replay::new(stack).await?;

    let stop = CancellationToken::new();
    // Whatever fails meanwhile ends it too.
    let _ending = stop.clone().drop_guard();
    let (url, kafka) = (addresses.primary.admin, addresses.kafka);
    let reads: Vec<_> =
        reads(plan, &pods, &requests).into_iter().map(|load| load.start(stop.clone())).collect();
    let begun = Instant::now();
    let rate = plan.edit_rate.saturating_sub(plan.watched_rate).max(1);
    let edits = edit(url.clone(), edited, rate, random.random(), stop.clone());
    let edits = tokio::spawn(edits);
    let seen = tokio::spawn(watch(url, pods, watched, plan.watched_rate, stop.clone()));
    let replayed = tokio::spawn(replay.measure(stop.clone()));
    let records = u32::try_from(plan.lasts.as_secs())?.saturating_mul(RECORDS).max(1);
    let between = plan.lasts / (records + RECORDS);
    let consumed = tokio::spawn(async move { record_delays(&kafka, records, between).await });
    sleep(plan.lasts).await;
    stop.cancel();
    let lasted = begun.elapsed();
    let edits = edits.await.context("the editing task ended")??;
    let seen = seen.await.context("the watching task ended")??;
    let replayed = replayed.await.context("the replica's task ended")??;
    let consumed = consumed.await.context("Kafka's task ended")??;
    let mut of_pods = Vec::new();
    for read in reads {
        of_pods.push(finished(read).await?);
    }
    let delay = seen.everywhere.reading();
    Ok(Everywhere {
        edits: as_figure(edits + delay.len()) / lasted.as_secs_f64(),
        delay,
        pods: seen.pods.reading(),
        replayed: replayed.reading(),
        consumed: recorded(&consumed),
        reads: of_pods,
    })
}

/// Which products are watched, and which are edited beside them. They come by popularity, so both have some of
/// all.
fn divided(products: &[Uuid]) -> (Vec<Uuid>, Vec<Uuid>) {
    let mut divided = (Vec::new(), Vec::new());
    for (index, product) in products.iter().enumerate() {
        let part = if index.is_multiple_of(WATCHED) { &mut divided.0 } else { &mut divided.1 };
        part.push(*product);
    }
    divided
}

/// A part of the reads for each pod.
fn reads(plan: &Plan, pods: &[SocketAddr], requests: &Arc<[Vec<u8>]>) -> Vec<OpenLoop> {
    let rate = f64::from(plan.read_rate) / as_figure(pods.len() as u64);
    let of_pod = |pod: &SocketAddr| OpenLoop {
        address: *pod,
        requests: Arc::clone(requests),
        connections: READERS,
        rate,
    };
    pods.iter().map(of_pod).collect()
}

fn recorded(delays: &[Duration]) -> Histogram<u64> {
    let times = Times::default();
    for delay in delays {
        times.record(*delay);
    }
    times.reading()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_product_is_watched_and_edited_by_others() {
        let products: Vec<_> = (0..120).map(Uuid::from_u128).collect();
        let (watched, edited) = divided(&products);
        assert_eq!((watched.len(), edited.len()), (3, 117));
        assert!(watched.iter().all(|product| !edited.contains(product)));
    }
}
