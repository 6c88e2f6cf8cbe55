//! How the components of a stack stand.

use std::time::Duration;

use tokio::time::timeout;

use crate::process::Process;
use crate::state::State;
use crate::{Component, Stack, kafka, postgres, redis, services};

const PROBE_LIMIT: Duration = Duration::from_secs(5);

/// How a component stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It answers.
    Ready,
    /// It runs but does not answer, or not yet.
    Unready,
    /// It was paused.
    Paused,
    /// It does not run.
    Down,
}

impl Stack {
    /// How a component stands now.
    pub async fn health(&self, component: Component) -> Health {
        let state = self.state();
        let Some(process) = running(&state, component) else {
            return Health::Down;
        };
        if process.is_paused() {
            Health::Paused
        } else if is_ready(&state, component).await {
            Health::Ready
        } else {
            Health::Unready
        }
    }
}

/// The component's process, when it is alive.
pub(crate) fn running(state: &State, component: Component) -> Option<Process> {
    state.processes.get(&component).copied().filter(|process| process.is_alive())
}

/// Whether the component answers as it should.
pub(crate) async fn is_ready(state: &State, component: Component) -> bool {
    let ports = state.ports;
    let probe = async {
        match component {
            Component::Primary => {
                postgres::primary_is_ready(&state.superuser(ports.primary)).await.unwrap_or(false)
            }
            Component::Replica => {
                postgres::replica_is_ready(&state.superuser(ports.replica)).await.unwrap_or(false)
            }
            Component::Redis => redis::is_ready(ports.redis).await,
            Component::Kafka => kafka::is_ready(format!("127.0.0.1:{}", ports.kafka)).await,
            Component::QueryOne
            | Component::QueryTwo
            | Component::Admin
            | Component::Invalidator => services::is_ready(state, component).await,
        }
    };
    timeout(PROBE_LIMIT, probe).await.unwrap_or(false)
}
