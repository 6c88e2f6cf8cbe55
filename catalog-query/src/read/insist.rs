//! Reads that ask for more than the bound: what memory holds must meet the demand, if need be after a poll
//! that was sent since the request arrived, and is loaded until it does.
//!
//! A load is the same as everyone's. After such a poll the rule itself refuses whatever the poll has
//! disproven, so a load brings what is wanted from Redis or a replica if they have it, and from the
//! primary, within its small limit, only when they stay behind.

use std::sync::Arc;

use catalog_core::freshness::Moment;
use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

use super::{Demand, Forward, ReadError, Reader, Via, loads::Outcome};
use crate::{
    cache::{Entry, Layer, Rendered},
    freshness::Standing,
};

/// What stands in memory and can be proven.
pub(super) trait Stands {
    /// What proves it.
    fn standing(&self) -> &Standing;
    /// Where it was loaded from.
    fn layer(&self) -> Layer;
    /// Whether the wall clock has overtaken it.
    fn has_lapsed(&self, wall: Timestamp) -> bool;
}

impl Stands for Rendered {
    fn standing(&self) -> &Standing {
        &self.standing
    }

    fn layer(&self) -> Layer {
        self.layer
    }

    fn has_lapsed(&self, wall: Timestamp) -> bool {
        self.has_lapsed(wall)
    }
}

impl Stands for Entry {
    fn standing(&self) -> &Standing {
        &self.standing
    }

    fn layer(&self) -> Layer {
        self.layer
    }

    fn has_lapsed(&self, _: Timestamp) -> bool {
        false
    }
}

impl Reader {
    /// What meets the demand, recalled from memory or loaded; if nothing does in time, what memory has,
    /// unless the demand is strong.
    pub(super) async fn insist<T: Stands, F: Future<Output = Outcome<T>>>(
        &self,
        demand: &Demand,
        recall: impl Fn() -> Option<Arc<T>>,
        load: impl Fn(Instant) -> F,
    ) -> Result<(Arc<T>, Via), ReadError> {
        let meets = |found: &Arc<T>| {
            self.freshness.state().prove(found.standing());
            !found.has_lapsed(self.clock.wall()) && demand.is_met_by(found.standing())
        };
        if let Some(found) = recall().filter(meets) {
            return Ok((found, Via::MEMORY));
        }
        let forward = Some(if recall().is_some() { Forward::Stale } else { Forward::Miss });
        let deadline = demand.deadline(self.limits.answer);
        let (mut since, mut failure) = (demand.arrived(), ReadError::Unproven);
        while self.is_polled_since(since, deadline).await {
            if let Some(found) = recall().filter(meets) {
                return Ok((found, Via::MEMORY));
            }
            // What was seen at a replica may not be visible on the primary yet: a later poll tells.
            since = self.clock.now();
            match load(deadline).await {
                Ok(found) if meets(&found) => {
                    let via = Via { layer: found.layer(), forward };
                    return Ok((found, via));
                }
                Ok(_) => {}
                Err(error) => {
                    failure = error;
                    break;
                }
            }
        }
        demand.fail();
        let known = recall().filter(|_| !demand.is_strong());
        let known = known.filter(|found| self.is_last_resort(found.standing()));
        Ok((known.ok_or(failure)?, Via::MEMORY))
    }

    /// Waits for a poll that was sent at or after `since`. `false` at once when none has counted for so
    /// long that the next can hardly be waited for.
    async fn is_polled_since(&self, since: Moment, deadline: Instant) -> bool {
        self.freshness.is_polling(self.clock.now())
            && timeout_at(deadline, self.freshness.polled_since(since)).await.is_ok()
    }
}
