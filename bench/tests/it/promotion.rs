//! The primary loses a commit that readers have seen already: a replica takes its place, or it crashes. The
//! steps of a promotion are those of `docs/promotion.md`: fence, promote, check.

mod checks;
mod kept;
mod server;
mod watched;

use std::time::Duration;

use bench::load::{
    AdminEditor, Answer, Catalog, Judge, READ_LIMIT, ReadError, SESSION, SESSION_LOST, Seen,
    client, read, read_with, strong, watch,
};
use catalog_core::freshness::{Epoch, Version};
use devstack::{Component, TestStack};
use rand::{SeedableRng as _, rngs::SmallRng};
use reqwest::{
    Client, StatusCode,
    header::{ETAG, HeaderMap, HeaderValue, IF_MATCH},
};
use tokio::time::Instant;
use uuid::Uuid;

use self::{
    server::{STANDS, Server},
    watched::Watched,
};
use crate::{support::stack_with_catalog, waiting::eventually};

const BOUND: Duration = Duration::from_secs(2);
const DEADLINE: Duration = Duration::from_mins(1);

/// A commit that is not written at once is forgotten by a crash unless something else has it written just
/// then, so that it has to be tried again.
const TRIES: usize = 10;

struct Here {
    stack: TestStack,
    client: Client,
    editor: AdminEditor,
    queries: [String; 2],
    products: Vec<Uuid>,
}

impl Here {
    async fn new() -> Self {
        let stack = stack_with_catalog(50).await;
        let addresses = stack.addresses();
        let mut random = SmallRng::seed_from_u64(1);
        let catalog = Catalog::load(&addresses.primary.admin, &mut random).await.unwrap();
        Self {
            client: client(READ_LIMIT).unwrap(),
            editor: AdminEditor::new(addresses.admin.clone(), &addresses.editor_token)
                .await
                .unwrap(),
            queries: addresses.query.clone(),
            products: catalog.products().to_vec(),
            stack,
        }
    }

    /// Gives the product this brand; everybody shows it then. Gives the version and the headers.
    async fn edit(&self, product: Uuid, brand: &str) -> (Version, HeaderMap) {
        let (edit, headers) = self.editor.edit(product, brand, HeaderMap::new()).await.unwrap();
        for address in &self.queries {
            let judge = Judge::new(BOUND);
            let seen = watch(&self.client, address, &judge, edit, DEADLINE).await;
            assert_ne!(seen, Seen::Never, "{address} does not show {brand}");
        }
        (edit.version, headers)
    }

    async fn read(&self, address: &str, product: Uuid) -> Result<Answer, ReadError> {
        read(&self.client, address, product).await
    }

    async fn read_strong(&self, address: &str, product: Uuid) -> Option<Answer> {
        let answer = read_with(&self.client, address, product, strong()).await;
        answer.ok().map(|(answer, _)| answer)
    }

    /// Fences the primary, promotes the replica, and waits until an epoch stands there, before which nobody
    /// could write to this product. Gives a moment by which the epoch had begun.
    async fn promote(&self, product: Uuid) -> Instant {
        let addresses = self.stack.addresses();
        // It would begin an epoch at once.
        self.stack.pause(Component::Admin).await;
        self.stack.kill(Component::Primary).await;
        let replica = Server::connect(&addresses.replica.superuser).await;
        replica.until("it is promoted", "SELECT pg_promote(true, 30)").await;
        replica.until("it has left recovery", "SELECT NOT pg_is_in_recovery()").await;
        replica.refuses_to_write(product).await;
        Server::connect(&addresses.replica.admin).await.refuses_to_write(product).await;
        self.stack.resume(Component::Admin);
        replica.until("an admin has begun an epoch there", STANDS).await;
        Instant::now()
    }

    /// Each process's tag of the product as it shows it.
    async fn tags(&self, product: Uuid) -> Vec<HeaderValue> {
        let mut tags = Vec::new();
        for address in &self.queries {
            let shown = read_with(&self.client, address, product, HeaderMap::new()).await;
            tags.push(shown.unwrap().1[ETAG].clone());
        }
        tags
    }

    /// From the first strong answer on, nobody is shown what was lost, unless it says that it is stale;
    /// and everything is proven again.
    async fn is_as_before(&self, before: &Answer) {
        for address in &self.queries {
            eventually("strong reads are answered", async || {
                self.read_strong(address, before.id).await.is_some()
            })
            .await;
            for _ in 0..50 {
                let answer = self.read(address, before.id).await.unwrap();
                assert!(answer.stale || answer.brand == before.brand, "{answer:?}");
            }
            let strong = self.read_strong(address, before.id).await.unwrap();
            assert_eq!((&strong.brand, strong.version), (&before.brand, before.version));
            for product in &self.products {
                eventually("every product is proven again", async || {
                    self.read(address, *product).await.is_ok_and(|answer| !answer.stale)
                })
                .await;
            }
        }
    }

    /// What is committed from now on does not reach the replica.
    async fn cut_replication(&self) {
        let replica = Server::connect(&self.stack.addresses().replica.superuser).await;
        for sql in ["ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()"] {
            eventually(sql, async || replica.0.batch_execute(sql).await.is_ok()).await;
        }
        let gone = "SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver)";
        replica.until("nothing reaches it", gone).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_promotion_what_was_lost_is_gone_and_what_was_kept_is_proven_again() {
    let here = Here::new().await;
    let (kept, lost) = (here.products[0], here.products[1]);
    let (kept_version, _) = here.edit(kept, "kept").await;
    let replica = Server::connect(&here.stack.addresses().replica.superuser).await;
    let has_it =
        format!("SELECT EXISTS (SELECT FROM product WHERE id = '{kept}' AND brand = 'kept')");
    replica.until("the replica has what will be kept", &has_it).await;
    let before = here.read(&here.queries[0], lost).await.unwrap();
    here.cut_replication().await;
    // Shown by everybody, and published.
    let (lost_version, lost_write) = here.edit(lost, "lost").await;
    assert_eq!(lost_version, Version(before.version.0 + 1));
    here.is_published(lost, |record| record.version == lost_version).await;
    let lost_tags = here.tags(lost).await;
    let epoch = replica.epoch().await;
    let watched = Watched::begin(&here.client, &here.queries, lost);
    watched.shows("lost").await;

    let begun = here.promote(lost).await;
    here.is_as_before(&before).await;
    watched.saw_the_last_of("lost", begun, BOUND).await;
    drop(watched);
    here.is_checked(epoch, lost).await;
    for address in &here.queries {
        let strong = here.read_strong(address, kept).await.unwrap();
        assert_eq!((strong.brand.as_deref(), strong.version), (Some("kept"), kept_version));
    }
    // Whoever wrote it is told.
    let token = lost_write[&SESSION].clone();
    let session = HeaderMap::from_iter([(SESSION, token)]);
    let (answer, given) = read_with(&here.client, &here.queries[0], lost, session).await.unwrap();
    assert!(given.contains_key(&SESSION_LOST) && answer.brand == before.brand);
    // Before anything is edited: later versions would disprove what was lost.
    here.keep_in_redis(lost, Epoch(epoch), lost_version, "lost").await;
    a_process_without_memory_does_not_believe_it(&here, &before).await;
    the_version_is_given_out_again(&here, lost, lost_version, &lost_write[ETAG]).await;
    here.is_another_than(&lost_tags, lost, "anew").await;
    let overwrite = here.editor.edit(lost, "and again", HeaderMap::new()).await;
    assert!(overwrite.is_ok_and(|(edit, _)| edit.version > lost_version));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_crash_that_forgets_a_commit_nobody_is_shown_it() {
    let here = Here::new().await;
    let addresses = here.stack.addresses();
    let product = here.products[0];
    let primary = Server::connect(&addresses.primary.superuser).await;
    for sql in ["ALTER SYSTEM SET wal_writer_delay = '10s'", "SELECT pg_reload_conf()"] {
        primary.0.batch_execute(sql).await.unwrap();
    }
    for attempt in 1..=TRIES {
        let before = here.read_strong(&here.queries[0], product).await.unwrap();
        // The beat would have it written.
        here.stack.pause(Component::Admin).await;
        let brand = format!("forgotten {attempt}");
        let psql = Server::connect(&addresses.primary.admin).await;
        psql.0.batch_execute("SET synchronous_commit = off").await.unwrap();
        let update = "UPDATE product SET brand = $1 WHERE id = $2";
        psql.0.execute(update, &[&brand, &product]).await.unwrap();
        for address in &here.queries {
            eventually("it is shown", async || {
                here.read(address, product)
                    .await
                    .is_ok_and(|shown| shown.brand.as_ref() == Some(&brand))
            })
            .await;
        }
        let tags = here.tags(product).await;
        here.stack.kill(Component::Primary).await;
        here.stack.start(Component::Primary).await.unwrap();
        let primary = Server::connect(&addresses.primary.superuser).await;
        let sql = "SELECT brand FROM product WHERE id = $1";
        let kept: Option<String> = primary.0.query_one(sql, &[&product]).await.unwrap().get(0);
        primary.refuses_to_write(product).await;
        here.stack.resume(Component::Admin);
        primary.until("an admin has begun an epoch", STANDS).await;
        if kept.as_ref() == Some(&brand) {
            continue;
        }
        here.is_as_before(&before).await;
        let (version, _) = here.edit(product, "anew").await;
        assert_eq!(version, Version(before.version.0 + 1), "it is given out again");
        here.is_another_than(&tags, product, "anew").await;
        return;
    }
    panic!("nothing was forgotten in {TRIES} crashes");
}

/// The same version is another document now, for which the tag of what was lost does not stand: neither
/// before nor after.
async fn the_version_is_given_out_again(
    here: &Here,
    product: Uuid,
    lost: Version,
    tag: &HeaderValue,
) {
    let addresses = here.stack.addresses();
    let token = std::fs::read_to_string(&addresses.editor_token).unwrap();
    let overwrite = async || {
        let patch = here
            .client
            .patch(format!("{}/v1/products/{product}", addresses.admin))
            .bearer_auth(token.trim())
            .header(IF_MATCH, tag)
            .header("content-type", "application/merge-patch+json")
            .body(r#"{"brand": "over what was lost"}"#);
        patch.send().await.unwrap().status()
    };
    assert_eq!(overwrite().await, StatusCode::PRECONDITION_FAILED);
    let (version, written) = here.edit(product, "anew").await;
    assert_eq!(version, lost);
    assert_ne!(&written[ETAG], tag);
    assert_eq!(overwrite().await, StatusCode::PRECONDITION_FAILED);
}

async fn a_process_without_memory_does_not_believe_it(here: &Here, before: &Answer) {
    here.stack.start(Component::QueryOne).await.unwrap();
    let answer = here.read(&here.queries[0], before.id).await.unwrap();
    assert!(!answer.stale && answer.brand == before.brand, "{answer:?}");
    assert_eq!(answer.version, before.version);
}
