//! An edit, made in a trace of its own.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use devstack::Addresses;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use reqwest::header::{HeaderMap, HeaderName};
use uuid::Uuid;

use super::{Collector, Span};
use crate::load::{AdminEditor, Catalog, Judge, READ_LIMIT, Seen, client, read, watch};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// The bound that `make up` sets.
const BOUND: Duration = Duration::from_secs(2);
/// How long a process may take to show the edit.
const SHOWN: Duration = Duration::from_secs(10);
/// How long the spans may take to come: processes export every five seconds.
const EXPORTED: Duration = Duration::from_secs(20);
/// A poll that is faster than Kafka's record leaves a process without a first read in the trace.
/// That is one edit in some twenty, so that many in a row are no chance.
const TRIES: usize = 8;
/// The name of the span that ends an edit's way.
const FIRST_READ: &str = "first read of the new version";

/// The name of the invalidator's part.
const FLOOR: &str = "raise floor";

/// An edit's way.
#[derive(Debug)]
pub struct Followed {
    /// How many edits were made until one was followed into every process.
    pub edits: usize,
    /// The spans of its trace.
    pub spans: Vec<Span>,
}

/// Edits a product that every process has in memory, reads it in each until it shows the edit, and
/// collects the spans.
pub async fn run(addresses: &Addresses, collector: &Collector) -> anyhow::Result<Followed> {
    let mut random = SmallRng::seed_from_u64(rand::rng().random());
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await?;
    let editor = AdminEditor::new(addresses.admin.clone(), &addresses.editor_token).await?;
    let (client, judge) = (client(READ_LIMIT)?, Judge::new(BOUND));
    for edits in 1..=TRIES {
        let product = catalog.popular(&mut random);
        for address in &addresses.query {
            let answer = read(&client, address, product).await;
            ensure!(answer.is_ok(), "{address} does not answer: look at it with `make status`");
        }
        let (trace, span): (u128, u64) = (random.random(), random.random());
        let traceparent = format!("00-{trace:032x}-{span:016x}-01");
        let mark = format!("edit {}", Uuid::now_v7());
        let headers = HeaderMap::from_iter([(TRACEPARENT, traceparent.try_into()?)]);
        let edit = editor.edit(product, &mark, headers).await;
        let (edit, _) =
            edit.ok().context("the edit was not acknowledged: `make logs` tells why")?;
        for address in &addresses.query {
            let seen = watch(&client, address, &judge, edit, SHOWN).await;
            ensure!(seen != Seen::Never, "{address} does not show the edit");
        }
        let everywhere = addresses.query.len();
        let enough = |spans: &[Span]| is_whole(spans) && count(spans, FIRST_READ) == everywhere;
        let spans = collector.trace(&trace.to_be_bytes(), EXPORTED, enough).await;
        if enough(&spans) {
            return Ok(Followed { edits, spans });
        }
        ensure!(
            !spans.is_empty(),
            "no spans came: restart the services, `make down` and `make up`"
        );
    }
    anyhow::bail!("of {TRIES} edits none was followed into every process")
}

/// Each process exports in its own time, so what an edit led to may come before the edit itself.
fn is_whole(spans: &[Span]) -> bool {
    let has_parent = |span: &&Span| spans.iter().any(|other| other.id == span.parent);
    spans.len() == spans.iter().filter(has_parent).count() + 1 && count(spans, FLOOR) > 0
}

fn count(spans: &[Span], name: &str) -> usize {
    spans.iter().filter(|span| span.name == name).count()
}
