//! What the tests of the publisher and of epochs stand on.

use std::time::Duration;

use catalog_admin::{
    epoch::begin_by_hand,
    publisher::{Publisher, PublisherSettings},
};
use catalog_core::{freshness::Epoch, key::EntityKey};
use devstack::Isolated;
use service_kit::settings::{KafkaSettings, PoolSettings, PostgresSettings};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};
use tokio_postgres::{Client, NoTls};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long anything may take until it is seen.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Asks until the answer is yes.
pub(crate) async fn eventually(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !condition().await {
        assert!(Instant::now() < deadline, "never: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

pub(crate) fn primary(here: &Isolated) -> PostgresSettings {
    PostgresSettings { url: here.primary.admin.clone().into(), pool: PoolSettings::default() }
}

pub(crate) fn kafka(here: &Isolated) -> KafkaSettings {
    KafkaSettings {
        brokers: vec![here.kafka_brokers.clone()],
        topic_prefix: here.topic_prefix.clone(),
    }
}

pub(crate) async fn begin_epoch(here: &Isolated) -> Epoch {
    begin_by_hand(&primary(here), Epoch::NONE).await.unwrap()
}

/// What a publisher of these tests makes the topic with.
pub(crate) const PARTITIONS: usize = 3;

pub(crate) fn settings(here: &Isolated) -> PublisherSettings {
    PublisherSettings {
        slot: here.slot.clone(),
        confirm_interval: Duration::from_millis(50),
        partitions: i32::try_from(PARTITIONS).unwrap(),
        ..PublisherSettings::default()
    }
}

/// A publisher that is aborted when this is dropped, as if its process had died.
pub(crate) struct Running(JoinHandle<()>);

impl Running {
    pub(crate) fn start(here: &Isolated) -> Self {
        Self::start_with(here, &settings(here))
    }

    pub(crate) fn start_with(here: &Isolated, settings: &PublisherSettings) -> Self {
        let publisher = Publisher::new(&primary(here), &kafka(here), settings).unwrap();
        Self(tokio::spawn(async {
            let Ok(()) = publisher.run(CancellationToken::new()).await;
        }))
    }

    /// Ends it between any two of its steps, and waits until it has ended.
    pub(crate) async fn die(mut self) {
        self.0.abort();
        let _ = (&mut self.0).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Inserts a product; its slug is its name.
pub(crate) async fn add_product(db: &Client, slug: &str) -> EntityKey {
    let id = Uuid::now_v7();
    db.execute("INSERT INTO product (id, slug) VALUES ($1, $2)", &[&id, &slug]).await.unwrap();
    EntityKey::product(id)
}

/// A change of the product, which raises its version.
pub(crate) async fn touch(db: &Client, product: EntityKey) {
    const SQL: &str = "UPDATE product SET updated_at = clock_timestamp() WHERE id = $1";
    assert_eq!(db.execute(SQL, &[&product.id]).await.unwrap(), 1);
}

/// The server process that streams from the slot, if there is one.
pub(crate) async fn holder(db: &Client, slot: &str) -> Option<i32> {
    const SQL: &str = "SELECT active_pid FROM pg_replication_slots WHERE slot_name = $1";
    db.query_opt(SQL, &[&slot]).await.unwrap().and_then(|row| row.get(0))
}

/// Waits until the slot's feed is known to hold every row as of `epoch`.
pub(crate) async fn wait_written_down(db: &Client, slot: &str, epoch: Epoch) {
    let epoch = epoch.0.cast_signed();
    eventually("it is written down that all has been published", async || {
        const SQL: &str = "SELECT 1 FROM published WHERE slot = $1 AND epoch = $2";
        db.query_opt(SQL, &[&slot, &epoch]).await.unwrap().is_some()
    })
    .await;
}
