//! Wall clocks are off and step under load, of a reader and of the primary: no proof rests on one. A program of
//! its own, because it measures.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/serving.rs"]
mod serving;

use bench::{
    faults::{Plan, run, table},
    report,
};
use devstack::TestStack;
use serving::serving;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_clock_that_is_off_makes_no_answer_wrong_or_old() {
    let stack = Box::pin(TestStack::own_with_clocks()).await.unwrap();
    let stack = serving(stack, 500).await;
    let outcome = run(&stack, &Plan::clocks(), |_| ()).await.unwrap();
    let rows = report::table(&outcome.rows);
    assert!(report::all_met(&outcome.rows), "{}{rows}", table(&outcome.phases));
}
