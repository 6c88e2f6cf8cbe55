//! What is killed.

use devstack::Component;

use crate::load::Way;

/// A part that is killed, and what its absence refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Victim {
    /// Its name in the report.
    pub name: &'static str,
    /// The process.
    pub component: Component,
    /// The ways of editing that go on without it.
    pub leaves: &'static [Way],
}

impl Victim {
    /// All that are killed, each alone. The publisher is part of catalog-admin.
    pub const ALL: [Self; 6] = [
        Self::new("Redis", Component::Redis, &[Way::Admin, Way::Psql]),
        Self::new("Kafka", Component::Kafka, &[Way::Admin, Way::Psql]),
        Self::new("replica", Component::Replica, &[Way::Admin, Way::Psql]),
        Self::new("primary", Component::Primary, &[]),
        Self::new("invalidator", Component::Invalidator, &[Way::Admin, Way::Psql]),
        Self::new("publisher", Component::Admin, &[Way::Psql]),
    ];

    const fn new(name: &'static str, component: Component, leaves: &'static [Way]) -> Self {
        Self { name, component, leaves }
    }
}
