//! A new epoch empties what the pod knows; it goes on answering, and proves again.

use crate::support::{Here, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn answers_go_on_through_a_new_epoch() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    let before = here.seen(&path).await;
    let polls = ["outcome=\"new_epoch\""];
    let seen = here.service.counted("vitrina_polls_total", &polls).await;
    here.editor.begin_epoch().await;
    eventually("the pod takes the epoch", async || {
        let answer = here.get(&path).await;
        assert!(answer.status.is_success());
        (here.service.counted("vitrina_polls_total", &polls).await > seen).then_some(())
    })
    .await;
    eventually("it proves again", async || {
        let answer = here.get(&path).await;
        assert_eq!(answer.body, before.body);
        (!answer.is_stale() && answer.layer() == "moka").then_some(())
    })
    .await;
    let version = here.editor.rename(id, "After").await;
    eventually("an edit shows", async || {
        (here.get(&path).await.version() >= version).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_valid_incarnation_row_answers_become_stale() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    let before = here.seen(&path).await;
    assert!(!before.is_stale());
    here.editor.run("DELETE FROM incarnation").await;
    let stale = eventually("it is labelled", async || {
        Some(here.get(&path).await).filter(super::support::Answer::is_stale)
    })
    .await;
    assert_eq!((stale.layer(), &stale.body), ("moka-stale", &before.body));
    here.editor.begin_epoch().await;
    eventually("it proves again", async || (!here.get(&path).await.is_stale()).then_some(())).await;
}
