//! Real stores and services for development and for tests.
//!
//! A [`Stack`] runs a PostgreSQL primary with a streaming replica, Redis, Kafka and the services
//! of this workspace as child processes, all on 127.0.0.1, with their data under one directory.
//! The program `devstack` keeps one for a developer (`make up`) and makes one for a test run
//! (`make test`); tests reach theirs through [`TestStack`].

mod account;
mod addresses;
mod adoption;
mod catalog;
mod component;
mod control;
pub mod convert;
pub mod demo;
mod disk;
mod error;
mod health;
mod kafka;
mod keys;
mod layout;
mod lifecycle;
pub mod line;
pub mod loading;
mod ports;
mod postgres;
mod private_file;
mod process;
mod program;
mod progress;
mod redis;
mod replication;
mod secret;
mod services;
mod slug;
mod stack;
mod state;
mod testing;
mod token;
pub mod verify;
mod wall_clock;
mod workspace;

use serde::{Deserialize, Serialize};

pub use addresses::{Addresses, DatabaseUrls};
pub use component::Component;
pub use error::{Error, Result};
pub use health::Health;
pub use kafka::{create_topic, record_delays, wait_for_record};
pub use keys::KEY_ID;
pub use layout::Layout;
pub use ports::Ports;
pub use process::{Lifetime, Process};
pub use progress::Progress;
pub use stack::{Plan, Stack};
pub use testing::{Isolated, TEST_STACK_VARIABLE, TestStack};
pub use workspace::workspace_root;

/// Where the services of `make up` send the spans of recorded traces: a collector's usual port.
pub const COLLECTOR: &str = "127.0.0.1:4318";

/// What a stack is for, which decides how careful its stores are with the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// A developer's data, which a power cut must not take.
    Development,
    /// Tests, whose data nobody misses.
    Test,
}
