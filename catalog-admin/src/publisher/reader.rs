//! Events of the log made into what is to be done.

use catalog_core::{
    contract::change::{EPOCH_MESSAGE, TRACEPARENT_MESSAGE},
    freshness::Epoch,
};
use jiff::Timestamp;
use pgwire_replication::{Lsn, ReplicationEvent};
use service_kit::telemetry::Traceparent;

use super::{
    change::Change, decoder::Decoder, error::PublishError, ledger::Commit, pgoutput::Malformed,
    transaction::Transaction,
};

/// What an event asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing.
    Pass,
    /// To publish a part of a transaction.
    Publish(Part),
    /// To publish the last part of a transaction, which ends there.
    End(Part, Commit),
    /// To take this epoch as begun, if it is a greater one.
    Epoch(Epoch),
    /// To note that the log has nothing for us up to there.
    Position(Lsn),
}

/// Changes of one transaction.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) changes: Vec<Change>,
    pub(super) traceparent: Option<Traceparent>,
}

/// Follows the log from transaction to transaction.
#[derive(Debug, Default)]
pub(super) struct Reader {
    decoder: Decoder,
    transaction: Option<Transaction>,
}

impl Reader {
    /// What an event asks for.
    pub(super) fn read(&mut self, event: ReplicationEvent) -> Result<Step, PublishError> {
        match event {
            ReplicationEvent::Begin { commit_time_micros, .. } => {
                self.transaction = Some(Transaction::new(time(commit_time_micros)));
                Ok(Step::Pass)
            }
            ReplicationEvent::XLogData { data, .. } => self.take(&data),
            ReplicationEvent::Message { transactional: true, prefix, content, .. } => {
                let text = str::from_utf8(&content).unwrap_or_default();
                Ok(self.take_message(&prefix, text))
            }
            ReplicationEvent::Commit { end_lsn, .. } => self.end(end_lsn),
            // Of one in the middle of a transaction nothing follows: its end is still to come.
            ReplicationEvent::KeepAlive { wal_end, .. } if self.transaction.is_none() => {
                Ok(Step::Position(wal_end))
            }
            ReplicationEvent::KeepAlive { .. } | ReplicationEvent::Message { .. } => Ok(Step::Pass),
            ReplicationEvent::StoppedAt { .. } => Err(PublishError::Ended),
        }
    }

    fn take(&mut self, data: &[u8]) -> Result<Step, PublishError> {
        let Some(row) = self.decoder.read(data)? else { return Ok(Step::Pass) };
        let transaction = self.transaction.as_mut().ok_or(OUTSIDE)?;
        let change = match row {
            Ok(change) => change,
            // Stopping here would stop the feed for good; the release that knows it publishes all again.
            Err(error) => {
                let trace_id = transaction.traceparent.as_ref().map(Traceparent::trace_id);
                tracing::error!(trace_id, error.message = %error, "a change was not published");
                metrics::counter!(super::metrics::UNREADABLE).increment(1);
                return Ok(Step::Pass);
            }
        };
        let changes = transaction.take(change);
        let traceparent = transaction.traceparent.clone();
        Ok(if changes.is_empty() {
            Step::Pass
        } else {
            Step::Publish(Part { changes, traceparent })
        })
    }

    fn take_message(&mut self, prefix: &str, text: &str) -> Step {
        match prefix {
            TRACEPARENT_MESSAGE => {
                if let Some(transaction) = &mut self.transaction {
                    transaction.traceparent = Traceparent::parse(text);
                }
                Step::Pass
            }
            EPOCH_MESSAGE => text.parse().map_or(Step::Pass, Step::Epoch),
            _ => Step::Pass,
        }
    }

    fn end(&mut self, end: Lsn) -> Result<Step, PublishError> {
        let mut transaction = self.transaction.take().ok_or(OUTSIDE)?;
        let commit = Commit { end, at: transaction.committed_at };
        let part = Part { changes: transaction.rest(), traceparent: transaction.traceparent };
        Ok(Step::End(part, commit))
    }
}

const OUTSIDE: Malformed = Malformed("it is in no transaction");

/// The log counts microseconds since 2000-01-01.
fn time(micros: i64) -> Timestamp {
    const YEAR_2000: i64 = 946_684_800_000_000;
    Timestamp::from_microsecond(micros.saturating_add(YEAR_2000)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn begin() -> ReplicationEvent {
        ReplicationEvent::Begin { final_lsn: Lsn(9), xid: 7, commit_time_micros: 1_000_000 }
    }

    fn commit() -> ReplicationEvent {
        ReplicationEvent::Commit { lsn: Lsn(9), end_lsn: Lsn(10), commit_time_micros: 1_000_000 }
    }

    fn keep_alive() -> ReplicationEvent {
        let wal_end = Lsn(20);
        ReplicationEvent::KeepAlive { wal_end, reply_requested: false, server_time_micros: 0 }
    }

    fn message(transactional: bool, prefix: &str, text: &'static str) -> ReplicationEvent {
        let content = Bytes::from_static(text.as_bytes());
        ReplicationEvent::Message { transactional, lsn: Lsn(8), prefix: prefix.to_owned(), content }
    }

    fn steps(events: impl IntoIterator<Item = ReplicationEvent>) -> Vec<Step> {
        let mut reader = Reader::default();
        events.into_iter().map(|event| reader.read(event).unwrap()).collect()
    }

    #[test]
    fn the_end_of_a_transaction_has_its_time_and_trace() {
        let mut read = steps([begin(), message(true, TRACEPARENT_MESSAGE, TRACEPARENT), commit()]);
        let at = "2000-01-01T00:00:01Z".parse().unwrap();
        let traceparent = Traceparent::parse(TRACEPARENT);
        let part = Part { changes: Vec::new(), traceparent };
        assert_eq!(read.pop(), Some(Step::End(part, Commit { end: Lsn(10), at })));
    }

    #[test]
    fn a_position_counts_only_between_transactions() {
        let read = steps([keep_alive(), begin(), keep_alive(), commit(), keep_alive()]);
        let positions: Vec<usize> = read
            .iter()
            .enumerate()
            .filter_map(|(place, step)| (*step == Step::Position(Lsn(20))).then_some(place))
            .collect();
        assert_eq!(positions, [0, 4]);
    }

    #[test]
    fn an_epoch_counts_only_from_a_transaction_that_was_committed() {
        assert_eq!(steps([message(false, EPOCH_MESSAGE, "8")]), [Step::Pass]);
        let read = steps([begin(), message(true, EPOCH_MESSAGE, "8")]);
        assert_eq!(read[1], Step::Epoch(Epoch(8)));
        for other in [message(true, EPOCH_MESSAGE, "?"), message(true, "another.program", "8")] {
            assert_eq!(steps([other]), [Step::Pass]);
        }
    }

    #[test]
    fn what_stands_outside_of_transactions_is_refused() {
        assert!(Reader::default().read(commit()).is_err());
    }
}
