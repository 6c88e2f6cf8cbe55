//! How much an import adds, and when the planner has to learn of it.

use crate::store::Store;
use crate::store::import::ImportCounts;

/// From so many new or changed lines on, the planner has to learn how the tables have grown.
const WORTH_ANALYZING: i64 = 1_000;
/// And again each time that they are so many times as many.
const FACTOR: i64 = 4;

/// What an import has written so far.
#[derive(Debug, Default)]
pub(super) struct Growth {
    written: i64,
    /// The products and categories that the planner knew of when it last looked.
    known: i64,
    /// How much of what was written is among them.
    told: i64,
}

impl Growth {
    /// Of an import into a catalog as the planner knows it. Without an answer, as if it were empty.
    pub(super) async fn begin(store: &Store) -> Self {
        let known = store.known_size().await.unwrap_or_else(|error| {
            tracing::warn!(error.message = %error, "it is not known what the planner knows");
            0
        });
        Self { known, ..Self::default() }
    }

    /// Adds what a batch has written.
    pub(super) fn add(&mut self, counts: ImportCounts) {
        self.written += counts.created + counts.updated;
    }

    /// Tells the planner when its knowledge is far behind, so that neither the next batches nor the
    /// readers go by plans for small tables.
    pub(super) async fn tell_in_between(&mut self, store: &Store) {
        if self.is_far_ahead() {
            self.tell(store).await;
        }
    }

    /// Tells the planner what it does not know yet. Before the import ends, so that who waits for
    /// its end reads at full speed.
    pub(super) async fn tell_at_the_end(&mut self, store: &Store) {
        if self.written >= WORTH_ANALYZING && self.written > self.told {
            self.tell(store).await;
        }
    }

    fn is_far_ahead(&self) -> bool {
        let unknown = self.written - self.told;
        unknown >= WORTH_ANALYZING && self.known + unknown >= self.known * FACTOR
    }

    fn note_told(&mut self) {
        self.known += self.written - self.told;
        self.told = self.written;
    }

    /// Failing, it costs speed alone, until autovacuum comes by.
    async fn tell(&mut self, store: &Store) {
        self.note_told();
        if let Err(error) = store.analyze().await {
            tracing::warn!(error.message = %error, "the planner was not told of an import");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_at(mut growth: Growth) -> Vec<i64> {
        let mut told = Vec::new();
        for _ in 0..100 {
            growth.add(ImportCounts { created: 600, updated: 400, ..ImportCounts::default() });
            if growth.is_far_ahead() {
                growth.note_told();
                told.push(growth.told);
            }
        }
        told
    }

    #[test]
    fn the_planner_is_told_each_time_that_the_catalog_has_quadrupled() {
        assert_eq!(told_at(Growth::default()), [1_000, 4_000, 16_000, 64_000]);
        assert_eq!(told_at(Growth { known: 10_000, ..Growth::default() }), [30_000]);
    }
}
