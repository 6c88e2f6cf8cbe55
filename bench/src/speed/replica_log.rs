//! How often the replica was asked for a product, as the replica itself tells.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use devstack::{Component, Stack};
use tokio::time::{Instant, sleep};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

const ALL: [&str; 2] = ["ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()"];
const AS_BEFORE: [&str; 2] = ["ALTER SYSTEM RESET log_statement", "SELECT pg_reload_conf()"];
/// How long the servers' processes may take to hear of a setting.
const HEARD: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(20);
/// From when one of them has heard of it until all have.
const ALL_HEARD: Duration = Duration::from_millis(200);

/// The log of the replica while it has every statement in it, with its parameters.
///
/// Its count is right whoever asks and however the statement is carried out: the server writes a line with the
/// parameters each time that a statement is executed, before it does so, and the ids of the products that are
/// asked for are nowhere but in the parameters. The statistics of tables would tell of scans instead, of
/// which a statement makes as many as its plan has, and would tell of them seconds late.
pub(super) struct ReplicaLog {
    client: Client,
    path: PathBuf,
}

impl ReplicaLog {
    /// Measures with it; the replica logs as before in the end, whatever came of that.
    pub(super) async fn during<T>(
        stack: &Stack,
        measure: impl AsyncFnOnce(&Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let log = Box::pin(Self::begin(stack)).await?;
        let measured = measure(&log).await;
        let ended = log.execute(AS_BEFORE).await;
        let measured = measured?;
        ended?;
        Ok(measured)
    }

    async fn begin(stack: &Stack) -> anyhow::Result<Self> {
        let url = stack.addresses().replica.superuser;
        let connected = tokio_postgres::connect(&url, NoTls).await;
        let (client, connection) = connected.context("cannot reach the replica")?;
        tokio::spawn(connection);
        let log = Self { client, path: stack.layout().log(Component::Replica) };
        log.execute(ALL).await?;
        let deadline = Instant::now() + HEARD;
        while log.client.query_one("SHOW log_statement", &[]).await?.get::<_, &str>(0) != "all" {
            ensure!(Instant::now() < deadline, "the replica does not begin to log statements");
            sleep(LOOK).await;
        }
        sleep(ALL_HEARD).await;
        Ok(log)
    }

    async fn execute(&self, statements: [&str; 2]) -> anyhow::Result<()> {
        for statement in statements {
            self.client.batch_execute(statement).await.context(statement.to_owned())?;
        }
        Ok(())
    }

    /// Where it ends now.
    pub(super) fn end(&self) -> anyhow::Result<u64> {
        let found = std::fs::metadata(&self.path);
        Ok(found.with_context(|| format!("cannot read {}", self.path.display()))?.len())
    }

    /// How many statements since `place` asked for each of these products, all products together.
    pub(super) fn asked_since(&self, place: u64, products: &[Uuid]) -> anyhow::Result<u64> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(place))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(asked(&String::from_utf8_lossy(&bytes), products))
    }
}

fn asked(text: &str, products: &[Uuid]) -> u64 {
    let parameters: Vec<&str> = text.lines().filter(|line| line.contains("$1 = '")).collect();
    let of_one = |product: &Uuid| {
        let id = product.to_string();
        parameters.iter().filter(|line| line.contains(&id)).count() as u64
    };
    products.iter().map(of_one).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_counted_by_the_ids_in_their_parameters() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        let text = format!(
            "2026 [7] q@v LOG:  execute s1: WITH wanted AS (SELECT unnest($1::uuid[]))\n\tSELECT 1\n\
             2026 [7] q@v DETAIL:  parameters: $1 = '{{{a},{b}}}'\n\
             2026 [8] q@v LOG:  execute s1: WITH wanted AS (SELECT unnest($1::uuid[]))\n\
             2026 [8] q@v DETAIL:  parameters: $1 = '{{{a}}}'\n2026 LOG:  something of {c}\n"
        );
        assert_eq!(asked(&text, &[a]), 2);
        assert_eq!(asked(&text, &[a, b]), 3);
        assert_eq!(asked(&text, &[c]), 0);
    }
}
