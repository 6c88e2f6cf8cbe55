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
    /// At least what its client wrote and saw, by its token.
    Session,
    /// What is current.
    Strong,
}

/// What was done, and what came of it. What got no answer is no part of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A write was acknowledged.
    Wrote,
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

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Whose. A client does one thing after the other.
    pub client: usize,
    /// Of which product.
    pub product: Uuid,
    /// When it was sent.
    pub begun: Instant,
    /// When its answer had arrived.
    pub ended: Instant,
    /// What it was.
    pub what: What,
    /// Which version was written or seen.
    pub version: Version,
    /// What was written or seen: no two writes leave the same mark.
    pub mark: Option<String>,
}

/// Which promise was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Broken {
    /// Unlabelled, and without a write that had been acknowledged by the bound before.
    Old,
    /// Without a write that had been acknowledged before, though it was to be current.
    NotCurrent,
    /// Less than its client had written or seen.
    WentBack,
    /// Not what was written as this version.
    Wrong,
}

/// A read that was not as promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// In which way.
    pub broken: Broken,
    /// The read.
    pub read: Operation,
    /// What it should have seen.
    pub version: Version,
}

/// All that is not as promised, in a history in the order of each client's own operations. `bound` is
/// how old an answer may be without saying so. A read that says that it is stale promises nothing but
/// that it is what was once written.
pub fn check(history: &[Operation], bound: Duration) -> Vec<Violation> {
    let writes = Writes::of(history);
    let mut known: HashMap<(usize, Uuid), Version> = HashMap::new();
    let mut violations = Vec::new();
    for operation in history {
        let (client, product) = (operation.client, operation.product);
        let What::Read { asked, stale, lost } = operation.what else {
            raise(&mut known, client, product, operation.version);
            continue;
        };
        let mut found = |broken, version| {
            violations.push(Violation { broken, read: operation.clone(), version });
        };
        if writes.find(product, operation.version).is_some_and(|wrote| wrote.mark != operation.mark)
        {
            found(Broken::Wrong, operation.version);
        }
        if stale {
            continue;
        }
        let until = |instant| writes.acknowledged(product, instant);
        let old = operation.begun.checked_sub(bound).map_or(Version(0), until);
        if operation.version < old {
            found(Broken::Old, old);
        }
        match asked {
            Asked::Bounded => {}
            Asked::Strong => {
                let current = until(operation.begun);
                if operation.version < current {
                    found(Broken::NotCurrent, current);
                }
            }
            Asked::Session => {
                if lost {
                    known.retain(|(other, _), _| *other != client);
                }
                let before = known.get(&(client, product)).copied().unwrap_or(Version(0));
                if operation.version < before {
                    found(Broken::WentBack, before);
                }
                raise(&mut known, client, product, operation.version);
            }
        }
    }
    violations
}

fn raise(
    known: &mut HashMap<(usize, Uuid), Version>,
    client: usize,
    product: Uuid,
    version: Version,
) {
    let entry = known.entry((client, product)).or_insert(version);
    *entry = version.max(*entry);
}

/// The acknowledged writes of each product.
struct Writes<'a>(HashMap<Uuid, Vec<&'a Operation>>);

impl<'a> Writes<'a> {
    fn of(history: &'a [Operation]) -> Self {
        let mut writes: HashMap<_, Vec<_>> = HashMap::new();
        for operation in history.iter().filter(|operation| operation.what == What::Wrote) {
            writes.entry(operation.product).or_default().push(operation);
        }
        Self(writes)
    }

    fn of_product(&self, product: Uuid) -> impl Iterator<Item = &&'a Operation> {
        self.0.get(&product).into_iter().flatten()
    }

    /// The greatest version that had been acknowledged before this moment.
    fn acknowledged(&self, product: Uuid, moment: Instant) -> Version {
        let before = self.of_product(product).filter(|write| write.ended < moment);
        before.map(|write| write.version).max().unwrap_or(Version(0))
    }

    /// The write of this version, if a client wrote it and knows that.
    fn find(&self, product: Uuid, version: Version) -> Option<&'a Operation> {
        self.of_product(product).find(|write| write.version == version).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_secs(2);
    const SOCK: Uuid = Uuid::from_u128(1);

    struct Told {
        start: Instant,
        history: Vec<Operation>,
    }

    impl Told {
        fn new() -> Self {
            // Some time ago, so that times before it exist.
            Self { start: Instant::now(), history: Vec::new() }
        }

        fn add(&mut self, client: usize, seconds: u64, version: u64, what: What) -> &mut Self {
            let begun = self.start + Duration::from_secs(60 + seconds);
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
            self.add(client, seconds, version, What::Wrote)
        }

        fn read(&mut self, client: usize, seconds: u64, version: u64, asked: Asked) -> &mut Self {
            self.add(client, seconds, version, What::Read { asked, stale: false, lost: false })
        }

        fn broken(&self) -> Vec<Broken> {
            check(&self.history, BOUND).iter().map(|violation| violation.broken).collect()
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
        let stale = What::Read { asked: Asked::Session, stale: true, lost: false };
        told.wrote(0, 0, 2).add(0, 9, 1, stale.clone());
        assert_eq!(told.broken(), []);
        told.add(0, 9, 2, stale).history.last_mut().unwrap().mark = Some("another".to_owned());
        assert_eq!(told.broken(), [Broken::Wrong]);
    }

    #[test]
    fn a_strong_read_has_all_that_was_acknowledged_before_it_was_sent() {
        let mut told = Told::new();
        told.wrote(0, 0, 2).read(1, 0, 1, Asked::Strong);
        assert_eq!(told.broken(), [], "it was sent while the write was under way");
        assert_eq!(told.read(1, 1, 1, Asked::Strong).broken(), [Broken::NotCurrent]);
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
    fn who_is_told_that_it_may_be_lost_begins_anew() {
        let mut told = Told::new();
        told.wrote(0, 0, 2);
        told.add(0, 1, 1, What::Read { asked: Asked::Session, stale: false, lost: true });
        told.read(0, 1, 1, Asked::Session);
        assert_eq!(told.broken(), []);
    }
}
