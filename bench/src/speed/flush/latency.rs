//! How long answers take before and after Redis forgets everything.

use std::time::{Duration, Instant};

use crate::{load::Times, speed::Noted};

/// So long before and so long after.
const WINDOW: Duration = Duration::from_secs(1);

/// 99th percentiles in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Around {
    /// Of what was due and answered in the second before.
    pub(super) before: u64,
    /// Of what was due in the second after, or before and not yet answered.
    pub(super) after: u64,
}

impl Around {
    /// Of these answers around `moment`, each as long as `time` says.
    pub(super) fn of<'a>(
        answers: impl Iterator<Item = &'a Noted>,
        moment: Instant,
        time: fn(&Noted) -> Duration,
    ) -> Self {
        let (before, after) = (Times::default(), Times::default());
        for answer in answers {
            let has_ended = answer.due + answer.took <= moment;
            if has_ended && moment.duration_since(answer.due) <= WINDOW {
                before.record(time(answer));
            } else if !has_ended && answer.due.saturating_duration_since(moment) < WINDOW {
                after.record(time(answer));
            }
        }
        let p99 = |times: &Times| times.reading().value_at_quantile(0.99);
        Self { before: p99(&before), after: p99(&after) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_before_when_they_have_ended_and_after_when_they_have_not() {
        let begin = Instant::now();
        let millis = Duration::from_millis;
        let answer = |due: u64, took: u64| Noted {
            request: 0,
            due: begin + millis(due),
            took: millis(took),
            waited: millis(1),
        };
        let moment = begin + millis(2_000);
        let too_early = answer(900, 500);
        let too_late = answer(3_000, 500);
        let answers = [too_early, answer(1_500, 2), answer(1_990, 40), answer(2_900, 30), too_late];
        let around = Around::of(answers.iter(), moment, |answer| answer.took);
        assert!((2_000..2_010).contains(&around.before), "{around:?}");
        assert!((40_000..40_100).contains(&around.after), "{around:?}");
        let around = Around::of(answers.iter(), moment, |answer| answer.waited);
        assert_eq!(around.before, around.after);
    }
}
