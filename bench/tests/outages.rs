//! Each part is killed for ten seconds under load and comes back. A program of its own, because it
//! measures, and other tests beside it would be measured too.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{io::Write as _, time::Duration};

use bench::{
    outages::{Plan, run, table},
    report,
};
use support::stack_with_catalog;

const PRODUCTS: u32 = 2_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_outage_makes_an_answer_wrong_or_old_or_loses_an_edit() {
    let stack = stack_with_catalog(PRODUCTS).await;
    let plan = Plan {
        read_rate: 2_000,
        edit_interval: Duration::from_millis(50),
        outage: Duration::from_secs(10),
        bound: Duration::from_secs(2),
        seed: 1,
    };
    let phases = run(&stack, &plan, |phase| eprintln!("killed and back: {}", phase.victim.name))
        .await
        .unwrap();
    // Past the capture of a test's output: the table is what this run is for.
    writeln!(std::io::stderr(), "{}", table(&phases)).unwrap();
    let rows: Vec<_> = phases.iter().flat_map(bench::outages::Phase::rows).collect();
    let path = devstack::workspace_root().join("bench/reports/outages.json");
    report::write_json(&path, &rows).unwrap();
    assert!(report::all_met(&rows), "{}", report::table(&rows));
}
