//! The parts of a stack by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A process of a stack that can be started, stopped, killed and paused on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Component {
    /// The PostgreSQL primary.
    Primary,
    /// The PostgreSQL hot standby.
    Replica,
    /// Redis.
    Redis,
    /// Kafka, broker and controller in one.
    Kafka,
    /// The first catalog-query.
    QueryOne,
    /// The second catalog-query.
    QueryTwo,
    /// catalog-admin, which is the publisher too.
    Admin,
    /// cache-invalidator.
    Invalidator,
}

impl Component {
    /// The stores, in the order in which they start.
    pub const STORES: [Self; 4] = [Self::Primary, Self::Replica, Self::Redis, Self::Kafka];

    /// The services, in the order in which they start.
    pub const SERVICES: [Self; 4] =
        [Self::Admin, Self::Invalidator, Self::QueryOne, Self::QueryTwo];

    /// All of them, in the order in which they start.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> + Clone {
        Self::STORES.into_iter().chain(Self::SERVICES)
    }

    /// The name as in `stack.json`, in the names of logs and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Replica => "replica",
            Self::Redis => "redis",
            Self::Kafka => "kafka",
            Self::QueryOne => "query-one",
            Self::QueryTwo => "query-two",
            Self::Admin => "admin",
            Self::Invalidator => "invalidator",
        }
    }

    /// Whether it is one of ours rather than a store.
    pub(crate) fn is_service(self) -> bool {
        Self::SERVICES.contains(&self)
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_is_called_the_same_everywhere() {
        for component in Component::all() {
            let json = serde_json::to_string(&component).expect("a name");
            assert_eq!(json, format!("\"{component}\""));
        }
    }
}
