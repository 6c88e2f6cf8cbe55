//! What has to wait says how old it has become by then.

use std::time::{Duration, Instant};

use crate::support::{Here, Table, eventually};

const BOUND: Duration = Duration::from_secs(2);

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
