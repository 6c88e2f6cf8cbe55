//! Metrics explain themselves, and lead to traces.

use std::{collections::BTreeSet, time::Duration};

use bench::load::{Catalog, READ_LIMIT, client};
use devstack::{Component, TestStack};
use rand::{SeedableRng as _, rngs::SmallRng};
use reqwest::{StatusCode, header::ACCEPT};

use tokio::time::timeout;

use crate::support::stack_with_catalog;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0";

async fn scrape(stack: &TestStack, service: Component, accept: &str) -> String {
    let environment = stack.service_environment(service);
    let url = format!("http://{}/metrics", environment["VITRINA_OPS__BIND"]);
    let answer = client(READ_LIMIT).unwrap().get(url).header(ACCEPT, accept).send().await.unwrap();
    answer.text().await.unwrap()
}

fn named(text: &str, line: &str) -> BTreeSet<String> {
    let named = text.lines().filter_map(|it| it.strip_prefix(line)?.split(' ').next());
    named.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_metric_of_every_service_has_a_help_text() {
    let stack = stack_with_catalog(20).await;
    for service in Component::SERVICES {
        for accept in ["text/plain", OPENMETRICS] {
            let text = scrape(&stack, service, accept).await;
            let (typed, helped) = (named(&text, "# TYPE "), named(&text, "# HELP "));
            let silent: Vec<_> = typed.difference(&helped).collect();
            assert!(typed.len() > 20, "{service} has few metrics: {typed:?}");
            assert!(silent.is_empty(), "{service}: {silent:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_latency_of_a_recorded_request_leads_to_its_trace() {
    let stack = stack_with_catalog(20).await;
    let addresses = stack.addresses();
    let mut random = SmallRng::seed_from_u64(1);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await.unwrap();
    let url = format!("{}/v1/products/{}", addresses.query[0], catalog.products()[0]);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let parent = format!("00-{trace}-b7ad6b7169203331-01");
    let asked = client(READ_LIMIT).unwrap().get(url).header("traceparent", parent);
    let answered = timeout(Duration::from_secs(10), async {
        while asked.try_clone().unwrap().send().await.unwrap().status() != StatusCode::OK {}
    });
    answered.await.unwrap();

    let text = scrape(&stack, Component::QueryOne, OPENMETRICS).await;
    let exemplar = format!("# {{trace_id=\"{trace}\"}}");
    let of_route = "vitrina_http_request_duration_seconds_bucket{method=\"GET\",\
                    route=\"/v1/products/{id}\",status=\"200\"";
    let mut lines = text.lines().filter(|line| line.contains(&exemplar));
    assert!(lines.any(|line| line.starts_with(of_route)), "{text}");
    assert!(text.ends_with("# EOF\n"));
    // The older format has no place for it.
    assert!(!scrape(&stack, Component::QueryOne, "text/plain").await.contains(trace));
}
