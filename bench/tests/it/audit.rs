//! The auditor finds a pod that holds on to what has changed, and a Redis that has an old body again.

use bench::{
    load::{AdminEditor, Catalog, READ_LIMIT, client},
    prometheus::Page,
};
use catalog_core::{contract::redis_entry::Keys, freshness::Version, key::EntityKey};
use devstack::Addresses;
use rand::{SeedableRng as _, rngs::SmallRng};
use reqwest::{Client, header::HeaderMap};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use uuid::Uuid;

use crate::{support::stack_with_catalog, waiting::eventually};

const KEPT: &str = "kept-by-the-test";

struct Here {
    addresses: Addresses,
    client: Client,
    product: EntityKey,
    /// Redis' key of its body.
    body: String,
    /// The version that the pod holds for current.
    held: Value,
}

impl Here {
    /// Sends Redis one command, as a person would type it; its answer is a number.
    async fn redis(&self, command: &str) -> i64 {
        let address = self.addresses.redis.trim_start_matches("redis://").trim_end_matches('/');
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(format!("{command}\r\n").as_bytes()).await.unwrap();
        let mut answer = [0; 64];
        let length = connection.read(&mut answer).await.unwrap();
        let text = std::str::from_utf8(&answer[..length]).unwrap();
        text.trim().trim_start_matches(':').parse().unwrap_or_else(|_| panic!("{command}: {text}"))
    }

    /// What the auditor has found of the product so many seconds after this change of it.
    async fn findings(&self, after_seconds: u64, change: Version) -> Vec<Value> {
        let mut findings = self.all_findings().await;
        let key = self.product.to_string();
        findings.retain(|each| {
            each["key"] == *key
                && each["after_seconds"] == after_seconds
                && each["changed_version"] == json!(change)
        });
        findings
    }

    async fn all_findings(&self) -> Vec<Value> {
        let url = format!("{}/debug/audit", self.addresses.invalidator_ops);
        let report: Value = self.client.get(url).send().await.unwrap().json().await.unwrap();
        report["findings"].as_array().unwrap().clone()
    }

    /// How much the auditor has counted under this name in all series with these labels.
    async fn counted(&self, name: &str, labels: &[&str]) -> u64 {
        let page = Page::read(&self.client, &self.addresses.invalidator_ops).await.unwrap();
        // A series begins with the first thing that is counted in it.
        page.counted(name, labels).unwrap_or(0)
    }

    /// How many looks were not made, or could not have told a wrong pod: it did not answer, or had not proven
    /// anything since the change.
    async fn blind(&self) -> u64 {
        let mut blind = 0;
        for name in ["skipped", "failures", "incomplete", "within_bound"] {
            blind += self.counted(&format!("vitrina_audit_{name}_total"), &[]).await;
        }
        blind
    }

    /// Edits the product and brings its old body back, until a look at such an edit finds these layers wrong. A
    /// busy machine may leave a look no chance; then the next edit's is waited for.
    async fn found(&self, editor: &AdminEditor, after_seconds: u64, layers: &[&str]) -> Vec<Value> {
        let bring_back = format!("COPY {KEPT} {} REPLACE", self.body);
        let mut found = Vec::new();
        let mut edits = 0;
        eventually("an edit has a look that can tell", async || {
            let blind = self.blind().await;
            edits += 1;
            let mark = format!("changed for the look after {after_seconds} s, {edits}");
            let (edit, _) = editor.edit(self.product.id, &mark, HeaderMap::new()).await.unwrap();
            let mut all = false;
            eventually("the edit is looked at", async || {
                self.redis(&bring_back).await;
                found = self.findings(after_seconds, edit.version).await;
                all = layers.iter().all(|layer| found.iter().any(|each| each["layer"] == *layer));
                all || self.blind().await > blind
            })
            .await;
            all
        })
        .await;
        found
    }
}

/// A product that the first pod and Redis have, and whose version there the pod holds for current from now on.
async fn held_by_a_pod(addresses: Addresses, product: Uuid) -> Here {
    let client = client(READ_LIMIT).unwrap();
    let read = format!("{}/v1/products/{product}", addresses.query[0]);
    client.get(read).send().await.unwrap().error_for_status().unwrap();
    let product = EntityKey::product(product);
    let pin = format!("{}/debug/memory/pin?keys={product}", addresses.query_ops[0]);
    client.post(pin).send().await.unwrap().error_for_status().unwrap();
    let memory = format!("{}/debug/memory?keys={product}", addresses.query_ops[0]);
    let memory: Value = client.get(memory).send().await.unwrap().json().await.unwrap();
    let held = memory["entries"][0]["version"].clone();
    assert!(held.is_number(), "{memory}");
    let body = Keys::new("vitrina", &product).body;
    Here { addresses, client, product, body, held }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_and_a_redis_that_keep_an_old_body_are_found_by_the_first_look() {
    let stack = stack_with_catalog(20).await;
    let addresses = stack.addresses();
    let mut random = SmallRng::seed_from_u64(1);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await.unwrap();
    let editor = AdminEditor::new(addresses.admin.clone(), &addresses.editor_token).await.unwrap();
    let here = held_by_a_pod(addresses, catalog.products()[0]).await;
    let keep = format!("COPY {} {KEPT}", here.body);
    eventually("Redis has the body", async || here.redis(&keep).await == 1).await;

    let other = catalog.products()[1];
    editor.edit(other, "changed", HeaderMap::new()).await.unwrap();
    let pod = here.addresses.query_ops[0].trim_start_matches("http://");
    for finding in here.found(&editor, 1, &["moka", "redis"]).await {
        assert_eq!(finding["fault"], "older", "{finding}");
        assert_eq!(finding["found_version"], here.held, "{finding}");
        // The other pod is as it should be.
        assert!(finding["layer"] == "redis" || finding["pod"] == pod, "{finding}");
    }
    for layer in ["moka", "redis"] {
        let labels = [format!("layer=\"{layer}\""), "after_seconds=\"1\"".to_owned()];
        let labels = labels.each_ref().map(String::as_str);
        assert!(here.counted("vitrina_audit_inconsistencies_total", &labels).await > 0, "{layer}");
    }

    // After a minute the primary is asked about what is still there.
    let late = here.found(&editor, 60, &["moka"]).await;
    assert!(late.iter().any(|each| each["judgement"] == "confirmed"), "{late:?}");

    // What is as it should be is not found.
    let key = here.product.to_string();
    for finding in here.all_findings().await {
        assert_eq!(finding["key"], *key, "{finding}");
    }
}
