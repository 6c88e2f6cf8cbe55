//! One outage and what was counted in it.

use std::{fmt::Write as _, time::Duration};

use devstack::Component;

use crate::{
    load::Counts,
    report::{Row, as_figure},
};

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Victim {
    /// Its name in the report.
    pub name: &'static str,
    /// The process.
    pub component: Component,
}

impl Victim {
    /// All that are killed, each alone. The publisher is part of catalog-admin.
    pub const ALL: [Self; 6] = [
        Self { name: "Redis", component: Component::Redis },
        Self { name: "Kafka", component: Component::Kafka },
        Self { name: "replica", component: Component::Replica },
        Self { name: "primary", component: Component::Primary },
        Self { name: "invalidator", component: Component::Invalidator },
        Self { name: "publisher", component: Component::Admin },
    ];
}

/// What was counted from a kill until after the recovery.
#[derive(Debug, Clone)]
pub struct Phase {
    /// What was killed.
    pub victim: Victim,
    /// The answers and edits.
    pub counts: Counts,
    /// Acknowledged edits that the primary does not have.
    pub lost: u64,
    /// From the restart until an edit was acknowledged and shown, unlabelled, by every process.
    pub recovery: Duration,
}

impl Phase {
    /// The report's rows.
    pub fn rows(&self) -> Vec<Row> {
        let name = |what: &str| format!("{}: {what}", self.victim.name);
        let counts = &self.counts;
        vec![
            Row::told(name("reads"), as_figure(counts.reads), ""),
            Row::told(name("labelled stale"), as_figure(counts.stale), ""),
            Row::none(name("older than the bound without saying so"), counts.beyond_bound),
            Row::none(name("wrong products"), counts.wrong),
            Row::none(name("failed reads"), counts.failed),
            Row::none(name("reads not sent in their turn"), counts.not_sent),
            Row::told(name("edits acknowledged"), as_figure(counts.edits), ""),
            Row::told(name("edits refused"), as_figure(counts.edits_refused), ""),
            Row::none(name("acknowledged edits lost"), self.lost),
            Row::told(name("recovered after"), self.recovery.as_secs_f64(), "s"),
        ]
    }
}

/// The phases as one table, a row an outage.
pub fn table(phases: &[Phase]) -> String {
    let mut text = format!(
        "{:12} {:>8} {:>8} {:>8} {:>6} {:>7} {:>6} {:>8} {:>5} {:>9}\n",
        "killed",
        "reads",
        "stale",
        "beyond",
        "wrong",
        "failed",
        "edits",
        "refused",
        "lost",
        "recovery"
    );
    for phase in phases {
        let counts = &phase.counts;
        writeln!(
            text,
            "{:12} {:>8} {:>8} {:>8} {:>6} {:>7} {:>6} {:>8} {:>5} {:>7.1} s",
            phase.victim.name,
            counts.reads,
            counts.stale,
            counts.beyond_bound,
            counts.wrong,
            counts.failed,
            counts.edits,
            counts.edits_refused,
            phase.lost,
            phase.recovery.as_secs_f64()
        )
        .expect("writing to a String does not fail");
    }
    text
}
