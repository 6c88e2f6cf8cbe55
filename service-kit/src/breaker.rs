//! A circuit breaker, for a dependency that answers may do without.
//!
//! The crates for this (failsafe, recloser) read the clock themselves and wrap each call; here the
//! clock is passed in, and a caller that gives up in between lets go of its permit.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Lets calls through until `threshold` of them in a row have failed; then none for `pause`; then
/// one at a time as a probe, until one succeeds. Of calls that were under way together one failure
/// counts: a single stall fails them all.
#[derive(Debug)]
pub struct Breaker {
    threshold: u32,
    pause: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Closed { failures: u32, last: Option<Instant> },
    Open { until: Instant },
    Probing,
}

const CLOSED: State = State::Closed { failures: 0, last: None };

impl Breaker {
    /// Closed. `threshold` is at least 1.
    pub fn new(threshold: u32, pause: Duration) -> Self {
        Self { threshold: threshold.max(1), pause, state: Mutex::new(CLOSED) }
    }

    /// Leave for one call, or none now: do without.
    pub fn permit(&self, now: Instant) -> Option<Permit<'_>> {
        let mut state = self.state.lock();
        let probe = match *state {
            State::Closed { .. } => false,
            State::Open { until } if now >= until => {
                *state = State::Probing;
                true
            }
            State::Open { .. } | State::Probing => return None,
        };
        Some(Permit { breaker: self, asked: now, probe })
    }

    /// Whether calls go through freely.
    pub fn is_closed(&self) -> bool {
        matches!(*self.state.lock(), State::Closed { .. })
    }

    fn failed(&self, asked: Instant, now: Instant, probe: bool) {
        let mut state = self.state.lock();
        let failures = match *state {
            State::Closed { last: Some(last), .. } if asked < last => return,
            State::Closed { failures, .. } => failures + 1,
            State::Probing if probe => self.threshold,
            // A call from before it opened says nothing new.
            State::Open { .. } | State::Probing => return,
        };
        *state = if failures >= self.threshold {
            let until = now + self.pause;
            State::Open { until }
        } else {
            State::Closed { failures, last: Some(now) }
        };
    }

    fn succeeded(&self, probe: bool) {
        let mut state = self.state.lock();
        if probe || matches!(*state, State::Closed { .. }) {
            *state = CLOSED;
        }
    }
}

/// Leave for one call, whose outcome is told by [`succeeded`](Self::succeeded) or
/// [`failed`](Self::failed). Dropped without either, the call was given up: a probe then leaves
/// its place to the next caller, anything else changes nothing.
#[derive(Debug)]
#[must_use = "the breaker learns from the outcome of the call"]
pub struct Permit<'a> {
    breaker: &'a Breaker,
    asked: Instant,
    probe: bool,
}

impl Permit<'_> {
    /// The call went well.
    pub fn succeeded(mut self) {
        self.breaker.succeeded(std::mem::take(&mut self.probe));
    }

    /// The call failed at `now`.
    pub fn failed(mut self, now: Instant) {
        self.breaker.failed(self.asked, now, std::mem::take(&mut self.probe));
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.probe {
            let until = self.asked;
            *self.breaker.state.lock() = State::Open { until };
        }
    }
}

#[cfg(test)]
mod tests;
