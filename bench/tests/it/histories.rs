//! Eight callers at two processes while parts stop, stand still and crash.

use std::time::Duration;

use bench::{
    faults::Failure,
    histories::{Asked, Known, Plan, check, run},
    load::{Catalog, READ_LIMIT, client, read_with, strong},
};
use devstack::{Component, Stack};
use rand::{SeedableRng as _, rngs::SmallRng};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::{support::stack_with_catalog, waiting::eventually};

const BOUND: Duration = Duration::from_secs(2);
/// How long a part is gone: longer than the bound, so that answers must say so.
const GONE: Duration = Duration::from_secs(3);
/// Between two of them.
const BETWEEN: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_mins(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_no_caller_sees_less_than_it_was_promised() {
    let stack = stack_with_catalog(50).await;
    let (addresses, stop) = (stack.addresses(), CancellationToken::new());
    let plan = Plan { clients: 8, products: 12, seed: 1 };
    let callers = tokio::spawn({
        let stop = stop.clone();
        async move { run(&addresses, plan, stop).await }
    });
    timeout(PATIENCE, faults(&stack)).await.unwrap();
    // No epoch ends before: until then nobody may be told that something is lost.
    let killed = Instant::now();
    timeout(PATIENCE, fail(&stack, Failure::Killed(Component::Primary))).await.unwrap();
    strong_reads_are_answered(&stack).await;
    sleep(BETWEEN).await;
    stop.cancel();
    let history = callers.await.unwrap().unwrap();
    let known = Known { bound: BOUND, first: history.first.clone(), epochs_since: Some(killed) };
    let violations = check(&history.operations, &known);
    assert!(violations.is_empty(), "{} in all, such as {:#?}", violations.len(), violations[0]);
    // So that none of it is vacuous.
    let counts = [
        ("writes", history.writes()),
        ("reads by token", history.reads(Asked::Session, false)),
        ("strong reads", history.reads(Asked::Strong, false)),
        ("reads", history.reads(Asked::Bounded, false)),
        ("labelled reads", history.reads(Asked::Bounded, true)),
        ("labelled reads by token", history.reads(Asked::Session, true)),
    ];
    eprintln!("{counts:?}");
    assert!(counts.iter().all(|(_, count)| *count > 20), "{counts:?}");
    assert_eq!(history.reads(Asked::Strong, true), 0, "a strong read never says that it is stale");
    let lost = history.lost();
    assert!(lost > 0, "nobody was told that what it wrote and saw may be lost");
    assert!(lost <= plan.clients, "somebody was told twice of one epoch: {lost} answers say so");
}

async fn faults(stack: &Stack) {
    sleep(BETWEEN).await;
    for failure in [
        Failure::ReplayPaused,
        Failure::Still(Component::Kafka),
        Failure::Still(Component::Redis),
        Failure::Still(Component::Replica),
        Failure::Still(Component::QueryOne),
        Failure::Killed(Component::Redis),
        Failure::Killed(Component::Invalidator),
        Failure::Killed(Component::Admin),
    ] {
        fail(stack, failure).await;
        sleep(BETWEEN).await;
    }
}

async fn fail(stack: &Stack, failure: Failure) {
    failure.begin(stack).await.unwrap();
    sleep(GONE).await;
    failure.end(stack).await.unwrap();
}

/// In the epoch that has begun.
async fn strong_reads_are_answered(stack: &Stack) {
    let (addresses, client) = (stack.addresses(), client(READ_LIMIT).unwrap());
    let mut random = SmallRng::seed_from_u64(1);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await.unwrap();
    let product = catalog.products()[0];
    for address in &addresses.query {
        eventually("strong reads are answered", async || {
            read_with(&client, address, product, strong()).await.is_ok()
        })
        .await;
    }
}
