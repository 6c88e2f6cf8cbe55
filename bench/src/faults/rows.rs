//! The report.

use std::time::Duration;

use super::{Phase, Plan};
use crate::{
    load::{
        Counts, EditCounts, Pace, Reading, Way, complete_row, rate_row, read_rows, refused_rows,
    },
    report::{Row, as_figure, conditions},
};

/// From the first turn of the load until its last answer, between the faults too.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub(super) products: usize,
    pub(super) pace: Pace,
    pub(super) reading: Reading,
    pub(super) lost: u64,
    pub(super) naive: Option<Counts>,
}

impl Phase {
    /// The report's rows.
    pub fn rows(&self) -> Vec<Row> {
        let of = format!("{}: ", self.fault.name);
        let (counts, leaves) = (&self.reading.counts, self.fault.leaves);
        let mut rows = read_rows(&of, &self.reading);
        rows.push(Row::told(format!("{of}reads sent a second"), self.reads_a_second(), "/s"));
        rows.extend(edit_rows(&of, "admin", counts.admin, leaves.contains(&Way::Admin)));
        rows.extend(edit_rows(&of, "psql", counts.psql, leaves.contains(&Way::Psql)));
        rows.push(Row::none(format!("{of}acknowledged edits lost"), self.lost));
        rows.push(Row::told(format!("{of}recovered after"), self.recovery.as_secs_f64(), "s"));
        rows
    }

    fn reads_a_second(&self) -> f64 {
        let length = self.length.max(Duration::from_millis(1));
        as_figure(self.reading.counts.sent) / length.as_secs_f64()
    }
}

impl Whole {
    pub(super) fn rows(&self, plan: &Plan) -> Vec<Row> {
        let of = "whole run: ";
        let counts = &self.reading.counts;
        let mut rows = vec![rate_row(of, self.pace.a_second(), plan.read_rate)];
        rows.extend(read_rows(of, &self.reading));
        rows.push(complete_row(of, &self.reading));
        rows.extend(edit_rows(of, "admin", counts.admin, true));
        rows.extend(edit_rows(of, "psql", counts.psql, true));
        rows.push(Row::none(format!("{of}acknowledged edits lost"), self.lost));
        if let Some(naive) = &self.naive {
            // So that it is seen that the judge would notice.
            let name = "a naive reader: older than the bound without saying so";
            rows.push(Row::some(name, naive.beyond_bound));
            rows.push(Row::count("a naive reader: answers judged", naive.judged));
        }
        rows.extend(conditions(self.products));
        rows
    }
}

/// Where edits go on, none at all would mean that nothing was tried.
fn edit_rows(of: &str, way: &str, edits: EditCounts, go_on: bool) -> [Row; 3] {
    let name = format!("{of}{way} edits acknowledged");
    let [refused, not_sent] = refused_rows(of, way, edits);
    let row = Row::some(name, edits.acknowledged);
    [if go_on { row } else { row.untargeted() }, refused, not_sent]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{faults::Fault, load::Tally, report::all_met};

    fn phase(name: &str, admin: u64, psql: u64) -> Phase {
        let fault = Fault::KILLS.iter().copied().find(|fault| fault.name == name).unwrap();
        let mut reading = Tally::default().reading();
        reading.counts.admin.acknowledged = admin;
        reading.counts.psql.acknowledged = psql;
        let (length, recovery) = (Duration::from_secs(11), Duration::from_secs(1));
        Phase { fault, reading, naive: None, length, lost: 0, recovery }
    }

    #[test]
    fn a_fault_without_the_edits_that_go_on_is_missed() {
        for (name, admin, psql, met) in [
            ("Redis killed", 500, 50, true),
            ("Redis killed", 500, 0, false),
            ("Redis killed", 0, 50, false),
            ("admin killed", 0, 50, true),
            ("admin killed", 500, 0, false),
            ("primary killed", 0, 0, true),
        ] {
            assert_eq!(all_met(&phase(name, admin, psql).rows()), met, "{name} {admin} {psql}");
        }
    }
}
