//! An edit can be followed from its PATCH to its first read in every process.

use std::collections::{BTreeMap, BTreeSet};

use bench::trace::{Collector, Span, run, tree};

use crate::support::stack_with;

fn of<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

fn processes(spans: &[&Span]) -> BTreeSet<String> {
    spans.iter().map(|span| span.process.clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_leads_from_the_patch_through_kafka_to_the_first_read_in_every_process() {
    let collector = Collector::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", collector.address());
    let settings =
        [("VITRINA_TRACES__ENDPOINT", &*endpoint), ("VITRINA_TRACES__SAMPLE_RATIO", "0")];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let stack = stack_with(20, BTreeMap::from(settings)).await;
    let spans = run(&stack.addresses(), &collector).await.unwrap().spans;
    let text = tree(&spans);

    let patch = of(&spans, "PATCH /v1/products/{id}");
    assert_eq!(patch.len(), 1, "{text}");
    let published = of(&spans, "publish change");
    assert_eq!(published.len(), 1, "{text}");
    assert_eq!(published[0].parent, patch[0].id, "{text}");
    let readers =
        BTreeSet::from(["query-one", "query-two"].map(|it| format!("catalog-query ({it})")));
    for (name, by) in [
        ("raise floor", BTreeSet::from(["cache-invalidator (invalidator)".to_owned()])),
        ("hear change", readers.clone()),
    ] {
        let spans = of(&spans, name);
        assert_eq!(processes(&spans), by, "{text}");
        assert!(spans.iter().all(|span| span.parent == published[0].id), "{text}");
    }
    let heard = of(&spans, "hear change");
    let first_reads = of(&spans, "first read of the new version");
    assert_eq!(processes(&first_reads), readers, "{text}");
    for read in first_reads {
        let parent = heard.iter().find(|heard| heard.id == read.parent);
        assert!(parent.is_some_and(|heard| heard.process == read.process), "{text}");
    }
    assert_eq!(processes(&of(&spans, "load product")), readers, "{text}");
}
