//! Who has to wait does so once, and is told how old the answer has become by then.

use std::time::{Duration, Instant};

use crate::support::{Here, Table, eventually};

const BOUND: Duration = Duration::from_secs(2);
const WAIT: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_others_is_not_answered_as_younger_than_it_is() {
    // The lock alone decides how long a load takes.
    let patient = [
        ("LOAD__WAIT", "20s"),
        ("LOAD__LIMIT", "20s"),
        ("LOAD__STATEMENT", "20s"),
        ("REPLICA__POOL__STATEMENT_TIMEOUT", "20s"),
        ("HTTP__REQUEST_TIMEOUT", "30s"),
    ];
    let here = Here::with(&patient).await;
    let known = here.editor.product("known").await;
    let unread = here.editor.product("unread").await;
    here.seen(&format!("/v1/products/{known}")).await;

    let lock = Table::lock(&here, "product").await;
    let asked = Instant::now();
    let both = format!("/v1/products?ids={known},{unread}");
    let unlock = async {
        // From now on nothing proves it as it was.
        let version = here.editor.raise_version("product", known).await;
        eventually("the bound passes", async || {
            (asked.elapsed() > BOUND + Duration::from_secs(1)).then_some(())
        })
        .await;
        lock.release().await;
        version
    };
    let (answer, version) = tokio::join!(here.get(&both), unlock);
    let shown = answer.json()["products"][0]["version"].as_u64().unwrap();
    assert!(shown >= version || answer.is_stale(), "{answer:?}");
    assert!(shown >= version || answer.header("age").parse::<u64>().unwrap() > 2, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_request_needs_is_waited_for_once_and_not_one_thing_after_the_other() {
    let here = Here::with(&[
        ("LOAD__WAIT", "3s"),
        ("LOAD__LIMIT", "20s"),
        ("LOAD__STATEMENT", "20s"),
        ("REPLICA__POOL__STATEMENT_TIMEOUT", "20s"),
        ("HTTP__REQUEST_TIMEOUT", "30s"),
    ])
    .await;
    let product = here.editor.product("wool-sock").await;
    let path = "/v1/products/by-slug/wool-sock";
    here.seen(path).await;
    let lookup = "SELECT lookup_id('product', 'wool-sock')";
    let slug = here.editor.client.query_one(lookup, &[]).await.unwrap().get(0);

    // Neither who bears the slug nor the product can be loaded, and nothing proves what memory has.
    let lock = Table::lock(&here, "product").await;
    here.editor.raise_version("slug", slug).await;
    here.editor.raise_version("product", product).await;
    let waited = eventually("the answer is the last known one", async || {
        let asked = Instant::now();
        let answer = here.get(path).await;
        answer.is_stale().then(|| asked.elapsed())
    })
    .await;
    assert!(waited >= WAIT && waited < WAIT.mul_f64(1.7), "{waited:?}");
    lock.release().await;
}
