//! The report for people.

use std::fmt::Write as _;

use super::{Costs, Design, Plan, Point, Resource, Sweep, ends_first, resources, rows::percent};

/// What of each part is used, by number of processes, as services are and as they could be.
pub fn page(sweep: &Sweep, costs: &Costs, grown: &Design) -> String {
    let Plan { pods, products, reads, edits, .. } = &sweep.main.plan;
    let mut text = format!(
        "# {pods} processes, {products} products\n\n\
         {reads} reads/s and {edits} edits/s. Simulated and computed, not measured: `bench/scale/README.md` says how, \
         and `scale.json` has every figure. Cells say how much is used of what there is; above 100 % it ends.\n"
    );
    let designs = [
        (
            "As it is: each process polls and follows for itself, Redis is one server",
            &Design::TODAY,
        ),
        ("What carries on: relays, a Redis Cluster, more replicas", grown),
    ];
    for (name, design) in designs {
        let Design { pods_of_a_relay, shards, shard_bytes, replicas, brokers } = design;
        let gigabytes = shard_bytes >> 30;
        section(
            &mut text,
            &format!(
                "## {name}\n\n{pods_of_a_relay} processes a relay, {shards} Redis servers of {gigabytes} GiB, \
                 {replicas} replicas, {brokers} brokers."
            ),
        );
        section(&mut text, "Each process has as many reads as planned:");
        text.push_str(&table(&sweep.same_for_each, design, costs));
        section(&mut text, "All processes together have as many reads as planned:");
        text.push_str(&table(&sweep.same_in_all, design, costs));
    }
    text
}

fn section(text: &mut String, words: &str) {
    writeln!(text, "\n{words}\n").expect("writing to a String does not fail");
}

fn table(points: &[Point], design: &Design, costs: &Costs) -> String {
    let mut text = String::new();
    for (number, point) in points.iter().enumerate() {
        let layers = point.layers(design);
        let used = resources(&point.plan, &layers, design, costs);
        if number == 0 {
            text.push_str(&heads(&used));
        }
        let mut cells = vec![point.plan.pods.to_string(), point.plan.reads.to_string()];
        let shares = [layers.memory, layers.redis, layers.replica];
        cells.extend(shares.map(|share| format!("{:.1} %", percent(share))));
        cells.extend(used.iter().map(|it| format!("{:.0} %", percent(it.used()))));
        cells.push(ends_first(&used).map_or_else(String::new, |it| it.name.to_owned()));
        text.push_str(&line(&cells));
    }
    text
}

fn heads(used: &[Resource]) -> String {
    let first = ["processes", "reads/s", "memory", "Redis", "replica"];
    let heads: Vec<String> = first
        .into_iter()
        .chain(used.iter().map(|it| it.name))
        .chain(["ends first"])
        .map(str::to_owned)
        .collect();
    format!("{}|{}\n", line(&heads), "---|".repeat(heads.len()))
}

fn line(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::{rows, sweep};

    #[test]
    fn every_line_of_a_table_has_as_many_cells_and_every_figure_a_row() {
        let plan =
            Plan { products: 1_000, simulated_reads: 30, recent_limit: 100, ..Plan::STANDARD };
        let sweep = sweep(&plan, |_| ()).unwrap();
        let (costs, grown) = (Costs::DEFAULT, Design::GROWN);
        let page = page(&sweep, &costs, &grown);
        let lines: Vec<&str> = page.lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!(lines.len(), 4 * 7);
        for line in lines {
            assert_eq!(line.matches('|').count(), 15, "{line}");
        }
        let rows = rows(&sweep, &costs, &grown);
        assert!(rows.iter().all(|row| !row.value.is_nan()), "{rows:?}");
        assert_eq!(rows.iter().filter(|row| row.name.contains(" reads/s: ")).count(), 2 * 10 * 8);
    }
}
