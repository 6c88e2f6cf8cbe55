//! The loop that looks.

use std::{collections::HashMap, convert::Infallible, sync::Arc};

use catalog_core::{contract::memory::MOST_KEYS, key::EntityKey};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    AuditQueue, Delay, Pods, Probe, Tally,
    finding::{Finding, Judgement},
    sighting::{Layer, Sighting, faults},
};
use crate::{cache::Cache, store::Primary};

/// Looks at what has changed until told to stop.
#[derive(Debug)]
pub struct Auditor {
    cache: Cache,
    pods: Pods,
    primary: Primary,
    tally: Arc<Tally>,
}

/// Changes that wait for their delay, in the order of their effects.
struct Stage {
    delay: Delay,
    incoming: mpsc::Receiver<Probe>,
    /// Taken, and not due yet.
    early: Option<Probe>,
}

impl Stage {
    fn new(delay: Delay, incoming: mpsc::Receiver<Probe>) -> Self {
        Self { delay, incoming, early: None }
    }

    /// Those that are due, at least one; `None` when no more will come.
    async fn due(&mut self) -> Option<Vec<Probe>> {
        let first = match self.early.take() {
            Some(early) => early,
            None => self.incoming.recv().await?,
        };
        sleep_until(first.made + self.delay.duration()).await;
        let now = Instant::now();
        let mut due = vec![first];
        while due.len() < MOST_KEYS
            && let Ok(next) = self.incoming.try_recv()
        {
            if next.made + self.delay.duration() > now {
                self.early = Some(next);
                break;
            }
            due.push(next);
        }
        Some(due)
    }
}

impl Auditor {
    /// Looks at `cache` and `pods`, asks `primary` about what it finds, and counts in `tally`.
    pub fn new(cache: Cache, pods: Pods, primary: Primary, tally: Arc<Tally>) -> Self {
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
        let (to_second, second) = AuditQueue::new(waiting);
        let (to_third, third) = AuditQueue::new(waiting);
        let looking = async {
            tokio::join!(
                self.look_on(Stage::new(Delay::Second, incoming), Some(to_second)),
                self.look_on(Stage::new(Delay::Seconds, second), Some(to_third)),
                self.look_on(Stage::new(Delay::Minute, third), None),
            )
        };
        stop.run_until_cancelled(looking).await;
        Ok(())
    }

    async fn look_on(&self, mut stage: Stage, next: Option<AuditQueue>) {
        while let Some(due) = stage.due().await {
            self.look(stage.delay, &due).await;
            if let Some(next) = &next {
                for probe in due {
                    next.pass(probe);
                }
            }
        }
    }

    /// At all places at once.
    async fn look(&self, after: Delay, probes: &[Probe]) {
        let keys: Vec<_> = probes.iter().map(|probe| probe.change.entity()).collect();
        let (bodies, memories) = tokio::join!(self.cache.bodies(&keys), self.pods.memory(&keys));
        let mut sightings = HashMap::<EntityKey, Vec<Sighting>>::new();
        match bodies {
            Ok(bodies) => {
                for (key, body) in keys.iter().zip(bodies) {
                    let seen = body.as_deref().and_then(Sighting::in_redis);
                    sightings.entry(*key).or_default().extend(seen);
                }
            }
            Err(error) => {
                tracing::debug!(error.message = %error, "Redis could not be looked at");
            }
        }
        for (pod, memory) in memories {
            for remembered in memory {
                let key = remembered.key;
                sightings.entry(key).or_default().extend(Sighting::in_memory(pod, remembered));
            }
        }

        let mut findings = Vec::new();
        for probe in probes {
            let seen = sightings.get(&probe.change.entity()).map_or(&[][..], Vec::as_slice);
            let faults = faults(&probe.change, seen);
            for layer in Layer::ALL {
                if seen.iter().any(|sighting| sighting.layer == layer) {
                    let is_wrong = faults.iter().any(|(sighting, _)| sighting.layer == layer);
                    self.tally.probed(after, layer, is_wrong);
                }
            }
            findings.extend(
                faults
                    .into_iter()
                    .map(|(sighting, fault)| Finding::new(probe, after, sighting, fault)),
            );
        }
        if after == Delay::Minute {
            self.judge(&mut findings).await;
        }
        self.tell(findings);
    }

    async fn judge(&self, findings: &mut [Finding]) {
        if findings.is_empty() {
            return;
        }
        let keys: Vec<_> = findings.iter().map(|finding| finding.key).collect();
        match self.primary.entries(&keys).await {
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
        let wrong = || findings.iter().filter(|each| each.judgement != Judgement::Dismissed);
        if let Some(first) = wrong().next() {
            tracing::warn!(
                audit.key = %first.key,
                audit.layer = first.layer.label(),
                audit.after_seconds = first.after_seconds.label(),
                audit.findings = wrong().count(),
                "a cache has what it should not have any more; see /debug/audit"
            );
        }
        for finding in findings {
            self.tally.found(finding);
        }
    }
}
