//! What to do with what memory holds: the table of the freshness rule.

use std::time::Duration;

use catalog_core::freshness::{Moment, Verdict};

use super::Reader;
use crate::freshness::{Freshness, Label, Standing};

/// What to do with what memory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Answer with it.
    Serve(Label),
    /// Answer with it, and have it loaded again.
    Refresh,
    /// Load first.
    Load,
}

/// Decides by the rule.
///
/// | what | then |
/// |---|---|
/// | current, within the bound | serve |
/// | superseded or not provable, within the bound | serve, and load once |
/// | past the bound | load, if a load can be proven |
/// | past the bound, and no poll within it | labelled: nothing that is loaded can be proven either |
/// | not known to be any good for longer than `max_stale` | load |
fn decide(
    freshness: &Freshness,
    max_stale: Duration,
    standing: &Standing,
    now: Moment,
) -> Decision {
    let assessment = freshness.assess(standing, now);
    let label = assessment.label;
    if label.is_stale() && now.since(standing.known_at()) > max_stale {
        return Decision::Load;
    }
    match assessment.verdict {
        Verdict::Current => Decision::Serve(label),
        Verdict::Superseded(_) | Verdict::Unprovable => {
            if label.is_stale() && freshness.is_polling(now) {
                Decision::Load
            } else {
                Decision::Refresh
            }
        }
    }
}

impl Reader {
    /// What to do with what stands so, now.
    pub fn decide(&self, standing: &Standing) -> Decision {
        decide(&self.freshness, self.limits.max_stale, standing, self.clock.now())
    }

    /// Whether it may be answered, labelled, when nothing better can be had.
    pub(super) fn is_last_resort(&self, standing: &Standing) -> bool {
        self.clock.now().since(standing.known_at()) <= self.limits.max_stale
    }
}
