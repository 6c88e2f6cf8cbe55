//! Each part is killed for ten seconds under load and comes back. A program of its own, because it
//! measures, and other tests beside it would be measured too.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::io::Write as _;

use bench::{
    outages::{Plan, run, table},
    report::{self, Kind},
};
use support::stack_with_catalog;

const PRODUCTS: u32 = 2_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_outage_makes_an_answer_wrong_or_old_or_loses_an_edit() {
    let stack = stack_with_catalog(PRODUCTS).await;
    let told = |phase: &bench::outages::Phase| {
        eprintln!("killed and back: {}", phase.victim.name);
    };
    let outcome = run(&stack, &Plan::standard(), told).await.unwrap();
    // Past the capture of a test's output: the table is what this run is for.
    let mut shown = std::io::stderr();
    writeln!(shown, "{}", table(&outcome.phases)).unwrap();
    for (reason, reads) in &outcome.failures {
        writeln!(shown, "{reads} reads failed: {reason}").unwrap();
    }
    let root = devstack::workspace_root();
    report::write(&root, "outages", Kind::Standard, &outcome.rows).unwrap();
    assert!(report::all_met(&outcome.rows), "{}", report::table(&outcome.rows));
}
