//! The auditor finds a pod that holds on to what has changed, and a Redis that has an old body again.

use bench::load::{AdminEditor, Catalog, READ_LIMIT, client};
use catalog_core::{contract::redis_entry::Keys, key::EntityKey};
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
    body: String,
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

    /// What the auditor has found of the product so long after the change.
    async fn findings(&self, after_seconds: u64) -> Vec<Value> {
        let url = format!("{}/debug/audit", self.addresses.invalidator_ops);
        let report: Value = self.client.get(url).send().await.unwrap().json().await.unwrap();
        let key = self.product.to_string();
        let is_of_it = |each: &Value| each["key"] == *key && each["after_seconds"] == after_seconds;
        let findings = report["findings"].as_array().unwrap();
        findings.iter().filter(|each| is_of_it(each)).cloned().collect()
    }

    async fn metrics(&self) -> String {
        let url = format!("{}/metrics", self.addresses.invalidator_ops);
        self.client.get(url).send().await.unwrap().text().await.unwrap()
    }
}

/// A product that the first pod and Redis have, and that the pod holds for current from now on.
async fn held_by_a_pod(addresses: Addresses, product: Uuid) -> Here {
    let client = client(READ_LIMIT).unwrap();
    let read = format!("{}/v1/products/{product}", addresses.query[0]);
    client.get(read).send().await.unwrap().error_for_status().unwrap();
    let product = EntityKey::product(product);
    let pin = format!("{}/debug/memory/pin?keys={product}", addresses.query_ops[0]);
    client.post(pin).send().await.unwrap().error_for_status().unwrap();
    let body = Keys::new("vitrina", &product).body;
    Here { addresses, client, product, body }
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

    // What is as it should be is not found: others are read all the while, and one is edited.
    let other = catalog.products()[1];
    editor.edit(other, "changed", HeaderMap::new()).await.unwrap();
    let product = here.product.id;
    let (edit, _) = editor.edit(product, "changed", HeaderMap::new()).await.unwrap();
    let bring_back = format!("COPY {KEPT} {} REPLACE", here.body);
    eventually("both are found", async || {
        here.redis(&bring_back).await;
        let found = here.findings(1).await;
        ["moka", "redis"].iter().all(|layer| found.iter().any(|each| each["layer"] == *layer))
    })
    .await;
    let pod = here.addresses.query_ops[0].trim_start_matches("http://");
    for finding in here.findings(1).await {
        assert_eq!(finding["fault"], "older", "{finding}");
        assert_eq!(finding["changed_version"], json!(edit.version), "{finding}");
        assert_eq!(finding["found_version"], json!(edit.version.0 - 1), "{finding}");
        // The other pod is as it should be.
        assert!(finding["layer"] == "redis" || finding["pod"] == pod, "{finding}");
    }
    let metrics = here.metrics().await;
    for layer in ["moka", "redis"] {
        let line = format!(
            "vitrina_audit_inconsistencies_total{{layer=\"{layer}\",after_seconds=\"1\"}} 1"
        );
        assert!(metrics.lines().any(|each| each == line), "{line}\n{metrics}");
    }

    eventually("the primary is asked about what is still there after a minute", async || {
        let late = here.findings(60).await;
        late.iter().any(|each| each["layer"] == "moka" && each["judgement"] == "confirmed")
    })
    .await;
}
