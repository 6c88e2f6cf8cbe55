//! What a caller has written and seen, so that no later answer to it goes back behind that.

use smallvec::SmallVec;

use super::{Epoch, Part, Proof, Unseen, Xid};

/// How many things a token names, as a rule; what was seen before them is folded into an id.
pub const NAMED: usize = 12;
/// It names so many times more as long as polls have not seen them.
const UNSEEN_NAMED: usize = 4;
/// How many things any token names at the most.
#[cfg(test)]
pub(crate) const MOST_NAMED: usize = NAMED * UNSEEN_NAMED;

/// What a caller has written and seen. Whoever writes is given one; whoever brings one to a read is
/// given it back with what was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Token {
    pub(crate) epoch: Epoch,
    /// Of what is not named, all that transactions up to this one wrote may have been seen.
    pub(crate) folded: Xid,
    /// The same of what no poll had seen yet: rarely anything, since a poll sees it within moments.
    pub(crate) folded_unseen: Xid,
    /// In the order in which they were written or seen.
    pub(crate) named: SmallVec<[Part; 4]>,
}

/// Whether an entry may answer a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It has all that the token tells of.
    Admitted,
    /// At least this version must be loaded.
    Behind(Part),
    /// It may lack something that is not named. It has it if the rule holds as of a poll that was sent
    /// after the request had arrived, or once its horizon is above what the token tells of.
    Unproven,
    /// It is of an earlier epoch than the token.
    EarlierEpoch,
    /// The token is of an earlier epoch: what it tells of may be lost.
    LostWith(Epoch),
}

/// A write that has been acknowledged.
#[derive(Debug, Clone, Copy)]
pub struct AcknowledgedWrite<'a> {
    /// In which epoch.
    pub epoch: Epoch,
    /// By which transaction, or a later one.
    pub xid: Xid,
    /// What of it is to be named.
    pub parts: &'a [Part],
    /// What the primary did not show yet in a snapshot before the acknowledgement. What it showed, every
    /// poll that is sent from then on sees.
    pub unseen: &'a Unseen,
}

/// By what an entry is known to be current, for a request with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proven {
    /// By a poll that was sent after the request had arrived.
    SinceArrival,
    /// By an earlier one, or not at all.
    Before,
}

impl Token {
    /// Tells of nothing, in this epoch.
    pub fn new(epoch: Epoch) -> Self {
        Self { epoch, folded: Xid(0), folded_unseen: Xid(0), named: SmallVec::new() }
    }

    /// After a write that has been acknowledged, so that every poll that is sent from then on sees it: on
    /// top of what was brought. Says whether what was brought tells of an earlier epoch, so that it may be
    /// lost. What is of a later one stays as it is: the primary that was written to is then not the one
    /// that counts.
    pub fn after_write(
        brought: Option<Self>,
        write: &AcknowledgedWrite<'_>,
        names: usize,
    ) -> (Self, bool) {
        let is_lost = brought.as_ref().is_some_and(|brought| brought.epoch < write.epoch);
        let mut token = brought.filter(|_| !is_lost).unwrap_or_else(|| Self::new(write.epoch));
        if token.epoch == write.epoch {
            token.folded = token.folded.max(write.xid);
            let is_seen = |xid| xid == write.xid || !write.unseen.contains(xid);
            token.name(write.parts, is_seen, names);
        }
        (token, is_lost)
    }

    /// With what a statement showed that proves nothing part by part, such as a list. No transaction at
    /// or above `end` had ended in its snapshot. What the primary shows is visible to every poll that
    /// is sent from then on; a replica may be ahead of it.
    pub fn listed(&mut self, end: Xid, by_primary: bool) {
        let folded = if by_primary { &mut self.folded } else { &mut self.folded_unseen };
        *folded = (*folded).max(Xid(end.0.saturating_sub(1)));
    }

    /// Whether the polls that left this unseen have seen all that it tells of. Then a statement that is
    /// sent to the primary from now on shows all of it.
    pub fn is_seen(&self, unseen: &Unseen) -> bool {
        let last = self.folded_unseen;
        let is_folded_seen = last == Xid(0)
            || (last < unseen.from && unseen.also.iter().all(|in_progress| *in_progress > last));
        is_folded_seen && self.named.iter().all(|named| !unseen.contains(named.xid))
    }

    /// The epoch in which all of it happened.
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Whether an entry may answer it.
    pub fn admits(&self, entry: Proof<'_>, proven: Proven) -> Admission {
        if entry.epoch != self.epoch {
            return if entry.epoch < self.epoch {
                Admission::EarlierEpoch
            } else {
                Admission::LostWith(self.epoch)
            };
        }
        let named = |part: &Part| self.named.iter().find(|named| named.key == part.key);
        for part in entry.parts {
            if let Some(named) = named(part).filter(|named| part.version < named.version) {
                return Admission::Behind(*named);
            }
        }
        let is_all_named = entry.parts.iter().all(|part| named(part).is_some());
        let seen = proven == Proven::SinceArrival || entry.horizon > self.folded;
        let unseen = self.folded_unseen == Xid(0) || entry.horizon > self.folded_unseen;
        if is_all_named || (seen && unseen) { Admission::Admitted } else { Admission::Unproven }
    }

    /// With what was answered, naming so many things. `unseen` is what the pod's polls have not seen.
    ///
    /// What is no longer named is folded only once a poll has seen it: a replica may show a commit before
    /// the primary does, and a poll that is sent then lacks it.
    pub fn carry(&mut self, answered: &[Part], unseen: &Unseen, names: usize) {
        self.name(answered, |xid| !unseen.contains(xid), names);
    }

    fn name(&mut self, parts: &[Part], is_seen: impl Fn(Xid) -> bool, names: usize) {
        for part in parts {
            match self.named.iter().position(|named| named.key == part.key) {
                Some(known) if self.named[known].version >= part.version => {}
                Some(known) => self.named[known] = *part,
                None => self.named.push(*part),
            }
        }
        while self.named.len() > names {
            let Some(seen) = self.named.iter().position(|named| is_seen(named.xid)) else {
                break;
            };
            self.folded = self.folded.max(self.named.remove(seen).xid);
        }
        while self.named.len() > names * UNSEEN_NAMED {
            self.folded_unseen = self.folded_unseen.max(self.named.remove(0).xid);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{freshness::Version, key::EntityKey};

    const SEEN: Unseen = Unseen { from: Xid(100), also: Vec::new() };

    fn part(id: u128, version: u64, xid: u64) -> Part {
        let key = EntityKey::product(Uuid::from_u128(id));
        Part { key, version: Version(version), xid: Xid(xid) }
    }

    fn after(brought: Option<Token>, epoch: u64, part: Part, names: usize) -> (Token, bool) {
        let unseen = Unseen { from: part.xid, also: Vec::new() };
        let write = AcknowledgedWrite {
            epoch: Epoch(epoch),
            xid: part.xid,
            parts: &[part],
            unseen: &unseen,
        };
        Token::after_write(brought, &write, names)
    }

    /// The first write of a caller, of version 3 of thing 1.
    fn written(xid: u64) -> Token {
        after(None, 5, part(1, 3, xid), NAMED).0
    }

    fn admission(token: &Token, epoch: u64, horizon: u64, of: Part, proven: Proven) -> Admission {
        let entry = Proof { epoch: Epoch(epoch), horizon: Xid(horizon), parts: &[of] };
        token.admits(entry, proven)
    }

    #[test]
    fn what_is_named_is_answered_in_at_least_its_version() {
        let token = written(60);
        let entry = |version| admission(&token, 5, 61, part(1, version, 40), Proven::Before);
        assert_eq!(entry(2), Admission::Behind(part(1, 3, 60)));
        assert_eq!(entry(3), Admission::Admitted);
    }

    #[test]
    fn what_is_not_named_must_be_proven_or_above_what_was_folded() {
        let mut token = Token::new(Epoch(5));
        token.carry(&[part(1, 3, 60)], &SEEN, 1);
        token.carry(&[part(2, 1, 70)], &SEEN, 1);
        let entry = |horizon, proven| admission(&token, 5, horizon, part(3, 1, 10), proven);
        assert_eq!(entry(60, Proven::Before), Admission::Unproven);
        assert_eq!(entry(61, Proven::Before), Admission::Admitted);
        assert_eq!(entry(60, Proven::SinceArrival), Admission::Admitted);
    }

    #[test]
    fn what_no_poll_has_seen_stays_named_and_then_needs_a_higher_horizon() {
        let mut token = Token::new(Epoch(5));
        for id in 0..4 {
            token.carry(&[part(id, 1, 100)], &SEEN, 1);
        }
        assert_eq!(token.named.len(), 4);
        token.carry(&[part(4, 1, 100)], &SEEN, 1);
        let entry = |horizon| admission(&token, 5, horizon, part(9, 1, 10), Proven::SinceArrival);
        assert_eq!(entry(100), Admission::Unproven);
        assert_eq!(entry(101), Admission::Admitted);
    }

    #[test]
    fn what_a_transaction_wrote_beside_what_is_named_must_be_proven() {
        let token = written(60);
        let entry = |horizon, proven| admission(&token, 5, horizon, part(2, 1, 10), proven);
        assert_eq!(entry(60, Proven::Before), Admission::Unproven);
        assert_eq!(entry(61, Proven::Before), Admission::Admitted);
        assert_eq!(entry(60, Proven::SinceArrival), Admission::Admitted);
    }

    #[test]
    fn what_a_list_may_have_shown_ends_below_its_snapshots_end() {
        let mut token = Token::new(Epoch(5));
        token.listed(Xid(70), true);
        let entry = |horizon, proven| admission(&token, 5, horizon, part(2, 1, 10), proven);
        assert_eq!(entry(69, Proven::Before), Admission::Unproven);
        assert_eq!(entry(70, Proven::Before), Admission::Admitted);
        assert_eq!(entry(69, Proven::SinceArrival), Admission::Admitted);
        token.listed(Xid(80), false);
        let entry = |horizon| admission(&token, 5, horizon, part(2, 1, 10), Proven::SinceArrival);
        assert_eq!((entry(79), entry(80)), (Admission::Unproven, Admission::Admitted));
    }

    #[test]
    fn polls_have_seen_all_of_it_once_they_have_seen_each() {
        let mut token = Token::new(Epoch(5));
        assert!(token.is_seen(&Unseen::EVERYTHING));
        token.carry(&[part(1, 1, 99)], &SEEN, 1);
        assert!(token.is_seen(&SEEN) && !token.is_seen(&Unseen { from: Xid(99), also: vec![] }));
        token.folded_unseen = Xid(100);
        let polls = |from, also: &[u64]| Unseen {
            from: Xid(from),
            also: also.iter().copied().map(Xid).collect(),
        };
        assert!(!token.is_seen(&polls(100, &[])) && !token.is_seen(&polls(200, &[98])));
        assert!(token.is_seen(&polls(101, &[])) && token.is_seen(&polls(200, &[150])));
    }

    #[test]
    fn a_write_adds_to_what_was_brought_unless_that_is_of_another_epoch() {
        let first = written(60);
        let after = |epoch, xid| after(Some(first.clone()), epoch, part(2, 1, xid), NAMED);
        let (second, is_lost) = after(5, 70);
        assert!(!is_lost && second.folded == Xid(70));
        assert_eq!(second.named[..], [part(1, 3, 60), part(2, 1, 70)]);
        let (anew, is_lost) = after(6, 9);
        assert!(is_lost && anew.epoch == Epoch(6) && anew.named[..] == [part(2, 1, 9)]);
        assert_eq!(after(4, 90), (first.clone(), false));
    }

    /// A replica showed it before the primary did, and the caller's own write is later.
    #[test]
    fn what_was_brought_stays_named_until_the_primary_has_shown_it() {
        let unseen = Unseen { from: Xid(102), also: vec![Xid(100), Xid(101)] };
        let mut token = Token::new(Epoch(5));
        token.carry(&[part(1, 2, 100)], &unseen, 1);
        let parts = [part(2, 1, 101)];
        let write =
            AcknowledgedWrite { epoch: Epoch(5), xid: Xid(101), parts: &parts, unseen: &unseen };
        let (token, _) = Token::after_write(Some(token), &write, 1);
        let old = |horizon| admission(&token, 5, horizon, part(1, 1, 40), Proven::SinceArrival);
        assert_eq!(old(100), Admission::Behind(part(1, 2, 100)));
        // The caller's own write is what was folded.
        let own = |proven| admission(&token, 5, 101, part(2, 0, 40), proven);
        assert_eq!(own(Proven::Before), Admission::Unproven);
        assert_eq!(own(Proven::SinceArrival), Admission::Admitted);
    }

    #[test]
    fn another_epoch_is_told_apart() {
        let token = written(60);
        let entry = |epoch| admission(&token, epoch, 90, part(1, 9, 80), Proven::SinceArrival);
        assert_eq!(entry(4), Admission::EarlierEpoch);
        assert_eq!(entry(6), Admission::LostWith(Epoch(5)));
    }
}
