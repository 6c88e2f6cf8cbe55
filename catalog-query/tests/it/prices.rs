//! The clock alone changes what is seen, at the moment that the document names.

use std::time::{Duration, SystemTime};

use crate::support::{Here, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_begins_when_the_clock_strikes() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    let starts = SystemTime::now() + Duration::from_secs(4);
    here.editor
        .client
        .execute(
            "INSERT INTO price (product_id, variant_id, channel, currency, amount, valid_from)
             SELECT product_id, id, 'web', 'EUR', 800, $2 FROM variant WHERE product_id = $1",
            &[&id, &starts],
        )
        .await
        .unwrap();
    let version = here.editor.version(id).await;
    eventually("the campaign is known", async || {
        let answer = here.get(&path).await;
        (answer.status.is_success() && answer.version() == version).then_some(())
    })
    .await;
    eventually("the campaign begins", async || {
        let before = SystemTime::now();
        let answer = here.get(&path).await;
        let after = SystemTime::now();
        let amount = answer.json()["variants"][0]["price"]["amount"].as_i64().unwrap();
        assert!(!answer.is_stale());
        assert!(amount == 1000 || after >= starts, "too early: {answer:?}");
        assert!(amount == 800 || before < starts, "too late: {answer:?}");
        (amount == 800).then_some(())
    })
    .await;
    assert_eq!(here.get(&path).await.version(), version);
}
