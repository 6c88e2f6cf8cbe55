//! When a change is looked at.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// When a change is looked at, after its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// 1 s
    OneSecond,
    /// 5 s
    FiveSeconds,
    /// 60 s
    OneMinute,
}

impl Delay {
    /// In the order in which each change passes them.
    pub const ALL: [Self; 3] = [Self::OneSecond, Self::FiveSeconds, Self::OneMinute];

    /// How long that is.
    pub const fn duration(self) -> Duration {
        Duration::from_secs(self.seconds())
    }

    /// A look that comes later than this is of no use: what was wrong may have healed.
    pub const fn latest(self) -> Duration {
        match self {
            Self::OneSecond => Duration::from_secs(2),
            Self::FiveSeconds => Duration::from_secs(8),
            Self::OneMinute => Duration::from_secs(90),
        }
    }

    /// As metrics name it: seconds.
    pub const fn label(self) -> &'static str {
        match self {
            Self::OneSecond => "1",
            Self::FiveSeconds => "5",
            Self::OneMinute => "60",
        }
    }

    const fn seconds(self) -> u64 {
        match self {
            Self::OneSecond => 1,
            Self::FiveSeconds => 5,
            Self::OneMinute => 60,
        }
    }
}

impl Serialize for Delay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.seconds())
    }
}
