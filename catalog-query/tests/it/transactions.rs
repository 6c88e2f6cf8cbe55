//! Transactions that end in another order than they began, stay open, or have others inside them. Nothing tells of
//! their changes but polls.

use std::time::{Duration, Instant};

use crate::support::{Editor, Here, eventually};

const SETTINGS: [(&str, &str); 2] = [("FRESHNESS__BOUND", "1s"), ("KAFKA__BROKERS", "127.0.0.1:1")];
const BOUND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn one_that_began_before_and_ends_after_others_is_found() {
    let here = Here::with(&SETTINGS).await;
    let (early, inner, late) = (
        here.editor.product("early").await,
        here.editor.product("inner").await,
        here.editor.product("late").await,
    );
    let path = |id| format!("/v1/products/{id}");
    for id in [early, inner, late] {
        here.seen(&path(id)).await;
    }
    let rename = |id, name: &str| {
        format!(
            "UPDATE product_translation SET name = '{name}' WHERE product_id = '{id}' AND locale = 'en'"
        )
    };
    // It has the lower id, and one inside it has another.
    let mut client = Editor::connect(&here.stores.primary.admin).await;
    let open = client.transaction().await.unwrap();
    open.batch_execute(&rename(early, "Open")).await.unwrap();
    open.batch_execute(&format!("SAVEPOINT kept; {}; RELEASE kept", rename(inner, "Open")))
        .await
        .unwrap();
    open.batch_execute(&format!(
        "SAVEPOINT undone; {}; ROLLBACK TO undone",
        rename(late, "Undone")
    ))
    .await
    .unwrap();
    let version = here.editor.rename(late, "Ended").await;
    eventually("a poll has seen the one that ended", async || {
        (here.get(&path(late)).await.version() == version).then_some(())
    })
    .await;
    // While it stays open, everything else is proven as ever.
    let since = Instant::now();
    while since.elapsed() < BOUND * 2 {
        for id in [early, inner, late] {
            let answer = here.get(&path(id)).await;
            assert!(!answer.is_stale(), "{answer:?}");
            assert!(answer.json()["name"] != "Open", "{answer:?}");
        }
    }
    open.commit().await.unwrap();
    let ended = Instant::now();
    for id in [early, inner] {
        eventually("it shows", async || {
            let answer = here.get(&path(id)).await;
            let is_old = answer.json()["name"] != "Open";
            assert!(!is_old || answer.is_stale() || ended.elapsed() < BOUND, "{answer:?}");
            (!is_old).then_some(())
        })
        .await;
    }
}
