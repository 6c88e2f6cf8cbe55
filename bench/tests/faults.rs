//! Each part is killed for ten seconds under load and comes back, and a few other faults; `make faults` has
//! all of them. A program of its own, because it measures, and other tests beside it would be measured
//! too.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::io::Write as _;

use bench::{
    faults::{Phase, Plan, run, table},
    report::{self, Kind},
};
use support::stack_with_catalog;

const PRODUCTS: u32 = 2_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_makes_an_answer_wrong_or_old_or_loses_an_edit() {
    let stack = stack_with_catalog(PRODUCTS).await;
    let told = |phase: &Phase| eprintln!("over: {}", phase.fault.name);
    let outcome = run(&stack, &Plan::short(), told).await.unwrap();
    // Past the capture of a test's output: the table is what this run is for.
    let mut shown = std::io::stderr();
    writeln!(shown, "{}", table(&outcome.phases)).unwrap();
    for (reason, reads) in &outcome.failures {
        writeln!(shown, "{reads} reads failed: {reason}").unwrap();
    }
    let root = devstack::workspace_root();
    report::write(&root, "faults", Kind::Other, &outcome.rows).unwrap();
    assert!(report::all_met(&outcome.rows), "{}", report::table(&outcome.rows));
}
