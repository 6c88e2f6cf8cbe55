//! Slugs and SKUs have versions of their own, so that "nobody has it" can be proven and disproved.

use std::collections::BTreeSet;

use catalog_core::key::EntityKey;
use tokio_postgres::{Client, error::SqlState};
use uuid::Uuid;

use crate::support::{
    HAT, SOCK, SOCKS, catalog, category_slug, is_gone, one, raised_by, refused, run, slug,
};

/// Where an old slug leads, if anywhere.
async fn leads_to(client: &Client, scope: &str, old: &str) -> Option<Uuid> {
    let sql = "SELECT entity_id FROM slug_history WHERE scope = $1 AND slug = $2";
    let row = client.query_opt(sql, &[&scope, &old]).await.expect("the history");
    row.map(|row| row.get(0))
}

#[tokio::test]
async fn a_changed_slug_raises_old_and_new_and_leads_on() {
    let (_database, client) = catalog().await;
    let raised =
        raised_by(&client, "UPDATE product SET slug = 'sock' WHERE slug = 'wool-sock'").await;
    assert_eq!(raised, BTreeSet::from([EntityKey::product(SOCK), slug("wool-sock"), slug("sock")]));
    assert!(is_gone(&client, slug("wool-sock")).await);
    assert!(!is_gone(&client, slug("sock")).await);
    assert_eq!(leads_to(&client, "product", "wool-sock").await, Some(SOCK));
}

#[tokio::test]
async fn a_slug_that_comes_back_leaves_no_history_of_itself() {
    let (_database, client) = catalog().await;
    run(&client, "UPDATE product SET slug = 'sock' WHERE slug = 'wool-sock'").await;
    run(&client, "UPDATE product SET slug = 'wool-sock' WHERE slug = 'sock'").await;
    assert_eq!(leads_to(&client, "product", "wool-sock").await, None);
    assert_eq!(leads_to(&client, "product", "sock").await, Some(SOCK));
    assert!(!is_gone(&client, slug("wool-sock")).await);
}

#[tokio::test]
async fn a_slug_changes_hands_in_one_transaction_and_in_two() {
    let (_database, client) = catalog().await;
    let raised = raised_by(
        &client,
        "BEGIN; \
         UPDATE product SET slug = 'sock' WHERE slug = 'wool-sock'; \
         UPDATE product SET slug = 'wool-sock' WHERE slug = 'felt-hat'; \
         COMMIT",
    )
    .await;
    let slugs = [slug("wool-sock"), slug("sock"), slug("felt-hat")];
    let products = [EntityKey::product(SOCK), EntityKey::product(HAT)];
    assert_eq!(raised, slugs.into_iter().chain(products).collect());
    assert!(!is_gone(&client, slug("wool-sock")).await);
    assert_eq!(leads_to(&client, "product", "wool-sock").await, None);
    assert_eq!(leads_to(&client, "product", "felt-hat").await, Some(HAT));

    run(&client, "UPDATE product SET slug = 'hat' WHERE slug = 'wool-sock'").await;
    assert_eq!(leads_to(&client, "product", "wool-sock").await, Some(HAT));
}

#[tokio::test]
async fn one_statement_may_hand_a_slug_on() {
    let (_database, client) = catalog().await;
    run(&client, "UPDATE product SET deleted_at = now() WHERE slug = 'felt-hat'").await;
    // The living one leaves its slug to the dead one, which comes back under it.
    let handed_on = "UPDATE product SET deleted_at = NULL, \
                     slug = CASE slug WHEN 'wool-sock' THEN 'sock' ELSE 'wool-sock' END";
    let raised = raised_by(&client, handed_on).await;
    let keys = [EntityKey::product(SOCK), EntityKey::product(HAT), slug("wool-sock"), slug("sock")];
    assert_eq!(raised, BTreeSet::from(keys));
    assert!(!is_gone(&client, slug("wool-sock")).await);
    assert_eq!(leads_to(&client, "product", "wool-sock").await, None);
}

#[tokio::test]
async fn a_deleted_product_frees_its_slug_and_skus_and_keeps_its_version() {
    let (_database, client) = catalog().await;
    let keys = BTreeSet::from([
        EntityKey::product(SOCK),
        slug("wool-sock"),
        EntityKey::sku("SOCK-L"),
        EntityKey::sku("SOCK-M"),
    ]);
    let delete = "UPDATE product SET deleted_at = now() WHERE slug = 'wool-sock'";
    assert_eq!(raised_by(&client, delete).await, keys);
    for key in keys {
        assert!(is_gone(&client, key).await, "{key}");
    }
    assert_eq!(leads_to(&client, "product", "wool-sock").await, None);
    let living = "SELECT count(*) FROM product_document";
    assert_eq!(one::<i64>(&client, living).await, 1);

    let raised = raised_by(
        &client,
        "INSERT INTO product (id, slug) VALUES ('00000000-0000-0000-0000-0000000000a9', 'wool-sock')",
    )
    .await;
    assert!(raised.contains(&slug("wool-sock")));
    assert!(!is_gone(&client, slug("wool-sock")).await);
}

#[tokio::test]
async fn a_product_that_is_brought_back_is_there_again() {
    let (_database, client) = catalog().await;
    run(&client, "UPDATE product SET deleted_at = now() WHERE slug = 'felt-hat'").await;
    let back = "UPDATE product SET deleted_at = NULL WHERE slug = 'felt-hat'";
    let raised = raised_by(&client, back).await;
    assert_eq!(raised, BTreeSet::from([EntityKey::product(HAT), slug("felt-hat")]));
    assert!(!is_gone(&client, EntityKey::product(HAT)).await);
    assert!(!is_gone(&client, slug("felt-hat")).await);
}

#[tokio::test]
async fn a_changed_or_retired_sku_raises_old_and_new() {
    let (_database, client) = catalog().await;
    let raised = raised_by(&client, "UPDATE variant SET sku = 'sock-l' WHERE sku = 'SOCK-L'").await;
    let keys = [EntityKey::product(SOCK), EntityKey::sku("SOCK-L"), EntityKey::sku("sock-l")];
    assert_eq!(raised, BTreeSet::from(keys));
    assert!(is_gone(&client, EntityKey::sku("SOCK-L")).await);

    let retire = "UPDATE variant SET deleted_at = now() WHERE sku = 'sock-l'";
    let raised = raised_by(&client, retire).await;
    assert_eq!(raised, BTreeSet::from([EntityKey::product(SOCK), EntityKey::sku("sock-l")]));
    assert!(is_gone(&client, EntityKey::sku("sock-l")).await);
}

#[tokio::test]
async fn only_one_living_product_has_a_slug_and_one_living_variant_a_sku() {
    let (_database, client) = catalog().await;
    for sql in [
        "UPDATE product SET slug = 'wool-sock' WHERE slug = 'felt-hat'",
        "UPDATE variant SET sku = 'HAT' WHERE sku = 'SOCK-L'",
        "UPDATE category SET slug = 'socks'",
    ] {
        assert_eq!(refused(&client, sql).await.0, SqlState::UNIQUE_VIOLATION, "{sql}");
    }
}

#[tokio::test]
async fn slugs_of_categories_are_their_own() {
    let (_database, client) = catalog().await;
    let raised =
        raised_by(&client, "UPDATE category SET slug = 'wool-sock' WHERE slug = 'socks'").await;
    let keys = [EntityKey::category(SOCKS), category_slug("socks"), category_slug("wool-sock")];
    assert_eq!(raised, BTreeSet::from(keys));
    assert_eq!(leads_to(&client, "category", "socks").await, Some(SOCKS));
}
