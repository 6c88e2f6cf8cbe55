//! Bodies are encoded as the caller likes, each under a tag of its own.

use reqwest::StatusCode;

use crate::support::Here;

#[tokio::test(flavor = "multi_thread")]
async fn each_encoding_has_a_tag_of_its_own() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let words = "Warm and soft. ".repeat(200);
    here.editor
        .run(&format!(
            "UPDATE product_translation SET description = '{words}' WHERE product_id = '{id}'"
        ))
        .await;
    let path = format!("/v1/products/{id}");
    let plain = crate::support::eventually("the description is seen", async || {
        let answer = here.get(&path).await;
        (answer.status.is_success() && answer.body.len() > 2000).then_some(answer)
    })
    .await;
    let mut tags = vec![plain.header("etag").to_owned()];
    for coding in ["gzip", "br", "zstd"] {
        for _ in 0..2 {
            let answer = here.service.get_with(&path, "accept-encoding", coding).await;
            assert_eq!(answer.header("content-encoding"), coding);
            assert!(answer.body.len() < plain.body.len() / 2, "{coding}");
        }
        let answer = here.service.get_with(&path, "accept-encoding", coding).await;
        let tag = answer.header("etag").to_owned();
        assert!(!tags.contains(&tag), "{coding}");
        tags.push(tag);
    }
    // A tag of another encoding is of another representation.
    let other = here.service.get_with(&path, "if-none-match", &tags[1]).await;
    assert_eq!(other.status, StatusCode::OK);
}
