//! What a PostgreSQL snapshot has seen, and what is left for the next poll to ask for.

use std::str::FromStr;

use super::Xid;

/// The text of `pg_current_snapshot()`: `xmin:xmax:xip,xip,…`.
///
/// Every transaction below `xmin`, the horizon, has ended; none at or above `xmax` has; those in
/// between have ended unless they are listed. Source: PostgreSQL's documentation, "Transaction ID
/// and Snapshot Information Functions".
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Snapshot {
    xmin: Xid,
    xmax: Xid,
    in_progress: Vec<Xid>,
}

/// Which version rows a complete poll has not seen yet: those whose transaction had not ended in
/// its snapshot. A transaction is seen whole or not at all, so the rest need not be asked for again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unseen {
    /// Every row at or above this.
    pub from: Xid,
    /// And the rows of these transactions below it.
    pub also: Vec<Xid>,
}

impl Unseen {
    /// What a poll that saw every transaction has not seen.
    pub const NOTHING: Self = Self { from: Xid(u64::MAX), also: Vec::new() };
    /// What no poll has seen when there was none.
    pub const EVERYTHING: Self = Self { from: Xid(0), also: Vec::new() };

    /// Whether this transaction had not ended.
    pub fn contains(&self, xid: Xid) -> bool {
        xid >= self.from || self.also.contains(&xid)
    }
}

/// A snapshot's text that does not have the documented form.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a snapshot of the form xmin:xmax:xip,…")]
pub struct MalformedSnapshot(String);

impl Snapshot {
    /// Of these transactions, `xmin`, `xmax`, and those in progress between them.
    pub const fn new(xmin: Xid, xmax: Xid, in_progress: Vec<Xid>) -> Self {
        Self { xmin, xmax, in_progress }
    }

    /// Every transaction below it has ended; what this snapshot does not see has an id at or above it.
    pub const fn horizon(&self) -> Xid {
        self.xmin
    }

    /// No transaction at or above it had ended: a row that bears such an id was not written by this
    /// cluster's history.
    pub const fn end(&self) -> Xid {
        self.xmax
    }

    /// What the next poll of the same epoch has to ask for when this one's rows have been taken.
    pub fn unseen(&self) -> Unseen {
        Unseen { from: self.xmax, also: self.in_progress.clone() }
    }
}

impl FromStr for Snapshot {
    type Err = MalformedSnapshot;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || MalformedSnapshot(text.to_owned());
        let number = |part: &str| part.parse::<Xid>().map_err(|_| malformed());
        let mut fields = text.split(':');
        let (Some(xmin), Some(xmax), Some(list), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(malformed());
        };
        let in_progress =
            list.split(',').filter(|id| !id.is_empty()).map(number).collect::<Result<_, _>>()?;
        let snapshot = Self { xmin: number(xmin)?, xmax: number(xmax)?, in_progress };
        if snapshot.xmin > snapshot.xmax { Err(malformed()) } else { Ok(snapshot) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_postgresqls_text_form() {
        let snapshot: Snapshot = "10:20:10,14,15".parse().unwrap();
        assert_eq!((snapshot.horizon(), snapshot.end()), (Xid(10), Xid(20)));
        assert_eq!(
            snapshot.unseen(),
            Unseen { from: Xid(20), also: vec![Xid(10), Xid(14), Xid(15)] }
        );
        let quiet: Snapshot = "20:20:".parse().unwrap();
        assert_eq!(quiet.unseen(), Unseen { from: Xid(20), also: vec![] });
    }

    #[test]
    fn refuses_anything_else() {
        for wrong in ["", "10", "10:20", "20:10:", "10:20:x", "10:20:11:12", "-1:2:"] {
            assert!(wrong.parse::<Snapshot>().is_err(), "{wrong}");
        }
    }
}
