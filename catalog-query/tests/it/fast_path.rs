//! Products out of memory are answered before the router.

use crate::support::{Answer, Here, eventually};

/// The router gives every request an id; the path before it only gives back what it was sent.
fn was_routed(answer: &Answer) -> bool {
    !answer.header("x-request-id").is_empty()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_caller_says_of_its_own_caches_costs_no_detour() {
    let here = Here::new().await;
    let path = format!("/v1/products/{}", here.editor.product("wool-sock").await);
    assert!(was_routed(&here.seen(&path).await));
    eventually("it is answered before the router", async || {
        (!was_routed(&here.get(&path).await)).then_some(())
    })
    .await;
    for directive in ["max-age=0", "only-if-cached"] {
        let answer = here.service.get_with(&path, "cache-control", directive).await;
        assert!(answer.status.is_success() && !was_routed(&answer), "{directive}: {answer:?}");
    }
}
