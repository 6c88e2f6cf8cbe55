//! Runs the model.

use std::{num::NonZero, process::ExitCode, thread::available_parallelism, time::Instant};

use clap::Parser;
use freshness_model::{
    check::{Failure, check, counterexample, naive_counterexample},
    guards::Guard,
    scope::{DEEP_SCOPES, SCOPES, Scope, named},
};

/// Tries the freshness rule in every order in which its parts can act.
///
/// Ends with 1 when something does not hold that should, and with --without and --naive when all holds.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Take this away, and show the shortest way in which that goes wrong.
    #[arg(long, conflicts_with_all = ["naive", "deep", "scopes"])]
    without: Option<Guard>,
    /// Show how plain cache-aside with a delete after each write goes wrong.
    #[arg(long, conflicts_with_all = ["deep", "scopes"])]
    naive: bool,
    /// Take the larger scopes, which need a quarter of an hour and 2 GB of memory.
    #[arg(long)]
    deep: bool,
    /// Only these scopes; without a name, all of them.
    #[arg(value_parser = names())]
    scopes: Vec<String>,
}

fn names() -> Vec<&'static str> {
    SCOPES.iter().chain(DEEP_SCOPES).map(|scope| scope.name).collect()
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(guard) = arguments.without {
        println!("without: {}", guard.says());
        return tell_expected(counterexample(guard, named(guard.scope())));
    }
    if arguments.naive {
        println!("cache-aside with a delete after each write");
        return tell_expected(naive_counterexample());
    }
    let all = if arguments.deep { DEEP_SCOPES } else { SCOPES };
    let scopes: Vec<&Scope> = if arguments.scopes.is_empty() {
        all.iter().collect()
    } else {
        arguments.scopes.iter().map(|name| named(name)).collect()
    };
    let results: Vec<bool> = scopes.into_iter().map(tell).collect();
    if results.contains(&false) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Checks a scope and tells how it went; says whether all holds.
fn tell(scope: &'static Scope) -> bool {
    println!("{}: {}", scope.name, scope.about);
    let begun = Instant::now();
    let checked = check(scope, available_parallelism().map_or(1, NonZero::get));
    let seconds = begun.elapsed().as_secs_f64();
    println!("  {} states, at most {} steps, {seconds:.1} s", checked.states, checked.depth);
    for failure in &checked.failures {
        tell_steps(failure);
    }
    checked.failures.is_empty()
}

/// Tells of what must go wrong.
fn tell_expected(failure: Option<Failure>) -> ExitCode {
    let Some(failure) = failure else {
        println!("nothing goes wrong, so the model misses what this is for");
        return ExitCode::FAILURE;
    };
    tell_steps(&failure);
    ExitCode::SUCCESS
}

fn tell_steps(failure: &Failure) {
    println!("  does not hold: {}", failure.property);
    for step in failure.way.iter().flatten() {
        println!("    {step}");
    }
}
