//! `bench freshness`.

use std::path::Path;

use bench::{
    freshness::{Plan, bars, run as measure},
    load::POLL_INTERVAL,
    report::Kind,
};
use clap::Args;
use devstack::Stack;

/// Another plan than the standard one.
#[derive(Args)]
pub(super) struct Arguments {
    /// Reads a second, over all processes.
    #[arg(long, default_value_t = Plan::STANDARD.read_rate, value_parser = positive())]
    read_rate: u32,
    /// Edits a second through catalog-admin; psql edits come a tenth as often.
    #[arg(long, default_value_t = Plan::STANDARD.edit_rate, value_parser = positive())]
    edit_rate: u32,
    /// Edits through catalog-admin.
    #[arg(long, default_value_t = Plan::STANDARD.admin_edits)]
    admin_edits: u32,
    /// Edits with psql.
    #[arg(long, default_value_t = Plan::STANDARD.psql_edits)]
    psql_edits: u32,
    /// Of the choice of products.
    #[arg(long, default_value_t = Plan::STANDARD.seed)]
    seed: u64,
}

fn positive() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..)
}

impl Arguments {
    fn plan(&self) -> Plan {
        let Self { read_rate, edit_rate, admin_edits, psql_edits, seed } = *self;
        Plan { read_rate, edit_rate, admin_edits, psql_edits, seed, ..Plan::STANDARD }
    }
}

/// Measures; whether every target was met.
pub(super) async fn run(stack: &Stack, root: &Path, arguments: &Arguments) -> anyhow::Result<bool> {
    let plan = arguments.plan();
    let kind = if plan == Plan::STANDARD { Kind::Standard } else { Kind::Other };
    println!(
        "{} reads/s over two processes; {} edits through catalog-admin at {}/s, {} with psql at \
         {}/s; each edit polled in each process every {} ms, or at once when a poll took longer.",
        plan.read_rate,
        plan.admin_edits,
        plan.edit_rate,
        plan.psql_edits,
        plan.psql_rate(),
        POLL_INTERVAL.as_millis()
    );
    let outcome = measure(&stack.addresses(), &plan).await?;
    for (address, delays) in &outcome.delays {
        println!(
            "\nFrom an edit's acknowledgement to the first answer of {address} that shows it:"
        );
        print!("{}", bars(delays));
    }
    super::finish(root, "freshness", kind, &outcome.rows)
}
