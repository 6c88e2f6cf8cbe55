//! The simulation beside a small case that was measured.

use super::{Design, Layers, Measured, Plan, rows::percent, simulate};
use crate::report::Row;

/// So many percentage points may lie between the simulated and the measured.
const NEAR: f64 = 3.0;

/// Simulates just what was measured, and compares: the share of each layer in the answers, and how often
/// memory was filled. The plan says of the processes what cannot be seen from outside.
pub fn check(measured: &Measured, plan: &Plan) -> anyhow::Result<Vec<Row>> {
    let plan = measured.plan(plan);
    let behaviour = simulate(&plan)?;
    // A small case fits into any Redis.
    let layers = Layers::of(&plan, &behaviour, Design::TODAY.redis_bytes());
    let whole = behaviour.whole();
    let mut rows = vec![
        Row::count("processes", plan.pods.into()),
        Row::count("products", plan.products),
        Row::count("reads a second", plan.reads),
        Row::count("edits a second", plan.edits),
        Row::told("products that fit into a process's memory", plan.entries(), ""),
    ];
    for (name, simulated, seen) in [
        ("answers out of memory", layers.memory, measured.memory),
        ("answers out of Redis", layers.redis, measured.redis),
        ("answers out of a database", layers.replica, measured.database),
        ("fills of memory for each answer", whole.part(whole.loads()), measured.fills),
    ] {
        rows.push(Row::told(format!("{name}, simulated"), percent(simulated), "%"));
        rows.push(Row::told(format!("{name}, measured"), percent(seen), "%"));
        let apart = percent((simulated - seen).abs());
        rows.push(Row::below(format!("{name}, apart by"), apart, "pp", NEAR));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::all_met;

    #[test]
    fn a_measurement_is_met_by_itself_and_missed_by_another() {
        let plan = Plan { memory_bytes: 4 << 20, ..Plan::STANDARD };
        let mut measured = Measured {
            pods: 2,
            products: 10_000,
            reads: 2_000,
            edits: 20,
            seconds: 30,
            memory: 0.0,
            redis: 0.0,
            database: 0.0,
            fills: 0.0,
            entry_bytes: 2_000,
        };
        let small = measured.plan(&plan);
        assert_eq!((small.simulated_reads, small.simulated_pods), (30_000, 2));
        let behaviour = simulate(&small).unwrap();
        let layers = Layers::of(&small, &behaviour, Design::TODAY.redis_bytes());
        let whole = behaviour.whole();
        (measured.memory, measured.redis) = (layers.memory, layers.redis);
        (measured.database, measured.fills) = (layers.replica, whole.part(whole.loads()));
        assert!(all_met(&check(&measured, &plan).unwrap()));
        measured.memory -= 0.031;
        assert!(!all_met(&check(&measured, &plan).unwrap()));
    }
}
