//! The judgement of answers.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;
use uuid::Uuid;

use super::{Answer, Ledger, ReadError, Tally, tally::count};

/// Judges every answer by what had been acknowledged, by one clock.
#[derive(Debug, Clone)]
pub struct Judge {
    /// What has been acknowledged.
    pub ledger: Arc<Ledger>,
    /// Where verdicts are counted.
    pub tally: Arc<Tally>,
    /// How old an answer may be without saying so.
    pub bound: Duration,
}

impl Judge {
    /// A judge with nothing acknowledged and nothing counted.
    pub fn new(bound: Duration) -> Self {
        Self { ledger: Arc::default(), tally: Arc::default(), bound }
    }

    /// The same judge with a tally of its own, for what is no part of the load.
    #[must_use]
    pub fn aside(&self) -> Self {
        Self { tally: Arc::default(), ..self.clone() }
    }

    /// Counts what came of a read of `product` that was sent at `asked_at`.
    pub fn judge(&self, product: Uuid, asked_at: Instant, outcome: &Result<Answer, ReadError>) {
        let answer = match outcome {
            Ok(answer) => answer,
            Err(error) => return self.tally.fail(error),
        };
        count(&self.tally.judged);
        if answer.stale {
            count(&self.tally.stale);
        }
        if answer.id != product || self.has_another_mark(answer) {
            count(&self.tally.wrong);
        } else if !answer.stale
            && self.ledger.superseded(product, answer.version, asked_at, self.bound)
        {
            count(&self.tally.beyond_bound);
        }
    }

    fn has_another_mark(&self, answer: &Answer) -> bool {
        self.ledger
            .mark(answer.id, answer.version)
            .is_some_and(|mark| answer.brand.as_ref() != Some(&mark))
    }
}

#[cfg(test)]
mod tests {
    use catalog_core::freshness::Version;

    use super::*;
    use crate::load::{Acknowledged, Way};

    fn answer(version: u64, brand: &str, stale: bool) -> Answer {
        Answer {
            id: Uuid::from_u128(1),
            version: Version(version),
            brand: Some(brand.to_owned()),
            stale,
        }
    }

    #[test]
    fn each_fault_is_counted_apart() {
        let judge = Judge::new(Duration::from_secs(2));
        let (product, start) = (Uuid::from_u128(1), Instant::now());
        let late = start + Duration::from_secs(3);
        let two = Acknowledged {
            product,
            version: Version(2),
            mark: "two".into(),
            way: Way::Admin,
            at: start,
        };
        judge.ledger.acknowledge(two);
        judge.judge(product, late, &Ok(answer(2, "two", false)));
        judge.judge(product, late, &Ok(answer(1, "one", true)));
        judge.judge(product, late, &Ok(answer(1, "one", false)));
        judge.judge(product, late, &Ok(answer(2, "another", false)));
        judge.judge(Uuid::from_u128(9), late, &Ok(answer(2, "two", false)));
        judge.judge(product, late, &Err(ReadError::Transport));
        let counts = judge.tally.counts();
        assert_eq!(
            (counts.judged, counts.stale, counts.beyond_bound, counts.wrong, counts.failed),
            (5, 1, 1, 2, 1)
        );
    }
}
