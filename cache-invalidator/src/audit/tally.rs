//! How often which cache was true.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use metrics::{counter, gauge};
use parking_lot::Mutex;

use super::{
    Delay,
    finding::{Finding, Judgement},
    sighting::Layer,
};
use crate::metrics::{
    AUDIT_AGE, AUDIT_CONFIRMED, AUDIT_FAILURES, AUDIT_INCOMPLETE, AUDIT_INCONSISTENCIES,
    AUDIT_NINES, AUDIT_PROBES, AUDIT_WITHIN_BOUND,
};

/// So many findings are kept for the report, the last ones; of those that are confirmed as many again.
const KEPT: usize = 50;
/// For so long a finding's age is shown.
const SHOWN: Duration = Duration::from_mins(1);

/// How often which cache was true, since the process began.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// By delay and layer, in the order of their variants.
    cells: [[Cell; 2]; 3],
    findings: VecDeque<Finding>,
    confirmed: VecDeque<Finding>,
    /// Of each layer: how old the oldest finding was, and when that was seen.
    ages: [Option<(Duration, Instant)>; 2],
}

/// Writes that were looked at in one layer after one delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cell {
    /// Of which the layer had something.
    pub(super) probes: u64,
    /// Of which what it had was wrong.
    pub(super) inconsistent: u64,
    /// Of which it had what was before them, and might.
    pub(super) within_bound: u64,
}

/// What a look at one write in one layer gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Consistent,
    WithinBound,
    Inconsistent,
    /// Not all who might have it answered.
    Unknown,
}

impl Cell {
    /// The nines that the probes support: -log₁₀ of the rate of inconsistencies, of which there are taken to
    /// be three at least. So many may be missed by probes that found none (95 % confidence, the rule of three).
    /// <https://doi.org/10.1001/jama.1983.03330370053031>
    #[expect(clippy::cast_precision_loss, reason = "so many probes are never made")]
    pub(super) fn nines(self) -> f64 {
        let rate = self.inconsistent.max(3) as f64 / self.probes.max(1) as f64;
        (-rate.log10()).max(0.0)
    }
}

/// A layer, or a part of it, could not be looked at.
pub(super) fn failed(layer: Layer) {
    counter!(AUDIT_FAILURES, "layer" => layer.label()).increment(1);
}

impl Tally {
    /// A write was looked at.
    pub(super) fn probed(&self, after: Delay, layer: Layer, outcome: Outcome) {
        let labels = [("layer", layer.label()), ("after_seconds", after.label())];
        if outcome == Outcome::Unknown {
            counter!(AUDIT_INCOMPLETE, &labels).increment(1);
            return;
        }
        let inconsistent = u64::from(outcome == Outcome::Inconsistent);
        let within_bound = u64::from(outcome == Outcome::WithinBound);
        let nines = {
            let mut counts = self.0.lock();
            let cell = &mut counts.cells[after as usize][layer as usize];
            cell.probes += 1;
            cell.inconsistent += inconsistent;
            cell.within_bound += within_bound;
            cell.nines()
        };
        counter!(AUDIT_PROBES, &labels).increment(1);
        counter!(AUDIT_INCONSISTENCIES, &labels).increment(inconsistent);
        counter!(AUDIT_WITHIN_BOUND, &labels).increment(within_bound);
        gauge!(AUDIT_NINES, &labels).set(nines);
    }

    /// Something wrong was found.
    pub(super) fn found(&self, finding: Finding) {
        let mut counts = self.0.lock();
        let (now, age) = (Instant::now(), finding.age);
        let oldest = &mut counts.ages[finding.layer as usize];
        if oldest.is_none_or(|(known, at)| known <= age || now.duration_since(at) > SHOWN) {
            *oldest = Some((age, now));
        }
        let kept = if finding.judgement == Judgement::Confirmed {
            counter!(AUDIT_CONFIRMED, "layer" => finding.layer.label()).increment(1);
            &mut counts.confirmed
        } else {
            &mut counts.findings
        };
        kept.truncate(KEPT - 1);
        kept.push_front(finding);
    }

    /// Shows how old the oldest finding of the last minute was; 0 without one.
    pub fn show_ages(&self) {
        let (now, ages) = (Instant::now(), self.0.lock().ages);
        for layer in Layer::ALL {
            let age = ages[layer as usize].filter(|(_, at)| now.duration_since(*at) <= SHOWN);
            let age = age.map_or(0.0, |(age, _)| age.as_secs_f64());
            gauge!(AUDIT_AGE, "layer" => layer.label()).set(age);
        }
    }

    pub(super) fn cell(&self, after: Delay, layer: Layer) -> Cell {
        self.0.lock().cells[after as usize][layer as usize]
    }

    /// The last ones, the confirmed before the others, and of each the newest first.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let counts = self.0.lock();
        counts.confirmed.iter().chain(&counts.findings).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nines(probes: u64, inconsistent: u64) -> f64 {
        Cell { probes, inconsistent, within_bound: 0 }.nines()
    }

    #[test]
    fn so_many_probes_support_so_many_nines() {
        let near = |value: f64, wanted: f64| (value - wanted).abs() < 1e-9;
        assert!(near(nines(0, 0), 0.0) && near(nines(3, 0), 0.0) && near(nines(2, 2), 0.0));
        assert!(near(nines(3_000, 0), 3.0) && near(nines(300_000, 0), 5.0));
        assert!(near(nines(3_000, 1), 3.0) && near(nines(1_000, 10), 2.0));
    }
}
