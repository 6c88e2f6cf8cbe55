//! Settings and start of the one node.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};

use super::{jars, java};
use crate::account::Account;
use crate::process::{Lifetime, Process, command, run, spawn};
use crate::state::State;
use crate::{Component, Error, Ports, Progress, Result, secret};

const FORMAT_LIMIT: Duration = Duration::from_mins(1);
const PROBE_LIMIT: Duration = Duration::from_secs(2);

/// Starts the node; formats its log folder at the first start.
pub(crate) async fn launch(state: &State) -> Result<Process> {
    let layout = state.layout();
    let jars = jars::prepare(Progress::Silent).await?;
    let java = java::find().await?;
    let data = layout.data(Component::Kafka);
    let settings = layout.settings().join("kafka.properties");
    let logging = layout.settings().join("kafka-log4j2.properties");
    write(&settings, &properties(state.ports, &data))?;
    write(&logging, LOGGING)?;

    let program = |main: &str, lifetime: Lifetime| -> Command {
        let mut java = command(&java, lifetime, &Account::own());
        // One small node: starting soon matters more than peak speed.
        java.args(["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"])
            .arg(format!("-Dlog4j2.configurationFile={}", logging.display()))
            .arg("-cp")
            .arg(jars.join("*"))
            .arg(main);
        java
    };
    if !data.join("meta.properties").exists() {
        let mut format = program("kafka.tools.StorageTool", Lifetime::Bound);
        format
            .args(["format", "--cluster-id", &secret::uuid_base64()])
            .arg("--config")
            .arg(&settings);
        run("formatting Kafka's log folder", FORMAT_LIMIT, format).await?;
    }
    let mut node = program("kafka.Kafka", state.lifetime);
    node.arg(&settings);
    spawn(node, &layout.log(Component::Kafka))
}

/// Whether the broker gives metadata that names itself.
pub(crate) async fn is_ready(brokers: String) -> bool {
    tokio::task::spawn_blocking(move || {
        let consumer: Result<BaseConsumer, _> =
            ClientConfig::new().set("bootstrap.servers", brokers).set("log_level", "0").create();
        consumer
            .and_then(|consumer| consumer.fetch_metadata(None, PROBE_LIMIT))
            .is_ok_and(|metadata| !metadata.brokers().is_empty())
    })
    .await
    .unwrap_or(false)
}

fn properties(ports: Ports, data: &Path) -> String {
    let Ports { kafka, kafka_controller, .. } = ports;
    format!(
        "\
# Written by devstack at every start; changes here are lost.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{kafka_controller}
listeners=PLAINTEXT://127.0.0.1:{kafka},CONTROLLER://127.0.0.1:{kafka_controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{kafka}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs={}
# Topics are made on purpose, with the partitions that they need.
auto.create.topics.enable=false
# One node can keep one copy.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# After a kill the node may register again as soon as the old session has ended.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
",
        data.display()
    )
}

/// Kafka prints all its settings at INFO, hundreds of lines of them, several times over.
const LOGGING: &str = "\
status = warn
rootLogger.level = info
rootLogger.appenderRef.out.ref = out
logger.settings.name = org.apache.kafka.common.config.AbstractConfig
logger.settings.level = warn
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}{UTC} %-5p %c{1} %m%n
";

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|e| Error::io(format!("write {}", path.display()), e))
}
