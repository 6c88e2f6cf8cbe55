//! The `bench` program: measurements against the stack that `make up` keeps.

use std::{path::Path, process::ExitCode, time::Duration};

use anyhow::Context as _;
use bench::{freshness, report};
use clap::{Parser, Subcommand};
use devstack::Stack;

/// Measures the running stack (`make up`) from outside.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Subcommand)]
enum Measurement {
    /// How long after its acknowledgement an edit shows in every catalog-query, under load.
    Freshness {
        /// Reads a second, over all processes.
        #[arg(long, default_value_t = 2_000)]
        read_rate: u32,
        /// Edits a second through catalog-admin.
        #[arg(long, default_value_t = 50)]
        edit_rate: u32,
        /// Edits through catalog-admin.
        #[arg(long, default_value_t = 2_000)]
        admin_edits: u32,
        /// Edits with psql.
        #[arg(long, default_value_t = 200)]
        psql_edits: u32,
        /// Of the choice of products.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let Measurement::Freshness { read_rate, edit_rate, admin_edits, psql_edits, seed } =
        Arguments::parse().measurement;
    let plan = freshness::Plan {
        read_rate,
        edit_rate,
        admin_edits,
        psql_edits,
        bound: Duration::from_secs(2),
        seed,
    };
    match measure(plan).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every target was met.
async fn measure(plan: freshness::Plan) -> anyhow::Result<bool> {
    let root = devstack::workspace_root();
    let stack = Stack::attach(root.join(".devstack"))
        .context("no stack to measure: start one with `make up`")?;
    println!(
        "{} reads/s over two processes; {} edits through catalog-admin at {}/s, {} with psql; \
         each edit watched every 5 ms in each process.",
        plan.read_rate, plan.admin_edits, plan.edit_rate, plan.psql_edits
    );
    let result = freshness::run(&stack.addresses(), &plan).await?;
    for (address, delays) in &result.delays {
        println!(
            "\nFrom an edit's acknowledgement to the first answer of {address} that shows it:"
        );
        print!("{}", freshness::bars(delays));
    }
    println!("\n{}", report::table(&result.rows));
    let path = Path::new("bench/reports/freshness.json");
    report::write_json(&root.join(path), &result.rows)?;
    println!("Written to {}.", path.display());
    Ok(report::all_met(&result.rows))
}
