use super::*;

const PAUSE: Duration = Duration::from_secs(5);

fn fail(breaker: &Breaker, now: Instant) {
    breaker.permit(now).expect("a permit").failed(now);
}

fn opened(now: Instant) -> Breaker {
    let breaker = Breaker::new(3, PAUSE);
    (0..3).for_each(|_| fail(&breaker, now));
    breaker
}

#[test]
fn it_opens_after_failures_in_a_row_only() {
    let now = Instant::now();
    let breaker = Breaker::new(3, PAUSE);
    fail(&breaker, now);
    fail(&breaker, now);
    breaker.permit(now).expect("a permit").succeeded();
    fail(&breaker, now);
    fail(&breaker, now);
    assert!(breaker.is_closed());
    fail(&breaker, now);
    assert!(!breaker.is_closed());
    assert!(breaker.permit(now).is_none());
}

#[test]
fn a_stall_that_fails_many_at_once_counts_once() {
    let (now, later) = (Instant::now(), Instant::now() + Duration::from_millis(100));
    let breaker = Breaker::new(3, PAUSE);
    let permits: Vec<_> = (0..100).map(|_| breaker.permit(now).expect("a permit")).collect();
    for permit in permits {
        permit.failed(later);
    }
    assert!(breaker.is_closed());
    fail(&breaker, later);
    fail(&breaker, later);
    assert!(!breaker.is_closed());
}

#[test]
fn after_the_pause_one_probe_goes_through() {
    let now = Instant::now();
    let breaker = opened(now);
    let later = now + PAUSE;
    assert!(breaker.permit(later.checked_sub(Duration::from_nanos(1)).expect("later")).is_none());
    let probe = breaker.permit(later).expect("a probe");
    assert!(breaker.permit(later).is_none(), "one at a time");
    probe.succeeded();
    assert!(breaker.is_closed());
    assert!(breaker.permit(later).is_some());
}

#[test]
fn a_probe_that_fails_begins_another_pause() {
    let now = Instant::now();
    let breaker = opened(now);
    let later = now + PAUSE;
    breaker.permit(later).expect("a probe").failed(later);
    assert!(breaker.permit(later + PAUSE / 2).is_none());
    assert!(breaker.permit(later + PAUSE).is_some());
}

#[test]
fn a_probe_that_is_given_up_leaves_its_place() {
    let now = Instant::now();
    let breaker = opened(now);
    drop(breaker.permit(now + PAUSE).expect("a probe"));
    assert!(!breaker.is_closed());
    assert!(breaker.permit(now + PAUSE).is_some());
}

#[test]
fn calls_from_before_it_opened_change_nothing() {
    let now = Instant::now();
    let breaker = Breaker::new(1, PAUSE);
    let (late_success, late_failure) = (breaker.permit(now), breaker.permit(now));
    fail(&breaker, now);
    late_success.expect("a permit").succeeded();
    assert!(!breaker.is_closed());
    let probe = breaker.permit(now + PAUSE).expect("a probe");
    late_failure.expect("a permit").failed(now + PAUSE);
    probe.succeeded();
    assert!(breaker.is_closed());
}
