//! The numbers of the rule, each a type of its own so that none is taken for another.

use std::{fmt, num::ParseIntError, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

number! {
    /// One incarnation of the primary's history. Greater epochs are later; 0 is "none begun yet",
    /// under which nothing is proven.
    Epoch
}
number! {
    /// How often something has changed; rises by one in every transaction that changes it. 0 stands
    /// for "was looked for and never existed".
    Version
}
number! {
    /// A PostgreSQL transaction id, 64 bits wide (`xid8`), also as a bound: a snapshot's horizon.
    Xid
}
number! {
    /// The counter in the history row that an admin pod raises four times a second.
    Beat
}
number! {
    /// A moment on this process's monotonic clock, in nanoseconds since an origin of its own.
    /// Never stored outside the process, never compared with another's.
    Moment
}

impl Moment {
    /// How long after `earlier` this is; zero when it is not after it.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Epoch {
    /// The epoch of a database in which no admin has begun one.
    pub const NONE: Self = Self(0);
}
