//! The effect of a batch: floors raised, refills asked for, poison parked.

use std::time::Duration;

use catalog_core::{contract::change::ChangeRecord, key::Kind};
use metrics::counter;
use service_kit::telemetry::Traceparent;

use crate::{
    audit::AuditQueue,
    cache::{Cache, Outcome, Raise},
    metrics::{FLOORS, PARKED},
    refill::RefillQueue,
};

use super::{Park, Parked, Poison};

/// What makes effects. An effect may be made any number of times.
#[derive(Debug)]
pub struct Effect {
    cache: Cache,
    refills: RefillQueue,
    park: Park,
    audits: AuditQueue,
    floor_life: Duration,
}

/// Why an effect could not be made now; another try may succeed.
#[derive(Debug, thiserror::Error)]
pub enum EffectError {
    /// Redis did not answer, or cannot write now.
    #[error("Redis did not raise the floors")]
    Cache(#[from] redis::RedisError),
    /// The parking topic did not take a record.
    #[error("Kafka did not take a record to park")]
    Park(#[from] rdkafka::error::KafkaError),
}

impl Effect {
    /// Effects on `cache`, with refills asked for at `refills`, poison sent to `park`, and what has been
    /// done told to `audits`.
    pub fn new(
        cache: Cache,
        refills: RefillQueue,
        park: Park,
        audits: AuditQueue,
        floor_life: Duration,
    ) -> Self {
        Self { cache, refills, park, audits, floor_life }
    }

    /// Raises the floors of all that changed. What Redis refuses for good is added to `poison`.
    pub async fn raise(
        &self,
        changes: &[ChangeRecord],
        poison: &mut Vec<Poison>,
    ) -> Result<(), EffectError> {
        let raises: Vec<_> = changes
            .iter()
            .map(|change| Raise {
                entity: change.entity(),
                epoch: change.epoch,
                version: change.version,
            })
            .collect();
        let outcomes = self.cache.raise_floors(&raises, self.floor_life).await?;
        for (change, outcome) in changes.iter().zip(outcomes) {
            match outcome {
                Outcome::Dropped => self.dropped(change),
                Outcome::Absent => {
                    counter!(FLOORS, "body" => "absent").increment(1);
                }
                Outcome::Refused(error) => {
                    poison.push(Poison::refused(change, format!("Redis refused it: {error}")));
                    continue;
                }
            }
            self.audits.note(change);
        }
        Ok(())
    }

    /// A body that was there when its product changed is in use, so the product is loaded again.
    fn dropped(&self, change: &ChangeRecord) {
        counter!(FLOORS, "body" => "dropped").increment(1);
        if change.kind == Kind::Product {
            self.refills.ask(change);
        }
    }

    /// Parks poison, the last first, and takes each from `poison` once Kafka has it or never will.
    pub async fn park(&self, poison: &mut Vec<Poison>) -> Result<(), EffectError> {
        while let Some(next) = poison.last() {
            let trace_id = next.parent.as_ref().map(Traceparent::trace_id);
            let outcome = match self.park.park(next).await? {
                Parked::Whole => {
                    tracing::warn!(trace_id, parked.reason = next.reason, "record parked");
                    "whole"
                }
                Parked::Cut => {
                    tracing::warn!(
                        trace_id,
                        parked.reason = next.reason,
                        "the beginning of a record parked"
                    );
                    "cut"
                }
                Parked::Nowhere(error) => {
                    tracing::error!(
                        trace_id,
                        parked.reason = next.reason,
                        record.key = %String::from_utf8_lossy(&next.key),
                        error.message = %error,
                        "record lost, as Kafka will not take it"
                    );
                    "nowhere"
                }
            };
            counter!(PARKED, "outcome" => outcome).increment(1);
            poison.pop();
        }
        Ok(())
    }
}
