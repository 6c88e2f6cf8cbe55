//! What Kafka has not acknowledged yet, in the order of the log.

use std::collections::VecDeque;

use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::FuturesOrdered};
use jiff::Timestamp;
use pgwire_replication::Lsn;

/// The end of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Commit {
    /// Where it ends in the log.
    pub(super) end: Lsn,
    /// When it was committed, by the primary's clock.
    pub(super) at: Timestamp,
}

/// What the oldest entry turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// Kafka has acknowledged a record.
    Record,
    /// Kafka has acknowledged everything up to the end of this transaction.
    Commit(Commit),
}

/// Records and ends of transactions, in the order in which the log has them.
#[derive(Debug)]
pub(super) struct Ledger<E> {
    entries: FuturesOrdered<BoxFuture<'static, Result<Settled, E>>>,
    commits: VecDeque<Timestamp>,
}

impl<E: Send + 'static> Ledger<E> {
    /// An empty one.
    pub(super) fn new() -> Self {
        Self { entries: FuturesOrdered::new(), commits: VecDeque::new() }
    }

    /// Adds a record that was sent.
    pub(super) fn record(
        &mut self,
        acknowledged: impl Future<Output = Result<(), E>> + Send + 'static,
    ) {
        self.entries.push_back(acknowledged.map(|sent| sent.map(|()| Settled::Record)).boxed());
    }

    /// Adds the end of a transaction whose records have been added.
    pub(super) fn commit(&mut self, commit: Commit) {
        self.commits.push_back(commit.at);
        self.entries.push_back(std::future::ready(Ok(Settled::Commit(commit))).boxed());
    }

    /// Waits for the oldest entry; nothing when there is none. Nothing is lost when the wait is
    /// given up.
    pub(super) async fn next(&mut self) -> Option<Result<Settled, E>> {
        let settled = self.entries.next().await;
        if let Some(Ok(Settled::Commit(_))) = settled {
            self.commits.pop_front();
        }
        settled
    }

    /// How many entries wait.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether everything has been acknowledged.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// When the oldest transaction was committed that waits.
    pub(super) fn oldest(&self) -> Option<Timestamp> {
        self.commits.front().copied()
    }
}

#[cfg(test)]
mod tests {
    use futures::channel::oneshot;

    use super::*;

    fn commit(end: u64) -> Commit {
        let at = Timestamp::from_second(end.cast_signed()).unwrap();
        Commit { end: Lsn(end), at }
    }

    fn sent(ledger: &mut Ledger<&'static str>) -> oneshot::Sender<Result<(), &'static str>> {
        let (sender, receiver) = oneshot::channel();
        ledger.record(async { receiver.await.unwrap_or(Err("dropped")) });
        sender
    }

    #[test]
    fn a_transaction_settles_only_after_everything_before_it() {
        let mut ledger = Ledger::new();
        let (first, second) = (sent(&mut ledger), sent(&mut ledger));
        ledger.commit(commit(10));
        let third = sent(&mut ledger);
        ledger.commit(commit(20));

        third.send(Ok(())).unwrap();
        second.send(Ok(())).unwrap();
        assert_eq!(ledger.next().now_or_never(), None, "the first record is still out");
        assert_eq!((ledger.len(), ledger.oldest()), (5, Some(commit(10).at)));

        first.send(Ok(())).unwrap();
        let settled: Vec<_> =
            std::iter::from_fn(|| ledger.next().now_or_never().flatten()).collect();
        let expected = [
            Settled::Record,
            Settled::Record,
            Settled::Commit(commit(10)),
            Settled::Record,
            Settled::Commit(commit(20)),
        ];
        assert_eq!(settled, expected.map(Ok));
        assert!(ledger.is_empty() && ledger.oldest().is_none());
    }

    #[test]
    fn a_failed_record_shows_before_the_end_of_its_transaction() {
        let mut ledger = Ledger::new();
        sent(&mut ledger).send(Err("refused")).unwrap();
        ledger.commit(commit(10));
        assert_eq!(ledger.next().now_or_never(), Some(Some(Err("refused"))));
    }
}
