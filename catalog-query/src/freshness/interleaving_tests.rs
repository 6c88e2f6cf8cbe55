//! One who polls and several who read, at once: no proof may miss what its poll saw.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use catalog_core::{
    freshness::{Answer, Beat, Epoch, Moment, Part, Row, Verdict, Version, Xid},
    key::EntityKey,
};
use smallvec::smallvec;
use uuid::Uuid;

use super::{Freshness, Standing, tracker::Tracker};

const POLLS: u64 = 20_000;
const PRODUCTS: u64 = 7;
/// So small that rows are forgotten all the time.
const LIMIT: usize = 3;
const FIRST: u64 = 1_000;

fn product(number: u64) -> EntityKey {
    EntityKey::product(Uuid::from_u128(u128::from(number % PRODUCTS)))
}

/// Poll n is sent at n and sees that transaction FIRST + n raised product n mod PRODUCTS to n.
fn poll(number: u64) -> Answer {
    let xid = FIRST + number;
    Answer {
        epoch: Epoch(1),
        beat: Beat(number),
        counts: true,
        snapshot: format!("{end}:{end}:", end = xid + 1).parse().unwrap(),
        rows: vec![Row { key: product(number), version: Version(number), xid: Xid(xid) }],
    }
}

/// What a replica shows that has replayed everything up to the change `number` of its product.
fn entry(number: u64) -> Standing {
    let part = Part { key: product(number), version: Version(number), xid: Xid(FIRST + number) };
    Standing::new(Epoch(1), smallvec![part], Xid(FIRST + number + 1), Moment(1))
}

fn read(freshness: &Freshness, polled: &AtomicU64, done: &AtomicBool) -> u64 {
    let mut proofs = 0;
    while !done.load(Ordering::Relaxed) {
        let number = polled.load(Ordering::Relaxed).max(1);
        let entry = entry(number);
        for _ in 0..20 {
            let verdict = freshness.state().prove(&entry);
            let Some(proven) = entry.proven_at() else { continue };
            proofs += u64::from(verdict == Verdict::Current);
            // The poll that sees the product's next change is `number + PRODUCTS`.
            assert!(proven.0 < number + PRODUCTS, "{number} was proven as of {proven}");
        }
    }
    proofs
}

#[test]
fn no_proof_misses_what_its_poll_saw() {
    let freshness = Arc::new(Freshness::new(Duration::from_secs(2)));
    let mut tracker = Tracker::new(Arc::clone(&freshness), LIMIT);
    let (polled, done) = (AtomicU64::new(0), AtomicBool::new(false));
    let proofs = thread::scope(|scope| {
        let readers: Vec<_> =
            (0..3).map(|_| scope.spawn(|| read(&freshness, &polled, &done))).collect();
        for number in 1..POLLS {
            tracker.apply(Moment(number), poll(number));
            polled.store(number, Ordering::Relaxed);
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).sum::<u64>()
    });
    assert!(proofs > 100, "only {proofs} proofs: the test shows nothing");
}
