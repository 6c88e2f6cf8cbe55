//! `bench scale`.

use std::path::Path;

use bench::{
    report::{self, Kind, conditions},
    scale::{Costs, Design, Plan, Run, check, measure, page, rows, sweep},
};
use clap::Args;
use devstack::Stack;

/// Another plan than the standard one, and other parts.
#[derive(Args)]
pub(super) struct Arguments {
    /// Compares the simulation with a small case that is measured on the running stack.
    #[arg(long)]
    measure: bool,
    #[command(flatten)]
    plan: Plan,
    #[command(flatten)]
    costs: Costs,
    #[command(flatten)]
    grown: Design,
    #[command(flatten)]
    run: Run,
}

/// Simulates, or measures and compares, for which alone a stack is needed; whether every target was met.
pub(super) async fn run(
    stack: impl FnOnce() -> anyhow::Result<Stack>,
    root: &Path,
    arguments: &Arguments,
) -> anyhow::Result<bool> {
    if arguments.measure {
        compare(&stack()?, root, arguments).await
    } else {
        simulate(root, arguments)
    }
}

fn simulate(root: &Path, arguments: &Arguments) -> anyhow::Result<bool> {
    let Arguments { plan, costs, grown, .. } = arguments;
    let whole = *plan == Plan::STANDARD && *costs == Costs::DEFAULT && *grown == Design::GROWN;
    let kind = if whole { Kind::Standard } else { Kind::Other };
    let sweep = sweep(plan, |plan| {
        eprintln!("simulating one of {} processes with {} reads/s", plan.pods, plan.reads);
    })?;
    let text = page(&sweep, costs, grown);
    println!("{text}");
    report::write_markdown(root, "scale", kind, &text)?;
    super::finish(root, "scale", kind, &rows(&sweep, costs, grown))
}

async fn compare(stack: &Stack, root: &Path, arguments: &Arguments) -> anyhow::Result<bool> {
    let Arguments { plan, run, .. } = arguments;
    let checked = Plan { memory_bytes: Run::MEMORY_BYTES, ..Plan::STANDARD };
    let whole = *run == Run::STANDARD && *plan == checked;
    let kind = if whole { Kind::Standard } else { Kind::Other };
    println!(
        "{} reads/s over two processes and {} edits/s for {} s, after every product has been read once.",
        run.read_rate, run.edit_rate, run.measured_seconds
    );
    let (measured, rate) = measure(&stack.addresses(), plan, run).await?;
    let mut rows = check(&measured, plan)?;
    rows.push(rate);
    rows.extend(conditions(usize::try_from(measured.products)?));
    super::finish(root, "scale-check", kind, &rows)
}
