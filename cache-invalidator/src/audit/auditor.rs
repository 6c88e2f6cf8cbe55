//! The loop that looks.

use std::{
    collections::{BTreeSet, HashMap},
    convert::Infallible,
    sync::Arc,
    time::Duration,
};

use catalog_core::key::EntityKey;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    AuditQueue, Delay, Pods, Probe, Tally,
    finding::{Finding, Judgement},
    seen::Seen,
    sighting::{Layer, Sighting},
    tally::{Outcome, failed},
    waiting::Waiting,
};
use crate::{cache::Cache, store::Primary};

/// Looks follow each other at this distance at least, so that what comes meanwhile is looked at together.
const PACE: Duration = Duration::from_millis(200);
/// So much is told of one look; all of it is counted.
const MOST_FINDINGS: usize = 100;

/// Looks at what has changed until told to stop.
#[derive(Debug)]
pub struct Auditor {
    cache: Cache,
    pods: Pods,
    /// Without it every finding stays open.
    primary: Option<Primary>,
    tally: Arc<Tally>,
}

impl Auditor {
    /// Looks at `cache` and `pods`, asks `primary` about what it finds, and counts in `tally`.
    pub fn new(cache: Cache, pods: Pods, primary: Option<Primary>, tally: Arc<Tally>) -> Self {
        Self { cache, pods, primary, tally }
    }

    /// Looks at what comes in until `stop` is cancelled; of what waits then nothing will be known. So
    /// many changes may wait for their second look, and for their third.
    pub async fn run(
        self,
        incoming: mpsc::Receiver<Probe>,
        waiting: usize,
        stop: CancellationToken,
    ) -> Result<(), Infallible> {
        let (to_second, second) = AuditQueue::new(waiting, Delay::FiveSeconds);
        let (to_third, third) = AuditQueue::new(waiting, Delay::OneMinute);
        let looking = async {
            tokio::join!(
                self.look_on(Waiting::new(Delay::OneSecond, incoming), Some(to_second)),
                self.look_on(Waiting::new(Delay::FiveSeconds, second), Some(to_third)),
                self.look_on(Waiting::new(Delay::OneMinute, third), None),
            )
        };
        stop.run_until_cancelled(looking).await;
        Ok(())
    }

    async fn look_on(&self, mut waiting: Waiting, next: Option<AuditQueue>) {
        while let Some(due) = waiting.due().await {
            let begun = Instant::now();
            if !due.is_empty() {
                let findings = self.look(waiting.delay, &due).await;
                self.tell(findings);
            }
            if let Some(next) = &next {
                for probe in due.into_values() {
                    next.pass(probe);
                }
            }
            sleep_until(begun + PACE).await;
        }
    }

    /// Looks at all places at once, and counts.
    async fn look(&self, after: Delay, due: &HashMap<EntityKey, Probe>) -> Vec<Finding> {
        let seen = self.see(due).await;
        let mut findings = seen.findings(after, due);
        if after == Delay::OneMinute {
            self.judge(&mut findings).await;
            findings.retain(|finding| finding.judgement != Judgement::Dismissed);
        }
        self.count(after, due, &seen, &findings);
        findings.truncate(MOST_FINDINGS);
        findings
    }

    async fn see(&self, due: &HashMap<EntityKey, Probe>) -> Seen {
        let keys: Vec<_> = due.keys().copied().collect();
        let (bodies, memories) = tokio::join!(self.cache.bodies(&keys), self.pods.memory(&keys));
        let mut seen = Seen::new(memories.is_partial);
        match bodies {
            Ok(bodies) => {
                for (key, body) in keys.iter().zip(bodies) {
                    seen.add(*key, body.as_deref().and_then(Sighting::in_redis));
                }
            }
            Err(error) => {
                failed(Layer::Redis);
                tracing::debug!(error.message = %error, "Redis could not be looked at");
            }
        }
        for (pod, asked, memory) in memories.told {
            for remembered in memory {
                seen.add(remembered.key, Sighting::in_memory(pod, asked, remembered));
            }
        }
        seen
    }

    fn count(
        &self,
        after: Delay,
        due: &HashMap<EntityKey, Probe>,
        seen: &Seen,
        findings: &[Finding],
    ) {
        let wrong: BTreeSet<_> =
            findings.iter().map(|finding| (finding.key, finding.layer)).collect();
        for (key, probe) in due {
            for layer in Layer::ALL {
                let outcome = if wrong.contains(&(*key, layer)) {
                    Some(Outcome::Inconsistent)
                } else {
                    seen.outcome(*key, probe, layer)
                };
                if let Some(outcome) = outcome {
                    self.tally.probed(after, layer, outcome);
                }
            }
        }
    }

    async fn judge(&self, findings: &mut [Finding]) {
        let Some(primary) = self.primary.as_ref().filter(|_| !findings.is_empty()) else { return };
        let keys: BTreeSet<_> = findings.iter().map(|finding| finding.key).collect();
        let keys: Vec<_> = keys.into_iter().collect();
        match primary.entries(&keys).await {
            Ok(entries) => {
                for finding in findings {
                    if let Some(entry) = entries.get(&finding.key) {
                        finding.judge(entry);
                    }
                }
            }
            Err(error) => {
                tracing::debug!(error.message = %error, "the primary could not be asked about findings");
            }
        }
    }

    fn tell(&self, findings: Vec<Finding>) {
        if let Some(first) = findings.first() {
            tracing::warn!(
                audit.key = %first.key,
                audit.layer = first.layer.label(),
                audit.after_seconds = first.after_seconds.label(),
                audit.findings = findings.len(),
                "a cache has what it should not have any more; see /debug/audit"
            );
        }
        for finding in findings {
            self.tally.found(finding);
        }
    }
}
