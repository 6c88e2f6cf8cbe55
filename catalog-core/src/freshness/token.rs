//! What a caller has written and seen, so that no later answer to it goes back behind that.

use smallvec::SmallVec;

use super::{Epoch, Part, Proof, Unseen, Xid};

/// How many things a token names, as a rule; what was seen before them is folded into an id.
pub const NAMED: usize = 12;
/// It names so many times more as long as polls have not seen them.
const UNSEEN_NAMED: usize = 4;

/// What a caller has written and seen. Whoever writes is given one; whoever brings one to a read is
/// given it back with what was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Token {
    epoch: Epoch,
    /// Of what is not named, all that transactions up to this one wrote may have been seen.
    folded: Xid,
    /// The same of what no poll had seen yet: rarely anything, since a poll sees it within moments.
    folded_unseen: Xid,
    /// In the order in which they were written or seen.
    named: SmallVec<[Part; 4]>,
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

    /// Of a write that has been acknowledged, so that every poll that is sent from then on sees it.
    pub fn of_write(epoch: Epoch, parts: &[Part], names: usize) -> Self {
        let mut token = Self::new(epoch);
        token.carry(parts, &Unseen::NOTHING, names);
        token
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
        for part in answered {
            match self.named.iter().position(|named| named.key == part.key) {
                Some(known) if self.named[known].version >= part.version => {}
                Some(known) => self.named[known] = *part,
                None => self.named.push(*part),
            }
        }
        while self.named.len() > names {
            let Some(seen) = self.named.iter().position(|named| !unseen.contains(named.xid)) else {
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

    fn admission(token: &Token, epoch: u64, horizon: u64, of: Part, proven: Proven) -> Admission {
        let entry = Proof { epoch: Epoch(epoch), horizon: Xid(horizon), parts: &[of] };
        token.admits(entry, proven)
    }

    #[test]
    fn what_is_named_is_answered_in_at_least_its_version() {
        let token = Token::of_write(Epoch(5), &[part(1, 3, 60)], NAMED);
        let entry = |version| admission(&token, 5, 50, part(1, version, 40), Proven::Before);
        assert_eq!(entry(2), Admission::Behind(part(1, 3, 60)));
        assert_eq!(entry(3), Admission::Admitted);
    }

    #[test]
    fn what_is_not_named_must_be_proven_or_above_what_was_folded() {
        let mut token = Token::of_write(Epoch(5), &[part(1, 3, 60)], NAMED);
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
    fn another_epoch_is_told_apart() {
        let token = Token::of_write(Epoch(5), &[part(1, 3, 60)], NAMED);
        let entry = |epoch| admission(&token, epoch, 90, part(1, 9, 80), Proven::SinceArrival);
        assert_eq!(entry(4), Admission::EarlierEpoch);
        assert_eq!(entry(6), Admission::LostWith(Epoch(5)));
    }
}
