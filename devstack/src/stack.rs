//! A stack: its stores and services, by component.

use std::collections::BTreeMap;
use std::path::PathBuf;

use parking_lot::Mutex;

use crate::layout::Layout;
use crate::process::{Lifetime, Process};
use crate::state::{Secrets, State};
use crate::workspace::binaries_folder;
use crate::{Addresses, Component, Ports, Purpose, Result, keys, services};

/// The catalog's database.
pub(crate) const DATABASE: &str = "vitrina";

/// A stack in a directory of its own.
///
/// All that is known of it stands in its `stack.json`, so that any later process can attach to it
/// and act on its components.
#[derive(Debug)]
pub struct Stack {
    state: Mutex<State>,
}

/// What a new stack is to be.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The directory of its own.
    pub directory: PathBuf,
    /// For development or for tests.
    pub purpose: Purpose,
    /// Whether its processes outlive the one that starts them.
    pub lifetime: Lifetime,
    /// Where its parts listen.
    pub ports: Ports,
    /// `VITRINA_…` settings that its services get beside those that the stack gives them.
    pub service_settings: BTreeMap<String, String>,
}

impl Stack {
    /// Makes the directory, the secrets and the keys of a new stack; starts nothing yet.
    pub fn create(plan: Plan) -> Result<Self> {
        let layout = Layout::new(&plan.directory);
        layout.create()?;
        let state = State {
            directory: plan.directory,
            binaries: binaries_folder()?,
            purpose: plan.purpose,
            lifetime: plan.lifetime,
            ports: plan.ports,
            secrets: Secrets::generate(),
            service_settings: plan.service_settings,
            processes: BTreeMap::new(),
        };
        keys::create(&layout)?;
        state.save()?;
        Ok(Self { state: Mutex::new(state) })
    }

    /// The stack that was made in that directory before, running or not.
    pub fn attach(directory: impl Into<PathBuf>) -> Result<Self> {
        let state = State::load(&Layout::new(directory))?;
        Ok(Self { state: Mutex::new(state) })
    }

    /// Where its files lie.
    pub fn layout(&self) -> Layout {
        self.state.lock().layout()
    }

    /// Where its parts are reached.
    pub fn addresses(&self) -> Addresses {
        Addresses::of(&self.state())
    }

    /// The environment that a service is started with.
    pub fn service_environment(&self, component: Component) -> BTreeMap<String, String> {
        let state = self.state();
        let mut all: BTreeMap<String, String> = services::settings(&state, component)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        all.extend(state.service_settings);
        all
    }

    /// The process that was started last for the component and has not been stopped or killed by
    /// name since; it may have ended by itself.
    pub fn process(&self, component: Component) -> Option<Process> {
        self.state.lock().processes.get(&component).copied()
    }

    /// A copy of what is known now.
    pub(crate) fn state(&self) -> State {
        self.state.lock().clone()
    }

    /// Changes what is known and writes it down.
    pub(crate) fn update(&self, change: impl FnOnce(&mut State)) -> Result<()> {
        let mut state = self.state.lock();
        change(&mut state);
        state.save()
    }
}
