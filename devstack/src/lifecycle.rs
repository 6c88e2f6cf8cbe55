//! Bringing a whole stack up and down.

use crate::postgres::{self, Login};
use crate::process::Process;
use crate::stack::DATABASE;
use crate::state::State;
use crate::{Component, Error, Progress, Purpose, Result, Stack, disk, kafka};

/// The migrated database that those of the tests are copied from.
pub(crate) const TEMPLATE: &str = "vitrina_template";

/// Room for the data, a build's own needs not counted.
const NEEDED_MB: u64 = 2_048;

impl Stack {
    /// Starts the stores that do not run yet and makes the roles and the migrated database.
    pub async fn start_stores(&self, progress: Progress) -> Result<()> {
        disk::check_space(self.layout().directory(), NEEDED_MB)?;
        Box::pin(kafka::prepare(progress)).await?;
        let servers = async {
            progress.step("PostgreSQL primary", self.start(Component::Primary)).await?;
            progress.step("PostgreSQL replica", self.start(Component::Replica)).await?;
            progress.step("database", Box::pin(self.prepare_database())).await
        };
        tokio::try_join!(
            Box::pin(servers),
            progress.step("Redis", self.start(Component::Redis)),
            progress.step("Kafka", self.start(Component::Kafka)),
        )?;
        Ok(())
    }

    /// Starts the services that do not run yet, and those anew whose binary has been rebuilt.
    pub async fn start_services(&self, progress: Progress) -> Result<()> {
        for component in Component::SERVICES {
            if self.process(component).is_some_and(Process::is_outdated) {
                self.stop(component).await;
            }
            progress.step(component.name(), self.start(component)).await?;
        }
        Ok(())
    }

    /// Stops all that runs: the services, then the replica, and the primary last of the servers,
    /// because it waits for those that stream from it.
    pub async fn shut_down(&self, progress: Progress) {
        for component in Component::all().rev() {
            if self.process(component).is_some_and(Process::is_alive) {
                self.stop(component).await;
                progress.say(&format!("  {:<24} stopped", component.name()));
            }
        }
    }

    async fn prepare_database(&self) -> Result<()> {
        let state = self.state();
        let primary = state.superuser(state.ports.primary);
        let secrets = &state.secrets;
        postgres::create_roles(&primary, &secrets.admin, &secrets.query).await?;
        match state.purpose {
            Purpose::Development => migrated_database(&state, &primary, DATABASE).await,
            Purpose::Test => {
                migrated_database(&state, &primary, TEMPLATE).await?;
                postgres::clone_database(&primary, TEMPLATE, DATABASE).await?;
                Ok(())
            }
        }
    }
}

async fn migrated_database(state: &State, primary: &Login, name: &str) -> Result<()> {
    postgres::create_database(primary, name).await?;
    let url = state.admin(state.ports.primary).url(name);
    schema::migrate(&url)
        .await
        .map_err(|e| Error::Migration { database: name.to_owned(), source: e })?;
    Ok(())
}
