//! The checker: each product is a register whose values are versions.

use std::{collections::HashMap, time::Duration};

use catalog_core::freshness::Version;
use tokio::time::Instant;
use uuid::Uuid;

/// What a read asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The bound.
    Bounded,
    /// At least what its client wrote and saw, by the token that it sent.
    Session,
    /// What is current.
    Strong,
}

/// What was done, and what came of it. A read that got no answer is no part of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A write was acknowledged.
    Wrote {
        /// Whether the client was told that what it wrote and saw before may be lost.
        lost: bool,
    },
    /// A write was sent, and nobody knows what came of it.
    Tried,
    /// A write was refused because another was faster, so that it has not happened.
    Refused,
    /// A read was answered.
    Read {
        /// What it asked for.
        asked: Asked,
        /// Whether the answer says that it may be older.
        stale: bool,
        /// Whether the client was told that what it wrote and saw before may be lost.
        lost: bool,
    },
}

impl What {
    /// Whether the client was told that what it wrote and saw before may be lost.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Wrote { lost: true } | Self::Read { lost: true, .. })
    }
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Whose. A client does one thing after the other.
    pub client: usize,
    /// Of which product.
    pub product: Uuid,
    /// When it was sent.
    pub begun: Instant,
    /// When its answer had arrived, or was no longer waited for.
    pub ended: Instant,
    /// What it was.
    pub what: What,
    /// Which version was written or seen; 0 of a write that was not acknowledged.
    pub version: Version,
    /// What was written or seen: no two writes leave the same mark.
    pub mark: Option<String>,
}

/// What products were before the first operation: version and mark.
pub type First = HashMap<Uuid, (Version, Option<String>)>;

/// What is known beside a history.
#[derive(Debug, Clone)]
pub struct Known {
    /// How old an answer may be without saying so.
    pub bound: Duration,
    /// What products were before.
    pub first: First,
    /// Before this moment no epoch began; none when none did at all.
    pub epochs_since: Option<Instant>,
}

/// Which promise was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Broken {
    /// Unlabelled, and without a write that had been acknowledged by the bound before.
    Old,
    /// Without something that had been acknowledged, or shown to such a read, before, though it was to
    /// be current.
    NotCurrent,
    /// Less than its client had written or seen.
    WentBack,
    /// Not what was written as this version, or what nobody has written.
    Wrong,
    /// Told that something may be lost though no epoch can have begun, or without a token.
    NotLost,
}

/// An operation that was not as promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// In which way.
    pub broken: Broken,
    /// Which.
    pub operation: Operation,
    /// What it should have been at least.
    pub version: Version,
}

/// All that is not as promised, in a history in the order of each client's own operations. A read that
/// says that it is stale promises nothing but that it is what was once written.
///
/// No write may be lost that anybody was shown: then a version would stand for two documents.
pub fn check(history: &[Operation], known: &Known) -> Vec<Violation> {
    let (marks, times) = (Marks::of(history, &known.first), Times::of(history));
    let mut sessions = Sessions::default();
    let mut violations = Vec::new();
    for operation in history {
        let mut found = |broken, version| {
            violations.push(Violation { broken, operation: operation.clone(), version });
        };
        let is_session = match operation.what {
            What::Tried | What::Refused => continue,
            What::Wrote { .. } => true,
            What::Read { asked, .. } => asked == Asked::Session,
        };
        if operation.what.is_lost() {
            if !is_session || known.epochs_since.is_none_or(|since| operation.ended < since) {
                found(Broken::NotLost, operation.version);
            } else {
                sessions.forget(operation.client);
            }
        }
        if marks.is_wrong(operation) {
            found(Broken::Wrong, operation.version);
        }
        if let What::Read { asked, stale: false, .. } = operation.what {
            for (broken, least) in least(operation, asked, known.bound, &times, &sessions) {
                if operation.version < least {
                    found(broken, least);
                }
            }
        }
        // Of an answer that says that it is stale, too: the token that it gives tells of it.
        if is_session {
            sessions.raise(operation);
        }
    }
    violations
}

/// What an unlabelled answer to this read must have at least, and what is broken if it has not.
fn least(
    read: &Operation,
    asked: Asked,
    bound: Duration,
    times: &Times,
    sessions: &Sessions,
) -> Vec<(Broken, Version)> {
    let written = |moment| Times::before(&times.written, read.product, moment);
    let old = read.begun.checked_sub(bound).map_or(Version(0), written);
    let mut least = vec![(Broken::Old, old)];
    match asked {
        Asked::Bounded => {}
        Asked::Session => least.push((Broken::WentBack, sessions.known(read))),
        Asked::Strong => {
            // Of a write that was not acknowledged nobody knows when it happened, but what one such read
            // was shown no later one may lack.
            let shown = Times::before(&times.shown, read.product, read.begun);
            least.push((Broken::NotCurrent, written(read.begun).max(shown)));
        }
    }
    least
}

/// What each client has written and seen of each product, as its token tells it.
#[derive(Debug, Default)]
struct Sessions(HashMap<(usize, Uuid), Version>);

impl Sessions {
    fn raise(&mut self, operation: &Operation) {
        let known = self.0.entry((operation.client, operation.product)).or_default();
        *known = operation.version.max(*known);
    }

    fn known(&self, read: &Operation) -> Version {
        self.0.get(&(read.client, read.product)).copied().unwrap_or_default()
    }

    fn forget(&mut self, client: usize) {
        self.0.retain(|(other, _), _| *other != client);
    }
}

/// When something had ended, and the greatest version up to then, in the order of time.
type Greatest = HashMap<Uuid, Vec<(Instant, Version)>>;

/// What is certain to have happened at any moment.
struct Times {
    /// By acknowledgements.
    written: Greatest,
    /// By unlabelled answers to strong reads.
    shown: Greatest,
}

impl Times {
    fn of(history: &[Operation]) -> Self {
        let greatest = |counts: fn(&What) -> bool| {
            let mut all = Greatest::new();
            for operation in history.iter().filter(|operation| counts(&operation.what)) {
                let of_product = all.entry(operation.product).or_default();
                of_product.push((operation.ended, operation.version));
            }
            for of_product in all.values_mut() {
                of_product.sort_unstable();
                let mut greatest = Version(0);
                for (_, version) in of_product {
                    greatest = greatest.max(*version);
                    *version = greatest;
                }
            }
            all
        };
        Self {
            written: greatest(|what| matches!(what, What::Wrote { .. })),
            shown: greatest(|what| {
                matches!(what, What::Read { asked: Asked::Strong, stale: false, .. })
            }),
        }
    }

    /// The greatest version of what had ended before this moment.
    fn before(all: &Greatest, product: Uuid, moment: Instant) -> Version {
        let of_product = all.get(&product).map_or(&[][..], Vec::as_slice);
        let ended = of_product.partition_point(|(ended, _)| *ended < moment);
        of_product[..ended].last().map_or(Version(0), |(_, version)| *version)
    }
}

/// What may be seen, and as which version.
struct Marks<'a> {
    first: &'a First,
    /// The writes that may have happened, by their marks.
    writes: HashMap<&'a str, &'a Operation>,
    /// What each version is, and which version each mark is: by acknowledgements, or else by who saw it
    /// first in the history.
    of_version: HashMap<(Uuid, Version), Option<&'a str>>,
    version_of: HashMap<&'a str, Version>,
}

impl<'a> Marks<'a> {
    fn of(history: &'a [Operation], first: &'a First) -> Self {
        let mut marks = Self {
            first,
            writes: HashMap::new(),
            of_version: HashMap::new(),
            version_of: HashMap::new(),
        };
        for (product, (version, mark)) in first {
            marks.of_version.insert((*product, *version), mark.as_deref());
        }
        for operation in history {
            if let (What::Wrote { .. } | What::Tried, Some(mark)) =
                (&operation.what, &operation.mark)
            {
                marks.writes.insert(mark, operation);
            }
            if matches!(operation.what, What::Wrote { .. }) {
                marks.note(operation);
            }
        }
        for operation in history {
            if matches!(operation.what, What::Read { .. }) {
                marks.note(operation);
            }
        }
        marks
    }

    fn note(&mut self, operation: &'a Operation) {
        let mark = operation.mark.as_deref();
        self.of_version.entry((operation.product, operation.version)).or_insert(mark);
        if let Some(mark) = mark {
            self.version_of.entry(mark).or_insert(operation.version);
        }
    }

    /// Whether an acknowledged write or a read has a version that is not what it was to others, or that
    /// nobody can have written by then.
    fn is_wrong(&self, operation: &Operation) -> bool {
        let (product, version) = (operation.product, operation.version);
        let mark = operation.mark.as_deref();
        if self.of_version.get(&(product, version)) != Some(&mark) {
            return true;
        }
        if self.first.get(&product).is_some_and(|(first, _)| *first == version) {
            return matches!(operation.what, What::Wrote { .. });
        }
        let written = mark.and_then(|mark| Some((self.writes.get(mark)?, mark)));
        written.is_none_or(|(write, mark)| {
            write.product != product
                || write.begun > operation.ended
                || self.version_of.get(mark) != Some(&version)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_secs(2);
    const SOCK: Uuid = Uuid::from_u128(1);

    /// A history of one product, of which version 1 was there before.
    struct Told {
        start: Instant,
        epochs_since: Option<Instant>,
        history: Vec<Operation>,
    }

    impl Told {
        fn new() -> Self {
            Self { start: Instant::now(), epochs_since: None, history: Vec::new() }
        }

        fn at(&self, seconds: u64) -> Instant {
            // Some time later, so that times before it exist.
            self.start + Duration::from_secs(60 + seconds)
        }

        fn add(&mut self, client: usize, seconds: u64, version: u64, what: What) -> &mut Self {
            let begun = self.at(seconds);
            self.history.push(Operation {
                client,
                product: SOCK,
                begun,
                ended: begun + Duration::from_millis(10),
                what,
                version: Version(version),
                mark: Some(version.to_string()),
            });
            self
        }

        fn wrote(&mut self, client: usize, seconds: u64, version: u64) -> &mut Self {
            self.add(client, seconds, version, What::Wrote { lost: false })
        }

        /// A write that is not acknowledged and that would have been this version.
        fn unacknowledged(&mut self, seconds: u64, version: u64, what: What) -> &mut Self {
            self.add(0, seconds, version, what);
            self.last().version = Version(0);
            self
        }

        fn read(&mut self, client: usize, seconds: u64, version: u64, asked: Asked) -> &mut Self {
            self.add(client, seconds, version, What::Read { asked, stale: false, lost: false })
        }

        fn labelled(&mut self, client: usize, seconds: u64, version: u64) -> &mut Self {
            let what = What::Read { asked: Asked::Session, stale: true, lost: false };
            self.add(client, seconds, version, what)
        }

        fn last(&mut self) -> &mut Operation {
            self.history.last_mut().unwrap()
        }

        fn marked(&mut self, mark: &str) -> &mut Self {
            self.last().mark = Some(mark.to_owned());
            self
        }

        fn broken(&self) -> Vec<Broken> {
            let known = Known {
                bound: BOUND,
                first: First::from([(SOCK, (Version(1), Some("1".to_owned())))]),
                epochs_since: self.epochs_since,
            };
            check(&self.history, &known).iter().map(|violation| violation.broken).collect()
        }
    }

    #[test]
    fn an_unlabelled_answer_may_lack_what_is_younger_than_the_bound() {
        let mut told = Told::new();
        told.wrote(0, 0, 2).read(1, 1, 1, Asked::Bounded);
        assert_eq!(told.broken(), []);
        assert_eq!(told.read(1, 3, 1, Asked::Bounded).broken(), [Broken::Old]);
    }

    #[test]
    fn a_labelled_answer_may_lack_anything_but_must_be_what_was_written() {
        let mut told = Told::new();
        told.wrote(0, 0, 2).labelled(0, 9, 1);
        assert_eq!(told.broken(), []);
        assert_eq!(told.labelled(0, 9, 2).marked("another").broken(), [Broken::Wrong]);
    }

    #[test]
    fn a_strong_read_has_all_that_was_acknowledged_before_it_was_sent() {
        let mut told = Told::new();
        told.wrote(0, 0, 2).read(1, 0, 1, Asked::Strong);
        assert_eq!(told.broken(), [], "it was sent while the write was under way");
        assert_eq!(told.read(1, 1, 1, Asked::Strong).broken(), [Broken::NotCurrent]);
    }

    #[test]
    fn strong_reads_never_go_back_whoever_asks_and_whether_or_not_a_write_was_acknowledged() {
        let mut told = Told::new();
        told.unacknowledged(0, 2, What::Tried).read(1, 1, 2, Asked::Strong);
        told.read(2, 1, 1, Asked::Strong);
        assert_eq!(told.broken(), [], "the two reads were under way at once");
        told.read(2, 1, 1, Asked::Bounded);
        assert_eq!(told.broken(), [], "the bound promises nothing of what was not acknowledged");
        assert_eq!(told.read(2, 2, 1, Asked::Strong).broken(), [Broken::NotCurrent]);
    }

    #[test]
    fn a_session_sees_its_own_writes_and_never_less_than_it_saw() {
        let mut told = Told::new();
        told.wrote(0, 0, 2).read(1, 1, 1, Asked::Session);
        assert_eq!(told.broken(), [], "the write was another client's");
        told.read(1, 1, 2, Asked::Session).read(1, 1, 1, Asked::Session);
        assert_eq!(told.broken(), [Broken::WentBack]);
        told.read(0, 1, 1, Asked::Session);
        assert_eq!(told.broken(), [Broken::WentBack, Broken::WentBack]);
    }

    #[test]
    fn a_session_never_sees_less_than_a_labelled_answer_showed_it() {
        let mut told = Told::new();
        told.unacknowledged(0, 2, What::Tried).labelled(1, 1, 2).labelled(1, 1, 1);
        assert_eq!(told.broken(), [], "a labelled answer may lack it");
        assert_eq!(told.read(1, 2, 1, Asked::Session).broken(), [Broken::WentBack]);
    }

    #[test]
    fn what_is_read_without_a_token_is_nothing_that_the_client_is_promised() {
        let mut told = Told::new();
        told.unacknowledged(0, 2, What::Tried).read(1, 1, 2, Asked::Bounded);
        assert_eq!(told.read(1, 1, 1, Asked::Session).broken(), []);
    }

    #[test]
    fn who_is_told_that_it_may_be_lost_begins_anew() {
        let mut told = Told::new();
        told.epochs_since = Some(told.at(1));
        let lost = What::Read { asked: Asked::Session, stale: false, lost: true };
        told.wrote(0, 0, 2).add(0, 1, 1, lost).read(0, 1, 1, Asked::Session);
        assert_eq!(told.broken(), []);
    }

    #[test]
    fn who_is_told_so_at_a_write_begins_anew_too() {
        let mut told = Told::new();
        told.epochs_since = Some(told.at(1));
        told.wrote(0, 0, 2).add(0, 1, 7, What::Wrote { lost: true });
        told.last().product = Uuid::from_u128(2);
        assert_eq!(told.read(0, 1, 1, Asked::Session).broken(), []);
        assert_eq!(told.wrote(0, 1, 3).read(0, 1, 1, Asked::Session).broken(), [Broken::WentBack]);
    }

    #[test]
    fn nothing_is_lost_before_an_epoch_can_have_begun_nor_without_a_token() {
        let lost = |asked| What::Read { asked, stale: false, lost: true };
        let mut told = Told::new();
        told.wrote(0, 0, 2).add(0, 1, 1, lost(Asked::Session));
        let both = [Broken::NotLost, Broken::WentBack];
        assert_eq!(told.broken(), both, "and nothing is forgotten for it");
        told.epochs_since = Some(told.at(2));
        assert_eq!(told.broken(), both);
        told.epochs_since = Some(told.at(1));
        assert_eq!(told.broken(), []);
        assert_eq!(told.add(0, 1, 2, lost(Asked::Bounded)).broken(), [Broken::NotLost]);
    }

    #[test]
    fn one_version_is_one_document_to_all_whether_or_not_its_write_was_acknowledged() {
        let mut told = Told::new();
        told.unacknowledged(0, 2, What::Tried).unacknowledged(0, 3, What::Tried);
        told.read(1, 1, 2, Asked::Bounded).read(2, 1, 2, Asked::Bounded);
        assert_eq!(told.broken(), []);
        assert_eq!(told.read(1, 2, 2, Asked::Bounded).marked("3").broken(), [Broken::Wrong]);
    }

    #[test]
    fn one_document_is_one_version() {
        let mut told = Told::new();
        told.unacknowledged(0, 2, What::Tried).read(1, 1, 2, Asked::Bounded);
        assert_eq!(told.read(1, 2, 3, Asked::Bounded).marked("2").broken(), [Broken::Wrong]);
    }

    #[test]
    fn a_version_that_nobody_wrote_is_wrong() {
        assert_eq!(Told::new().read(1, 1, 2, Asked::Bounded).broken(), [Broken::Wrong]);
        assert_eq!(Told::new().read(1, 1, 1, Asked::Bounded).marked("2").broken(), [Broken::Wrong]);
        let mut unmarked = Told::new();
        unmarked.wrote(0, 0, 2).read(1, 1, 3, Asked::Bounded).last().mark = None;
        assert_eq!(unmarked.broken(), [Broken::Wrong]);
        let mut early = Told::new();
        early.read(1, 1, 2, Asked::Bounded).wrote(0, 2, 2);
        assert_eq!(early.broken(), [Broken::Wrong], "it was written later");
        let mut elsewhere = Told::new();
        elsewhere.unacknowledged(0, 2, What::Tried).last().product = Uuid::from_u128(2);
        assert_eq!(elsewhere.read(1, 1, 2, Asked::Bounded).broken(), [Broken::Wrong]);
    }

    #[test]
    fn what_was_refused_is_never_seen() {
        let mut told = Told::new();
        told.unacknowledged(0, 2, What::Refused).read(1, 1, 1, Asked::Strong);
        assert_eq!(told.broken(), []);
        assert_eq!(told.read(1, 2, 2, Asked::Bounded).broken(), [Broken::Wrong]);
    }

    #[test]
    fn two_writes_are_not_given_the_same_version() {
        let mut told = Told::new();
        told.wrote(0, 0, 2).wrote(1, 1, 2).marked("another");
        assert_eq!(told.broken(), [Broken::Wrong]);
    }
}
