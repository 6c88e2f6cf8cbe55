//! What a first look did not bring: other pods are waited for, a replica that is behind is asked
//! again, and in the end the primary.

use std::time::Duration;

use service_kit::backoff::Backoff;
use tokio::time::{Instant, sleep};

use super::{Load, Loader};
use crate::{
    read::Subject,
    store::{Place, StoreError},
};

const FIRST_PAUSE: Duration = Duration::from_millis(4);
const LONGEST_PAUSE: Duration = Duration::from_millis(60);
/// How long another pod's load is waited for: a little less than its lease lives.
const PATIENCE: Duration = Duration::from_millis(400);

/// How far one load has come with that.
#[derive(Debug)]
pub(in crate::read) struct Persistence {
    pauses: Backoff,
    others_until: Instant,
    primary_from: Instant,
}

impl Loader {
    pub(in crate::read) fn persistence(&self) -> Persistence {
        let now = Instant::now();
        Persistence {
            pauses: Backoff::new(FIRST_PAUSE, LONGEST_PAUSE),
            others_until: now + PATIENCE,
            primary_from: now + self.freshness.bound() / 4,
        }
    }

    /// One try more; whether another makes sense.
    pub(in crate::read) async fn again(
        &self,
        load: &mut Load,
        persistence: &mut Persistence,
    ) -> bool {
        // Without polls nothing newer is known, and nothing that is loaded can be proven.
        if !self.freshness.is_polling(self.clock.now()) {
            load.settle_found();
        }
        if let Some(pause) = persistence.pauses.next_pause() {
            sleep(pause).await;
        }
        self.look_for_others(load, persistence).await;
        let own = load.own();
        if !own.is_empty() {
            self.ask_in_turn(load, persistence, &own).await;
        }
        load.wants_any()
    }

    async fn look_for_others(&self, load: &mut Load, persistence: &Persistence) {
        let awaited = load.awaited();
        if !awaited.is_empty()
            && (!self.look_in_redis(load, &awaited).await
                || Instant::now() >= persistence.others_until)
        {
            load.wait_no_longer();
        }
    }

    async fn ask_in_turn(&self, load: &mut Load, persistence: &mut Persistence, own: &[Subject]) {
        if Instant::now() < persistence.primary_from {
            match self.ask(load, Place::Replica, own).await {
                Ok(()) | Err(StoreError::Busy) => return,
                Err(_) => persistence.primary_from = Instant::now(),
            }
        }
        let _ = self.ask(load, Place::Primary, own).await;
        for subject in own {
            load.settle(&subject.key());
        }
    }
}
