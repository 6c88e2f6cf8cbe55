//! Edits of a product that everybody reads, while the replica is behind: those who read must not wait for it.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use devstack::Stack;
use rand::{SeedableRng as _, rngs::SmallRng};
use tokio::time::{interval, sleep};
use tokio_util::sync::CancellationToken;

use super::{
    Plan,
    edits::{Editor, mark},
};
use crate::{
    load::{Catalog, connect},
    speed::{
        line::socket,
        open_loop::{OpenLoop, finished},
        requests::product,
        samples::{Asked, Sample, quantile_of},
    },
};

const READERS: usize = 64;
const BETWEEN: Duration = Duration::from_secs(1);
/// For so long after the replica has an edit something of it may be noticed.
const NOTICED: Duration = Duration::from_millis(100);

/// What readers noticed, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hot {
    /// 99th percentiles of reads from an edit on, and of all others.
    pub(super) near: f64,
    pub(super) far: f64,
    /// The slowest from an edit on, and of all others.
    pub(super) slowest_near: f64,
    pub(super) slowest_far: f64,
    pub(super) reads: u64,
    pub(super) not_good: u64,
}

pub(super) async fn measure(stack: &Stack, plan: &Plan) -> anyhow::Result<Hot> {
    delay_replica(stack, Some(plan.behind)).await?;
    let measured = edit_and_read(stack, plan).await;
    delay_replica(stack, None).await?;
    measured
}

async fn delay_replica(stack: &Stack, by: Option<Duration>) -> anyhow::Result<()> {
    let replica = connect(&stack.addresses().replica.superuser).await?;
    let set = match by {
        Some(by) => format!("SET recovery_min_apply_delay = '{}ms'", by.as_millis()),
        None => "RESET recovery_min_apply_delay".to_owned(),
    };
    let set = format!("ALTER SYSTEM {set}");
    // Each a statement of its own: the first cannot be part of a transaction.
    for sql in [set.as_str(), "SELECT pg_reload_conf()"] {
        replica.batch_execute(sql).await.context("cannot set how far the replica is behind")?;
    }
    Ok(())
}

async fn edit_and_read(stack: &Stack, plan: &Plan) -> anyhow::Result<Hot> {
    let addresses = stack.addresses();
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await?;
    let id = *catalog.products().first().context("the catalog has no products")?;
    let editor = Editor::connect(&addresses.primary.admin).await?;
    let load = OpenLoop {
        address: socket(&addresses.query[0])?,
        requests: [product(id, "")].into(),
        connections: READERS,
        rate: f64::from(plan.hot_rate),
    };
    let stop = CancellationToken::new();
    // Whatever fails meanwhile ends it too.
    let _ending = stop.clone().drop_guard();
    let reads = load.start(stop.clone());
    // From when an edit was sent until nothing of it is to be noticed any more.
    let mut spans = Vec::new();
    sleep(BETWEEN).await;
    let mut turns = interval(BETWEEN);
    for _ in 0..plan.hot_edits {
        turns.tick().await;
        let sent = Instant::now();
        let acknowledged = editor.edit(id, &mark()).await?;
        spans.push((sent, acknowledged.into_std() + plan.behind + NOTICED));
    }
    sleep(BETWEEN).await;
    stop.cancel();
    Ok(Hot::of(&finished(reads).await?, &spans))
}

impl Hot {
    fn of(asked: &Asked, spans: &[(Instant, Instant)]) -> Self {
        let is_near = |sample: &&Sample| {
            spans.iter().any(|(from, until)| (*from..*until).contains(&sample.due))
        };
        let samples = &asked.samples;
        let near = || samples.iter().filter(is_near).map(Sample::latency);
        let far = || samples.iter().filter(|sample| !is_near(sample)).map(Sample::latency);
        Self {
            near: quantile_of(near(), 0.99),
            far: quantile_of(far(), 0.99),
            slowest_near: quantile_of(near(), 1.0),
            slowest_far: quantile_of(far(), 1.0),
            reads: samples.len() as u64,
            not_good: asked.not_good(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_from_an_edit_on_are_told_from_the_others() {
        let begin = Instant::now();
        let after = |millis| begin + Duration::from_millis(millis);
        let sample = |due, took| Sample {
            due: after(due),
            sent: after(due),
            answered: after(due + took),
            status: 200,
            comes_again: false,
        };
        let samples =
            vec![sample(0, 1), sample(99, 2), sample(100, 7), sample(199, 8), sample(200, 3)];
        let over = Duration::from_secs(1);
        let asked = Asked { samples, unsent: 0, ended: after(1_000), over };
        let hot = Hot::of(&asked, &[(after(100), after(200))]);
        let near = |value: f64, expected: f64| (value - expected).abs() < 0.01;
        assert!(near(hot.slowest_near, 8.0) && near(hot.slowest_far, 3.0), "{hot:?}");
        assert_eq!((hot.reads, hot.not_good), (5, 0));
    }
}
