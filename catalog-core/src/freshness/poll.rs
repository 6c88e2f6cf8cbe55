//! What a pod asks the primary, and what it is told.

use super::{Beat, Epoch, Moment, Row, Snapshot, Unseen, Xid};

/// Which rows a poll asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Those at or above the horizon of the poll's own snapshot: the first of an epoch.
    Beginning,
    /// Those that earlier polls of the epoch have not seen.
    Unseen(Unseen),
}

/// What the primary said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Answer {
    /// Of the history row.
    pub epoch: Epoch,
    /// Of the history row.
    pub beat: Beat,
    /// Whether the incarnation row, read in the same statement, equals the history row's epoch and
    /// the server's own identifier. If not, nothing else in the answer means anything.
    pub counts: bool,
    /// Of the statement.
    pub snapshot: Snapshot,
    /// The rows asked for.
    pub rows: Vec<Row>,
}

/// What a replica knew when this process started.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fill {
    /// Of the history row.
    pub epoch: Epoch,
    /// Of the statement's snapshot. Not the snapshot itself: on a standby its list of transactions
    /// in progress is empty whatever is in progress, so only what is below the horizon is certain.
    pub horizon: Xid,
    /// Every row at or above it has been taken.
    pub floor: Xid,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A poll that counted, as readers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Published {
    /// When it was sent.
    pub sent: Moment,
    /// The horizon of its snapshot.
    pub horizon: Xid,
}
