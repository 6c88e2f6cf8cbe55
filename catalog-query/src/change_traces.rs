//! Follows the trace of an edit into this pod: from its record to the first answer that shows it.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use catalog_core::{
    contract::change::{ChangeRecord, TOPIC},
    freshness::{Epoch, Version},
    key::{EntityKey, Kind},
};
use moka::sync::Cache;
use service_kit::telemetry::{FollowedSpan, SpanKind, Traceparent};

use crate::freshness::Standing;

/// What nobody reads is followed no further after so long.
const LIFE: Duration = Duration::from_mins(1);
/// So many changes are followed at once.
const MOST: u64 = 1024;

/// The changes of products whose traces are recorded and that nobody has read yet.
#[derive(Debug)]
pub struct ChangeTraces(Cache<EntityKey, Traced>);

#[derive(Debug, Clone)]
struct Traced {
    epoch: Epoch,
    version: Version,
    heard: Traceparent,
}

impl Default for ChangeTraces {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(LIFE).build())
    }
}

impl ChangeTraces {
    /// A record was heard that came with this place in a trace.
    pub fn heard(&self, record: &ChangeRecord, parent: &Traceparent, news: bool) {
        let Some(mut span) = FollowedSpan::begin(parent, "hear change", SpanKind::Consumer) else {
            return;
        };
        span.set("messaging.system", "kafka");
        span.set("messaging.destination.name", TOPIC);
        span.set("vitrina.entity", record.entity().to_string());
        span.set("vitrina.version", record.version.to_string());
        span.set("vitrina.news", news);
        // What a poll had told of before may have been read before, too.
        if news && record.kind == Kind::Product {
            let heard = span.traceparent();
            let traced = Traced { epoch: record.epoch, version: record.version, heard };
            self.0.insert(record.entity(), traced);
        }
    }

    /// A load of it begins; the span ends with the load.
    pub fn load(&self, key: &EntityKey) -> Option<FollowedSpan> {
        let traced = self.0.get(key)?;
        FollowedSpan::begin(&traced.heard, "load product", SpanKind::Internal)
    }

    /// What shows a change that nobody has read yet, or a later one, is to tell of its first read.
    pub fn first_read(&self, standing: &Standing) -> Option<FirstRead> {
        let product = standing.parts().first()?;
        let traced = self.0.get(&product.key)?;
        if (standing.epoch(), product.version) < (traced.epoch, traced.version) {
            return None;
        }
        self.0.invalidate(&product.key);
        Some(FirstRead { version: product.version, parent: traced.heard, is_told: false.into() })
    }
}

/// Tells the trace of an edit when its product is first answered.
#[derive(Debug)]
pub struct FirstRead {
    version: Version,
    parent: Traceparent,
    is_told: AtomicBool,
}

impl FirstRead {
    /// It was answered.
    pub fn answered(&self) {
        if self.is_told.load(Ordering::Relaxed) || self.is_told.swap(true, Ordering::Relaxed) {
            return;
        }
        if let Some(mut span) =
            FollowedSpan::begin(&self.parent, "first read of the new version", SpanKind::Internal)
        {
            span.set("vitrina.version", self.version.to_string());
        }
    }
}
