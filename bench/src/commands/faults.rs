//! `bench faults`.

use std::path::Path;

use bench::{
    faults::{Phase, Plan, markdown, run as have_happen, table},
    report::{self, Kind, Row},
};
use clap::Args;
use devstack::Stack;

/// A smaller plan than the whole.
#[derive(Args)]
pub(super) struct Arguments {
    /// Each part killed, and a few faults more, for ten seconds each, instead of everything.
    #[arg(long)]
    short: bool,
    /// Without the reader that proves nothing, which is there to be seen to fail.
    #[arg(long)]
    without_naive: bool,
    /// Only the faults whose name has this in it.
    #[arg(long)]
    only: Option<String>,
}

/// Has everything fail; whether every target was met.
pub(super) async fn run(stack: &Stack, root: &Path, arguments: &Arguments) -> anyhow::Result<bool> {
    let mut plan = if arguments.short { Plan::short() } else { Plan::whole() };
    if let Some(only) = &arguments.only {
        plan.faults.retain(|fault| fault.name.contains(only));
    }
    plan.naive = !arguments.without_naive;
    let kind = if plan == Plan::whole() { Kind::Standard } else { Kind::Other };
    println!(
        "{} faults of {} s each, under {} reads/s, {} edits/s through catalog-admin and {} with psql.",
        plan.faults.len(),
        plan.lasts.as_secs(),
        plan.read_rate,
        plan.admin_rate,
        plan.psql_rate
    );
    let told = |phase: &Phase| {
        let counts = &phase.reading.counts;
        println!(
            "{}: {} answers judged, {} beyond the bound, {} wrong, {} lost, recovered after {:.1} s",
            phase.fault.name,
            counts.judged,
            counts.beyond_bound,
            counts.wrong,
            phase.lost,
            phase.recovery.as_secs_f64()
        );
    };
    let outcome = have_happen(stack, &plan, told).await?;
    println!("\n{}", table(&outcome.phases));
    for (reason, reads) in &outcome.failures {
        println!("{reads} reads failed: {reason}");
    }
    let missed: Vec<Row> =
        outcome.rows.iter().filter(|row| row.met == Some(false)).cloned().collect();
    print!("{}", report::table(&missed));
    let text = page(&plan, &outcome.phases);
    let place = report::write_markdown(root, "faults", kind, &text)?;
    report::write(root, "faults", kind, &outcome.rows)?;
    println!("Written to {}, and as JSON beside it.", place.display());
    Ok(report::all_met(&outcome.rows))
}

fn page(plan: &Plan, phases: &[Phase]) -> String {
    let sum = |of: fn(&Phase) -> u64| phases.iter().map(of).sum::<u64>();
    format!(
        "# What fails, and what is seen of it\n\n\
         {} faults of {} s each, one after the other, under {} reads/s over two processes, {} edits/s through \
         catalog-admin and {} with psql. Written by `make faults`.\n\n\
         Of {} answers, {} were older than {} s without saying so, {} were wrong, and {} acknowledged edits were lost. \
         (So many answers without a failure support no rate of failures below 3 in so many.) \
         *Stale* answers say that they are. *Failed* got no answer, or an error. *Refused* edits were told so. \
         *Recovery* is from the end of the fault until an edit is acknowledged and shown by every process. \
         The *naive* reader is plain cache-aside with a delete after each write, beside the others: it shows that \
         the judge notices.\n\n{}",
        plan.faults.len(),
        plan.lasts.as_secs(),
        plan.read_rate,
        plan.admin_rate,
        plan.psql_rate,
        sum(|phase| phase.reading.counts.judged),
        sum(|phase| phase.reading.counts.beyond_bound),
        plan.bound.as_secs(),
        sum(|phase| phase.reading.counts.wrong),
        sum(|phase| phase.lost),
        markdown(phases)
    )
}
