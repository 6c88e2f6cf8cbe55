//! How lists, searches and old slugs are dated: what cannot be proven by recent changes is as recent
//! as a poll that must have come before it.

use std::collections::VecDeque;

use super::{Beat, Moment};

/// The polls of one epoch by the beat that each saw, newest last; bounded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BeatLog {
    polls: VecDeque<(Beat, Moment)>,
    capacity: usize,
}

impl BeatLog {
    /// Remembers the last `capacity` beats.
    pub fn new(capacity: usize) -> Self {
        Self { polls: VecDeque::with_capacity(capacity), capacity }
    }

    /// Notes that the poll sent at `sent` saw `beat`. Polls come in the order in which they were sent.
    pub fn record(&mut self, beat: Beat, sent: Moment) {
        match self.polls.back_mut() {
            // The last poll that saw a beat dates it best.
            Some((last, moment)) if *last == beat => *moment = sent,
            Some((last, _)) if *last > beat => {}
            _ => {
                if self.polls.len() == self.capacity {
                    self.polls.pop_front();
                }
                self.polls.push_back((beat, sent));
            }
        }
    }

    /// When the last poll was sent that whatever shows `beat` is certain to include.
    ///
    /// Beat k + 2 can only start once k + 1 is visible on the primary, so after the poll that saw k
    /// and not k + 1; whoever shows k + 2 shows all that was acknowledged before that poll. With a
    /// distance of one it does not hold: a commit is in the log before it is visible.
    pub fn proves(&self, beat: Beat) -> Option<Moment> {
        self.polls
            .iter()
            .rev()
            .find(|(seen, _)| seen.0.saturating_add(2) <= beat.0)
            .map(|(_, sent)| *sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(polls: &[(u64, u64)]) -> BeatLog {
        let mut log = BeatLog::new(4);
        for (beat, sent) in polls {
            log.record(Beat(*beat), Moment(*sent));
        }
        log
    }

    #[test]
    fn a_list_is_as_recent_as_the_last_poll_two_beats_before_it() {
        let log = log(&[(7, 100), (7, 150), (8, 200), (9, 300)]);
        assert_eq!(log.proves(Beat(9)), Some(Moment(150)));
        assert_eq!(log.proves(Beat(10)), Some(Moment(200)));
        assert_eq!(log.proves(Beat(8)), None);
    }

    #[test]
    fn only_the_newest_beats_are_kept() {
        let log = log(&[(1, 10), (2, 20), (3, 30), (4, 40), (5, 50)]);
        assert_eq!(log.proves(Beat(3)), None);
        assert_eq!(log.proves(Beat(4)), Some(Moment(20)));
    }
}
