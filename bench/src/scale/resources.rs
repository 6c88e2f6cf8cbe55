//! What is asked of each part, and what it carries.

use super::{Costs, Design, Layers, Plan};
use crate::report::as_figure;

/// A script is as much work as so many commands: it makes three or four, and is run.
const SCRIPT: f64 = 4.0;
const MICROS: f64 = 1e6;

/// What is asked of a part.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Which part, and what of it.
    pub name: &'static str,
    /// What is asked.
    pub load: f64,
    /// What all of them together carry.
    pub limit: f64,
    /// The unit of both.
    pub unit: &'static str,
}

impl Resource {
    /// The part of it that is used; more than 1 is more than there is.
    pub fn used(&self) -> f64 {
        self.load / self.limit
    }
}

/// What is asked of each part.
pub fn resources(plan: &Plan, layers: &Layers, design: &Design, costs: &Costs) -> [Resource; 8] {
    let resource = |name, load, limit, unit| Resource { name, load, limit, unit };
    let edits = as_figure(plan.edits);
    let askers = f64::from(design.askers(plan.pods));
    let [shards, replicas, brokers] =
        [design.shards, design.replicas, design.brokers].map(f64::from);
    // Every load looks; what finds nothing asks for the lease and fills. Each edit raises a floor, and what
    // was there is leased and filled again.
    let scripts = 2.0 * layers.missed + edits + 2.0 * layers.reloaded;
    let bodies = layers.loads + layers.reloaded;
    let polls = askers * 1_000.0 / as_figure(plan.poll_millis);
    // Every asker is told of every edit once.
    let rows = askers * edits;
    let primary = polls * costs.poll_micros + rows * costs.poll_row_micros;
    [
        resource("process: processors", processors(plan, layers, costs), costs.pod_processors, ""),
        resource(
            "Redis: commands",
            layers.loads + SCRIPT * scripts,
            shards * costs.redis_commands,
            "/s",
        ),
        resource(
            "Redis: bytes",
            bodies * as_figure(plan.document_bytes),
            shards * costs.network_bytes,
            "B/s",
        ),
        resource(
            "replicas: products",
            layers.replica_loads(),
            replicas * costs.replica_loads,
            "/s",
        ),
        resource("replica: connections", askers * costs.replica_pool, costs.connections, ""),
        resource("primary: processors", primary / MICROS, costs.primary_processors, ""),
        resource("primary: connections", askers, costs.connections, ""),
        resource(
            "Kafka: bytes",
            askers * edits * costs.record_bytes,
            brokers * costs.network_bytes,
            "B/s",
        ),
    ]
}

/// The part of which most is used.
pub fn ends_first(resources: &[Resource]) -> Option<&Resource> {
    resources.iter().max_by(|one, other| one.used().total_cmp(&other.used()))
}

/// Processors that one process takes.
fn processors(plan: &Plan, layers: &Layers, costs: &Costs) -> f64 {
    reading(plan, layers, costs) / f64::from(plan.pods) + listening(plan, costs)
}

/// How many processes have the processors for these reads; infinite when changes alone take all of one.
pub fn least_pods(plan: &Plan, layers: &Layers, costs: &Costs) -> f64 {
    let left = costs.pod_processors - listening(plan, costs);
    if left > 0.0 { (reading(plan, layers, costs) / left).ceil() } else { f64::INFINITY }
}

/// Processors that reads take, of all processes.
fn reading(plan: &Plan, layers: &Layers, costs: &Costs) -> f64 {
    (as_figure(plan.reads) * costs.read_micros + layers.loads * costs.load_micros) / MICROS
}

/// Processors that changes take, of each process.
fn listening(plan: &Plan, costs: &Costs) -> f64 {
    as_figure(plan.edits) * costs.change_micros / MICROS
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYERS: Layers = Layers {
        memory: 0.6,
        redis: 0.3,
        replica: 0.1,
        loads: 2_000_000.0,
        missed: 50_000.0,
        reloaded: 1_000.0,
        window: 600.0,
        redis_time: 100.0,
        least_recently_used: 0.5,
    };

    fn of(name: &str, design: &Design) -> Resource {
        let all = resources(&Plan::STANDARD, &LAYERS, design, &Costs::DEFAULT);
        all.into_iter().find(|it| it.name == name).unwrap()
    }

    #[test]
    fn what_each_process_asks_for_is_divided_by_a_relay() {
        let relay = Design { pods_of_a_relay: 20, ..Design::TODAY };
        for name in ["primary: processors", "primary: connections", "Kafka: bytes"] {
            let [each, one] = [&Design::TODAY, &relay].map(|design| of(name, design).load);
            assert!((each / one - 20.0).abs() < 1e-9, "{name}");
        }
        // 4,000 polls of 100 µs, and 2,000,000 rows of 1.5 µs.
        assert!((of("primary: processors", &Design::TODAY).load - 3.4).abs() < 1e-9);
        assert!((of("Kafka: bytes", &Design::TODAY).load - 1e9).abs() < 1.0);
    }

    #[test]
    fn commands_are_looks_and_scripts_and_shards_share_them() {
        let shards = Design { shards: 4, ..Design::TODAY };
        let commands = of("Redis: commands", &shards);
        assert!((commands.load - (2_000_000.0 + 4.0 * 104_000.0)).abs() < 1e-3);
        let one = of("Redis: commands", &Design::TODAY);
        assert!((one.used() / commands.used() - 4.0).abs() < 1e-9);
    }

    #[test]
    fn as_many_processes_as_are_needed_have_the_processors() {
        let (plan, costs) = (Plan::STANDARD, Costs::DEFAULT);
        let needed = least_pods(&plan, &LAYERS, &costs);
        // 60 for answers and 300 for loads, of which each has 2 without what changes take.
        assert!((needed - (360.0_f64 / 1.984).ceil()).abs() < 1e-9, "{needed}");
        let swamped = Costs { change_micros: 1_000.0, ..costs };
        assert!(least_pods(&plan, &LAYERS, &swamped).is_infinite());
    }

    #[test]
    fn the_part_that_is_used_most_ends_first() {
        let all = resources(&Plan::STANDARD, &LAYERS, &Design::TODAY, &Costs::DEFAULT);
        assert_eq!(ends_first(&all).unwrap().name, "Redis: commands");
    }
}
