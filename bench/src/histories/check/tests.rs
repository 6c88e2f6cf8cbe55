//! Small histories, made by hand.

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
