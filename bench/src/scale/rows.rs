//! The report.

use super::{Costs, Design, Layers, Point, Sweep, least_pods, resources};
use crate::report::{Row, as_figure};

/// All figures: the plan's, and for each number of processes what of each part is used.
pub fn rows(sweep: &Sweep, costs: &Costs, grown: &Design) -> Vec<Row> {
    let mut rows = process_rows(&sweep.main, costs);
    let designs = [("today", &Design::TODAY), ("grown", grown)];
    for (name, design) in designs {
        rows.extend(shared_rows(&format!("{name}: "), &sweep.main, design, costs));
    }
    for (name, design) in designs {
        for point in sweep.same_for_each.iter().chain(&sweep.same_in_all) {
            rows.extend(used_rows(name, point, design, costs));
        }
    }
    rows
}

/// What a process does, whatever is shared.
fn process_rows(main: &Point, costs: &Costs) -> Vec<Row> {
    let Point { plan, behaviour } = main;
    let layers = main.layers(&Design::TODAY);
    let whole = behaviour.whole();
    let part =
        |name: &str, some| Row::told(format!("answers {name}"), percent(whole.part(some)), "%");
    let recent = as_figure(plan.recent_limit as u64) * costs.recent_bytes / 1e6;
    vec![
        Row::count("processes", plan.pods.into()),
        Row::count("products", plan.products),
        Row::count("reads a second", plan.reads),
        Row::told("reads a second of each process", plan.reads_of_a_pod(), ""),
        Row::count("edits a second", plan.edits),
        Row::count("simulated reads that are counted", whole.reads),
        Row::told("products in a process's memory", behaviour.entries, ""),
        part("out of memory", whole.reads - whole.waited()),
        part("out of memory and loaded again beside: overtaken within the bound", whole.refreshed),
        part("loaded first: overtaken beyond the bound", whole.overtaken),
        part("loaded first: not in memory", whole.absent),
        Row::told(
            "the same memory, least recently used, by Che's approximation: answers out of memory",
            percent(layers.least_recently_used),
            "%",
        ),
        Row::told("changes are remembered for, simulated", behaviour.remembered, "s"),
        Row::told("changes are remembered for, computed", layers.window, "s"),
        Row::told("a process's memory for changes at the most", recent, "MB"),
    ]
}

/// What is asked of what processes share, and how much of it there is.
fn shared_rows(of: &str, main: &Point, design: &Design, costs: &Costs) -> Vec<Row> {
    let layers = main.layers(design);
    let name = |what: &str| format!("{of}{what}");
    let Layers { redis, replica, loads, missed, reloaded, .. } = layers;
    let mut rows = vec![
        Row::told(name("answers out of Redis"), percent(redis), "%"),
        Row::told(name("answers out of a replica"), percent(replica), "%"),
        Row::told(
            name("Redis keeps what nobody asks for"),
            layers.redis_time.min(as_figure(main.plan.redis_life)),
            "s",
        ),
        Row::told(name("loads"), loads, "/s"),
        Row::told(name("loads that find nothing in Redis"), missed, "/s"),
        Row::told(name("edits of what Redis holds"), reloaded, "/s"),
        Row::told(name("processes for these reads"), least_pods(&main.plan, &layers, costs), ""),
        Row::count(name("who polls, and follows the topic"), design.askers(main.plan.pods).into()),
    ];
    for resource in resources(&main.plan, &layers, design, costs) {
        rows.push(Row::told(name(resource.name), resource.load, resource.unit));
        let used = format!("{of}{}, of what there is", resource.name);
        rows.push(Row::told(used, percent(resource.used()), "%"));
    }
    rows
}

fn used_rows(name: &str, point: &Point, design: &Design, costs: &Costs) -> Vec<Row> {
    let Point { plan, .. } = point;
    let of = format!("{name}, {} processes, {} reads/s: ", plan.pods, plan.reads);
    let used = resources(plan, &point.layers(design), design, costs);
    used.iter().map(|it| Row::told(format!("{of}{}", it.name), percent(it.used()), "%")).collect()
}

/// As reports show shares.
pub(super) fn percent(share: f64) -> f64 {
    100.0 * share
}
