//! When a change is looked at.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// When a change is looked at, after its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// 1 s
    Second,
    /// 5 s
    Seconds,
    /// 60 s
    Minute,
}

impl Delay {
    /// In the order in which each change passes them.
    pub const ALL: [Self; 3] = [Self::Second, Self::Seconds, Self::Minute];

    /// How long that is.
    pub const fn duration(self) -> Duration {
        Duration::from_secs(self.seconds())
    }

    /// As metrics name it: seconds.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Second => "1",
            Self::Seconds => "5",
            Self::Minute => "60",
        }
    }

    const fn seconds(self) -> u64 {
        match self {
            Self::Second => 1,
            Self::Seconds => 5,
            Self::Minute => 60,
        }
    }
}

impl Serialize for Delay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.seconds())
    }
}
