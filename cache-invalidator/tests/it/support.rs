//! A running invalidator and what a test needs around it.

use std::{collections::HashMap, future::Future, time::Duration};

use cache_invalidator::{
    app::App,
    settings::{DEFAULTS, InvalidatorSettings},
};
use catalog_core::{
    contract::{
        change::{ChangeRecord, TOPIC},
        redis_entry::{Body, Keys},
    },
    freshness::{Epoch, Version, Xid},
    key::EntityKey,
};
use devstack::Isolated;
use rdkafka::{
    ClientConfig,
    producer::{FutureProducer, FutureRecord},
};
use redis::{AsyncCommands as _, aio::MultiplexedConnection};
use service_kit::settings::load_from;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

pub(crate) const PARTITIONS: i32 = 4;
const LIMIT: Duration = Duration::from_secs(30);

/// Waits until `condition` gives something, and fails the test when it does not in time.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(
    what: &str,
    mut condition: impl FnMut() -> F,
) -> T {
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(found) = condition().await {
            return found;
        }
        assert!(Instant::now() < deadline, "not in time: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

pub(crate) fn product() -> EntityKey {
    EntityKey::product(Uuid::new_v4())
}

pub(crate) fn change(entity: EntityKey, epoch: u64, version: u64) -> ChangeRecord {
    ChangeRecord {
        epoch: Epoch(epoch),
        kind: entity.kind,
        id: entity.id,
        version: Version(version),
        deleted: false,
        xid: Xid(1),
    }
}

pub(crate) fn body(epoch: u64, version: u64) -> Vec<u8> {
    Body {
        epoch: Epoch(epoch),
        version: Version(version),
        xid: Xid(1),
        horizon: Xid(1),
        document: Some(b"{}"),
    }
    .encode()
}

/// A topic, a Redis and a database of the test's own.
pub(crate) struct Here {
    pub(crate) isolated: Isolated,
    pub(crate) redis: MultiplexedConnection,
    producer: FutureProducer,
}

impl Here {
    pub(crate) async fn new(isolated: Isolated) -> Self {
        isolated.create_topic(TOPIC, PARTITIONS).await.unwrap();
        let producer = ClientConfig::new()
            .set("bootstrap.servers", &isolated.kafka_brokers)
            .set("message.timeout.ms", "20000")
            .create()
            .unwrap();
        let redis = connect(&isolated.redis_url).await;
        Self { isolated, redis, producer }
    }

    /// The same after Redis was away: a test's own connection does not come back by itself.
    pub(crate) async fn reconnected(self) -> Self {
        Self { redis: connect(&self.isolated.redis_url).await, ..self }
    }

    pub(crate) fn topic(&self, name: &str) -> String {
        format!("{}{name}", self.isolated.topic_prefix)
    }

    pub(crate) fn keys(&self, entity: EntityKey) -> Keys {
        Keys::new(&self.isolated.redis_prefix, &entity)
    }

    /// A running member of the test's group.
    pub(crate) async fn start(&self) -> Member {
        self.start_with(&[]).await
    }

    /// [`start`](Self::start) with settings of the test's own.
    pub(crate) async fn start_with(&self, settings: &[(&str, &str)]) -> Member {
        let here = &self.isolated;
        let common = [
            ("VITRINA_OPS__BIND", "127.0.0.1:0"),
            ("VITRINA_KAFKA__BROKERS", &here.kafka_brokers),
            ("VITRINA_KAFKA__TOPIC_PREFIX", &here.topic_prefix),
            ("VITRINA_CONSUMER__GROUP", &here.group),
            ("VITRINA_REDIS__URL", &here.redis_url),
            ("VITRINA_REDIS__KEY_PREFIX", &here.redis_prefix),
            ("VITRINA_PRIMARY__URL", &here.primary.query),
            ("VITRINA_REPLICA__URLS", &here.replica.query),
            ("VITRINA_SHUTDOWN__WAIT", "0s"),
            // A busy machine takes its time for the first load.
            ("VITRINA_REFILL__PATIENCE", "10s"),
        ];
        let variables: HashMap<_, _> = common
            .iter()
            .chain(settings)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let settings: InvalidatorSettings = load_from(DEFAULTS, variables).unwrap();
        let app = App::start(settings).await.unwrap();
        let (readiness, tasks) = (app.readiness().clone(), app.tasks());
        let running = tokio::spawn(app.run());
        eventually("a place in the group", || async { readiness.is_ready().then_some(()) }).await;
        Member { tasks, running }
    }

    pub(crate) async fn publish(&self, change: &ChangeRecord) {
        self.send(&change.key(), &serde_json::to_vec(change).unwrap()).await;
    }

    /// Into one partition, so that who sees the last has seen all.
    pub(crate) async fn publish_in_order(&self, changes: &[ChangeRecord]) {
        let topic = self.topic(TOPIC);
        for change in changes {
            let payload = serde_json::to_vec(change).unwrap();
            let key = change.key();
            let record = FutureRecord::to(&topic).key(&key).payload(&payload).partition(0);
            self.producer.send(record, LIMIT).await.unwrap();
        }
    }

    pub(crate) async fn send(&self, key: &str, payload: &[u8]) {
        let topic = self.topic(TOPIC);
        let record = FutureRecord::to(&topic).key(key).payload(payload);
        self.producer.send(record, LIMIT).await.unwrap();
    }

    pub(crate) async fn put(&self, entity: EntityKey, body: &[u8]) {
        let () = self.redis.clone().set(self.keys(entity).body, body).await.unwrap();
    }

    pub(crate) async fn body(&self, entity: EntityKey) -> Option<Vec<u8>> {
        self.redis.clone().get(self.keys(entity).body).await.unwrap()
    }

    /// The floor; `None` too while Redis is away.
    pub(crate) async fn floor(&self, entity: EntityKey) -> Option<String> {
        self.redis.clone().get(self.keys(entity).floor).await.ok().flatten()
    }

    pub(crate) async fn raised(&self, change: &ChangeRecord) {
        let position = catalog_core::contract::redis_entry::position(change.epoch, change.version);
        eventually("the floor", || async {
            self.floor(change.entity()).await.filter(|floor| *floor == position).map(|_| ())
        })
        .await;
    }
}

/// A running invalidator.
pub(crate) struct Member {
    tasks: service_kit::shutdown::Tasks,
    running: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl Member {
    /// Ends it in order, which commits what it has acknowledged.
    pub(crate) async fn end(self) {
        self.tasks.request_shutdown();
        self.running.await.unwrap().unwrap();
    }
}

/// How many refills in this process have ended so.
pub(crate) fn refills(outcome: &str) -> u64 {
    let series = format!("vitrina_refills_total{{outcome=\"{outcome}\"}} ");
    let text = service_kit::telemetry::metrics().render();
    let value = text.lines().find_map(|line| line.strip_prefix(&series));
    value.map_or(0, |value| value.parse().unwrap())
}

async fn connect(url: &str) -> MultiplexedConnection {
    redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap()
}
