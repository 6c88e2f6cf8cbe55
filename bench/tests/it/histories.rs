//! Eight callers at two processes while parts stop, stand still and crash.

use std::time::Duration;

use bench::{
    faults::Failure,
    histories::{Asked, Plan, check, run},
};
use devstack::{Component, Stack};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::support::stack_with_catalog;

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
    stop.cancel();
    let history = callers.await.unwrap().unwrap();
    let violations = check(&history.0, BOUND);
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
        Failure::Killed(Component::Primary),
    ] {
        failure.begin(stack).await.unwrap();
        sleep(GONE).await;
        failure.end(stack).await.unwrap();
        sleep(BETWEEN).await;
    }
}
