//! The service's own program, on ports of its own choosing.

use std::{process::Stdio, time::Duration};

use devstack::Isolated;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use super::{Answer, eventually};

const START_LIMIT: Duration = Duration::from_secs(20);

const BINDS: [(&str, &str); 2] = [("HTTP__BIND", "127.0.0.1:0"), ("OPS__BIND", "127.0.0.1:0")];

/// A running catalog-query, killed when it is dropped.
pub(crate) struct Service {
    pub(crate) client: reqwest::Client,
    base: String,
    ops: String,
    _process: Child,
}

impl Service {
    /// Starts it on these stores, with more settings.
    pub(crate) async fn start(stores: &Isolated, settings: &[(&str, &str)]) -> Self {
        let own = [
            ("PRIMARY__URL", stores.primary.query.as_str()),
            ("REPLICA__URLS", stores.replica.query.as_str()),
            ("REDIS__URL", stores.redis_url.as_str()),
            ("REDIS__KEY_PREFIX", stores.redis_prefix.as_str()),
            ("KAFKA__BROKERS", stores.kafka_brokers.as_str()),
            ("KAFKA__TOPIC_PREFIX", stores.topic_prefix.as_str()),
            ("CURSOR__KEY", stores.cursor_key.as_str()),
            ("SESSION__KEY", stores.session_key.as_str()),
        ];
        Self::run(own.iter().chain(settings)).await
    }

    /// Starts it with these settings and no others.
    pub(crate) async fn run<'a>(settings: impl Iterator<Item = &'a (&'a str, &'a str)>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_catalog-query"));
        command.env_clear().stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true);
        for (name, value) in BINDS.iter().chain(settings) {
            command.env(format!("VITRINA_{name}"), value);
        }
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let started = timeout(START_LIMIT, async {
            while let Some(line) = lines.next_line().await.unwrap() {
                let line: Value = serde_json::from_str(&line).unwrap();
                if line["message"] == "started" {
                    return line;
                }
            }
            panic!("it ended before it had started");
        });
        let started = started.await.expect("it starts in time");
        // Whatever it logs later must not fill the pipe.
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                if std::env::var_os("SHOW_LOGS").is_some() {
                    eprintln!("{line}");
                }
            }
        });
        let address = |name: &str| format!("http://{}", started[name].as_str().unwrap());
        Self {
            client: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            base: address("http.address"),
            ops: address("ops.address"),
            _process: process,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.client.get(self.url(path)).send().await.unwrap()).await
    }

    pub(crate) async fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        let request = self.client.get(self.url(path)).header(name, value);
        Answer::of(request.send().await.unwrap()).await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) async fn ready(&self) {
        eventually("the service is ready", async || {
            let ready = self.client.get(format!("{}/readyz", self.ops)).send().await.unwrap();
            ready.status().is_success().then_some(())
        })
        .await;
    }

    /// All metrics, as text.
    pub(crate) async fn metrics(&self) -> String {
        let page = self.client.get(format!("{}/metrics", self.ops)).send().await.unwrap();
        page.text().await.unwrap()
    }

    /// The sum of a counter's series that have all of these labels.
    pub(crate) async fn counted(&self, name: &str, labels: &[&str]) -> u64 {
        let page = self.metrics().await;
        let series = page.lines().filter(|line| line.starts_with(name));
        let series = series.filter(|line| labels.iter().all(|label| line.contains(label)));
        series.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
    }
}
