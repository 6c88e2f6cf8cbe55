//! The same with other numbers of processes.

use super::{Behaviour, Design, Layers, Plan, simulate};

/// How many processes.
const PODS: [u32; 5] = [10, 100, 300, 1_000, 3_000];

/// A plan and what its processes do.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The plan.
    pub plan: Plan,
    /// What its processes do with their reads.
    pub behaviour: Behaviour,
}

/// The plan itself, and with other numbers of processes.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// As it is.
    pub main: Point,
    /// Each process has as many reads as in the plan: more processes, more reads.
    pub same_for_each: Vec<Point>,
    /// All processes together have as many reads as in the plan.
    pub same_in_all: Vec<Point>,
}

impl Point {
    /// Which layer answers how much, when processes share this.
    pub fn layers(&self, design: &Design) -> Layers {
        Layers::of(&self.plan, &self.behaviour, design.redis_bytes())
    }
}

/// Simulates the plan, and what differs from it; `begins` hears of each simulation before it begins.
pub fn sweep(plan: &Plan, begins: impl Fn(&Plan)) -> anyhow::Result<Sweep> {
    let point = |plan: Plan| {
        begins(&plan);
        let behaviour = simulate(&plan)?;
        anyhow::Ok(Point { plan, behaviour })
    };
    let main = point(plan.clone())?;
    // A process does the same with the same reads, however many others there are.
    let for_each = |pods| Point {
        plan: Plan { pods, reads: reads_of(plan, pods), ..plan.clone() },
        behaviour: main.behaviour.clone(),
    };
    let same_for_each = Vec::from(PODS.map(for_each));
    let mut same_in_all = Vec::new();
    for pods in PODS {
        same_in_all.push(if pods == plan.pods {
            main.clone()
        } else {
            point(Plan { pods, simulated_pods: 1, ..plan.clone() })?
        });
    }
    Ok(Sweep { main, same_for_each, same_in_all })
}

/// Reads of so many processes, when each has as many as in the plan.
fn reads_of(plan: &Plan, pods: u32) -> u64 {
    (plan.reads.saturating_mul(pods.into()) / u64::from(plan.pods)).max(1)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    const SMALL: Plan = Plan {
        pods: 100,
        products: 1_000,
        reads: 50_000,
        edits: 100,
        recent_limit: 100,
        simulated_reads: 300,
        ..Plan::STANDARD
    };

    #[test]
    fn reads_grow_with_processes_or_are_divided_among_them() {
        let simulated = RefCell::new(Vec::new());
        let sweep = sweep(&SMALL, |plan| simulated.borrow_mut().push(plan.pods)).unwrap();
        let reads = |points: &[Point]| points.iter().map(|it| it.plan.reads).collect::<Vec<_>>();
        assert_eq!(reads(&sweep.same_for_each), [5_000, 50_000, 150_000, 500_000, 1_500_000]);
        assert_eq!(reads(&sweep.same_in_all), [50_000; 5]);
        assert_eq!(sweep.same_in_all[1], sweep.main);
        // Only once where nothing differs.
        assert_eq!(simulated.into_inner(), [100, 10, 300, 1_000, 3_000]);
    }
}
