//! Taking over a stack of an earlier run.

use crate::health::running;
use crate::process::Process;
use crate::workspace::binaries_folder;
use crate::{Component, Ports, Result, Stack};

impl Stack {
    /// Takes over a stack of an earlier run: with this program's binaries and, when nothing of it
    /// runs, with these ports.
    pub fn adopt(&self, ports: Ports) -> Result<()> {
        let binaries = binaries_folder()?;
        let stopped = Component::all()
            .all(|component| !self.process(component).is_some_and(Process::is_alive));
        self.update(|state| {
            state.binaries = binaries;
            if stopped {
                state.ports = ports;
            }
        })
    }

    /// Refuses when somebody else listens where a part that does not run yet is to listen.
    pub async fn check_ports(&self) -> Result<()> {
        let state = self.state();
        for component in Component::all() {
            if running(&state, component).is_none() {
                state.ports.check_free(component).await?;
            }
        }
        Ok(())
    }
}
