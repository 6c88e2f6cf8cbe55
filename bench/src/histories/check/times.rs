//! What is certain to have happened at any moment.

use std::collections::HashMap;

use catalog_core::freshness::Version;
use tokio::time::Instant;
use uuid::Uuid;

use super::{Asked, Operation, What};

/// When something had ended, and the greatest version up to then, in the order of time.
pub(super) type Greatest = HashMap<Uuid, Vec<(Instant, Version)>>;

/// What is certain to have happened at any moment.
pub(super) struct Times {
    /// By acknowledgements.
    pub(super) written: Greatest,
    /// By unlabelled answers to strong reads.
    pub(super) shown: Greatest,
}

impl Times {
    pub(super) fn of(history: &[Operation]) -> Self {
        let greatest = |counts: fn(&What) -> bool| {
            let mut all = Greatest::new();
            for operation in history.iter().filter(|operation| counts(&operation.what)) {
                let of_product = all.entry(operation.product).or_default();
                of_product.push((operation.ended, operation.version));
            }
            for of_product in all.values_mut() {
                of_product.sort_unstable();
                let mut greatest = Version(0);
                for (_, version) in of_product {
                    greatest = greatest.max(*version);
                    *version = greatest;
                }
            }
            all
        };
        Self {
            written: greatest(|what| matches!(what, What::Wrote { .. })),
            shown: greatest(|what| {
                matches!(what, What::Read { asked: Asked::Strong, stale: false, .. })
            }),
        }
    }

    /// The greatest version of what had ended before this moment.
    pub(super) fn before(all: &Greatest, product: Uuid, moment: Instant) -> Version {
        let of_product = all.get(&product).map_or(&[][..], Vec::as_slice);
        let ended = of_product.partition_point(|(ended, _)| *ended < moment);
        of_product[..ended].last().map_or(Version(0), |(_, version)| *version)
    }
}
