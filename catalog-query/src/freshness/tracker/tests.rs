use std::time::Duration;

use catalog_core::{
    freshness::{Beat, Epoch, Part, Pod as _, Row, Unseen, Verdict, Version, Xid},
    key::{EntityKey, Kind},
};
use smallvec::smallvec;
use uuid::Uuid;

use super::*;
use crate::freshness::Standing;

const SOCK: EntityKey = EntityKey::product(Uuid::from_u128(1));
const HAT: EntityKey = EntityKey::product(Uuid::from_u128(2));
const LIMIT: usize = 100;

fn tracker(fill: Option<Fill>) -> Tracker {
    let mut tracker = Tracker::new(Arc::new(Freshness::new(Duration::from_secs(2))), LIMIT);
    if let Some(fill) = fill {
        tracker.offer(filled(&fill, LIMIT));
    }
    tracker
}

fn row(key: EntityKey, version: u64, xid: u64) -> Row {
    Row { key, version: Version(version), xid: Xid(xid) }
}

fn answer(epoch: u64, snapshot: &str, rows: &[Row]) -> Answer {
    Answer {
        epoch: Epoch(epoch),
        beat: Beat(1),
        counts: true,
        snapshot: snapshot.parse().unwrap(),
        rows: rows.to_vec(),
    }
}

fn entry(key: EntityKey, epoch: u64, version: u64, horizon: u64) -> Standing {
    let part = Part { key, version: Version(version), xid: Xid(1) };
    Standing::new(Epoch(epoch), smallvec![part], Xid(horizon), Moment(1))
}

fn verdict(tracker: &Tracker, standing: &Standing) -> Verdict {
    tracker.freshness.state().prove(standing)
}

/// A tracker whose first epoch is 5 and whose first poll of it, sent at 200, saw the horizon 100.
fn begun() -> Tracker {
    let mut tracker = tracker(None);
    assert_eq!(tracker.apply(Moment(100), answer(5, "100:100:", &[])), Outcome::NewEpoch);
    assert_eq!(*tracker.ask(), Ask::Beginning);
    assert_eq!(tracker.apply(Moment(200), answer(5, "100:100:", &[])), Outcome::Counted);
    tracker
}

#[test]
fn of_the_answer_that_first_shows_an_epoch_only_the_epoch_is_used() {
    let mut tracker = tracker(None);
    let rows = [row(SOCK, 3, 90)];
    assert_eq!(tracker.apply(Moment(100), answer(5, "80:100:", &rows)), Outcome::NewEpoch);
    let state = tracker.freshness.state();
    assert_eq!((state.epoch(), state.published()), (Epoch(5), None));
    assert_eq!(state.recent(&SOCK), None);
    assert_eq!(verdict(&tracker, &entry(SOCK, 5, 3, 1_000)), Verdict::Unprovable);
}

#[test]
fn the_first_poll_of_an_epoch_sets_the_floor_and_proves_what_is_at_or_above_it() {
    let tracker = begun();
    let known = entry(SOCK, 5, 1, 100);
    assert_eq!(verdict(&tracker, &known), Verdict::Current);
    assert_eq!(known.proven_at(), Some(Moment(200)));
    assert_eq!(verdict(&tracker, &entry(SOCK, 5, 1, 99)), Verdict::Unprovable);
    assert_eq!(verdict(&tracker, &entry(SOCK, 4, 1, 100)), Verdict::Unprovable);
}

#[test]
fn the_next_poll_asks_only_for_what_the_last_has_not_seen() {
    let mut tracker = begun();
    tracker.apply(Moment(300), answer(5, "105:110:105,107", &[row(SOCK, 2, 106)]));
    let unseen = Unseen { from: Xid(110), also: vec![Xid(105), Xid(107)] };
    assert_eq!(*tracker.ask(), Ask::Unseen(unseen));
}

#[test]
fn a_change_supersedes_and_a_poll_raises_what_it_does_not_touch() {
    let mut tracker = begun();
    let (sock, hat) = (entry(SOCK, 5, 1, 100), entry(HAT, 5, 1, 100));
    tracker.apply(Moment(300), answer(5, "110:110:", &[row(SOCK, 2, 105)]));
    assert!(matches!(verdict(&tracker, &sock), Verdict::Superseded(_)));
    assert_eq!(sock.proven_at(), None);
    assert_eq!(verdict(&tracker, &hat), Verdict::Current);
    assert_eq!((hat.proven_at(), hat.horizon()), (Some(Moment(300)), Xid(110)));
}

#[test]
fn an_answer_that_does_not_count_changes_nothing() {
    let mut tracker = begun();
    let silent = Answer { counts: false, ..answer(6, "200:200:", &[row(SOCK, 9, 150)]) };
    assert_eq!(tracker.apply(Moment(300), silent), Outcome::NoIncarnation);
    assert_eq!(tracker.apply(Moment(300), answer(0, "1:1:", &[])), Outcome::NoIncarnation);
    assert_eq!(tracker.apply(Moment(300), answer(4, "200:200:", &[])), Outcome::LowerEpoch);
    let foreign = answer(5, "110:110:", &[row(SOCK, 9, 110)]);
    assert_eq!(tracker.apply(Moment(300), foreign), Outcome::ForeignRows);
    let state = tracker.freshness.state();
    assert_eq!(state.published().map(|poll| poll.sent), Some(Moment(200)));
    assert_eq!(state.recent(&SOCK), None);
}

#[test]
fn a_new_epoch_empties_what_is_known() {
    let mut tracker = begun();
    tracker.apply(Moment(300), answer(5, "110:110:", &[row(SOCK, 9, 105)]));
    let old = entry(HAT, 5, 1, 100);
    assert_eq!(verdict(&tracker, &old), Verdict::Current);
    assert_eq!(tracker.apply(Moment(400), answer(7, "50:50:", &[])), Outcome::NewEpoch);
    assert_eq!(verdict(&tracker, &old), Verdict::Unprovable);
    assert_eq!(tracker.apply(Moment(500), answer(7, "60:60:", &[])), Outcome::Counted);
    let state = tracker.freshness.state();
    assert_eq!((state.recent(&SOCK), state.floor()), (None, Xid(60)));
}

fn fill(epoch: u64) -> Fill {
    Fill {
        epoch: Epoch(epoch),
        horizon: Xid(90),
        floor: Xid(0),
        rows: vec![row(SOCK, 3, 40), row(HAT, 1, 95)],
    }
}

#[test]
fn a_fill_of_the_primarys_epoch_stands_for_an_earlier_poll() {
    let mut tracker = tracker(Some(fill(5)));
    // Its snapshot's own list is not to be trusted on a standby: everything from the horizon on.
    assert_eq!(*tracker.ask(), Ask::Unseen(Unseen { from: Xid(90), also: vec![] }));
    assert_eq!(tracker.apply(Moment(100), answer(5, "100:100:", &[])), Outcome::Counted);
    assert_eq!(verdict(&tracker, &entry(SOCK, 5, 3, 1)), Verdict::Current);
    assert!(matches!(verdict(&tracker, &entry(SOCK, 5, 2, 1)), Verdict::Superseded(_)));
}

#[test]
fn a_fill_that_comes_late_counts_from_the_next_question_on() {
    let mut tracker = begun();
    let old = entry(SOCK, 5, 3, 1);
    tracker.ask();
    tracker.offer(filled(&fill(5), LIMIT));
    // The answer to a question that was asked before.
    tracker.apply(Moment(300), answer(5, "110:110:", &[]));
    assert_eq!(verdict(&tracker, &old), Verdict::Unprovable);
    // What an earlier poll has seen is asked for again, from the fill's horizon on.
    assert_eq!(*tracker.ask(), Ask::Unseen(Unseen { from: Xid(90), also: vec![] }));
    let rows = [row(HAT, 2, 105)];
    assert_eq!(tracker.apply(Moment(400), answer(5, "120:120:", &rows)), Outcome::Counted);
    assert_eq!((verdict(&tracker, &old), old.proven_at()), (Verdict::Current, Some(Moment(400))));
    assert!(matches!(verdict(&tracker, &entry(HAT, 5, 1, 1)), Verdict::Superseded(_)));
    assert_eq!(*tracker.ask(), Ask::Unseen(Unseen { from: Xid(120), also: vec![] }));
}

#[test]
fn a_fill_that_comes_when_another_epoch_has_begun_is_dropped() {
    for epoch in [4, 6] {
        let mut tracker = begun();
        tracker.offer(filled(&fill(epoch), LIMIT));
        assert_eq!(*tracker.ask(), Ask::Unseen(Unseen { from: Xid(100), also: vec![] }));
    }
    let mut tracker = begun();
    tracker.offer(filled(&fill(5), LIMIT));
    tracker.ask();
    assert_eq!(tracker.apply(Moment(300), answer(6, "110:110:", &[])), Outcome::NewEpoch);
    assert_eq!(*tracker.ask(), Ask::Beginning);
    assert_eq!(tracker.apply(Moment(400), answer(6, "110:110:", &[])), Outcome::Counted);
    assert_eq!(tracker.freshness.state().floor(), Xid(110));
}

#[test]
fn a_fill_of_another_epoch_is_dropped() {
    for epoch in [0, 4, 6] {
        let mut tracker = tracker(Some(fill(epoch)));
        tracker.ask();
        assert_eq!(tracker.apply(Moment(100), answer(5, "100:100:", &[])), Outcome::NewEpoch);
        assert_eq!(*tracker.ask(), Ask::Beginning);
        assert_eq!(tracker.freshness.state().recent(&SOCK), None);
    }
}

fn record(epoch: u64, version: u64, xid: u64) -> ChangeRecord {
    ChangeRecord {
        epoch: Epoch(epoch),
        kind: Kind::Product,
        id: SOCK.id,
        version: Version(version),
        deleted: false,
        xid: Xid(xid),
    }
}

#[test]
fn a_record_disproves_and_never_proves() {
    let mut tracker = begun();
    let sock = entry(SOCK, 5, 1, 100);
    assert!(tracker.hear(&record(5, 2, 120)));
    assert!(matches!(verdict(&tracker, &sock), Verdict::Superseded(_)));
    let newer = entry(SOCK, 5, 2, 100);
    assert_eq!(verdict(&tracker, &newer), Verdict::Current);
    assert_eq!(newer.proven_at(), Some(Moment(200)), "dated by the poll, not by the record");
    assert!(!tracker.hear(&record(5, 2, 120)), "doubled");
    assert!(!tracker.hear(&record(4, 9, 130)), "of another epoch");
    assert!(!tracker.hear(&record(5, 9, 99)), "below the floor");
}

#[test]
fn a_wrong_record_cannot_hide_what_a_poll_says() {
    let mut tracker = begun();
    tracker.hear(&record(5, 1, u64::MAX));
    tracker.apply(Moment(300), answer(5, "110:110:", &[row(SOCK, 4, 105)]));
    assert!(matches!(verdict(&tracker, &entry(SOCK, 5, 3, 100)), Verdict::Superseded(_)));
}

#[test]
fn beyond_the_limit_the_floor_rises_before_rows_are_forgotten() {
    let mut tracker = begun();
    let many = |from: u64| -> Vec<Row> {
        let rows = (0..150)
            .map(|n| row(EntityKey::product(Uuid::from_u128(u128::from(n) + 10)), from, from + n));
        rows.collect()
    };
    let early = entry(HAT, 5, 1, 120);
    tracker.apply(Moment(300), answer(5, "300:300:", &many(110)));
    assert_eq!(tracker.remembered(), LIMIT);
    let floor = tracker.freshness.state().floor();
    assert_eq!(floor, Xid(160));
    assert_eq!(verdict(&tracker, &early), Verdict::Unprovable);
    assert_eq!(verdict(&tracker, &entry(HAT, 5, 1, 160)), Verdict::Current);
}
