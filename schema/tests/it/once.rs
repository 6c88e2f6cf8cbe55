//! Once per transaction, with the transaction's own id.

use catalog_core::key::EntityKey;
use tokio_postgres::Client;

use crate::support::{SOCK, catalog, connect, one, run, until_blocked, version_of};

const KEY: EntityKey = EntityKey::product(SOCK);

async fn xid_of_sock(client: &Client) -> String {
    one(client, &format!("SELECT xid::text FROM version WHERE kind = 'product' AND id = '{SOCK}'"))
        .await
}

#[tokio::test]
async fn an_edit_of_five_tables_raises_the_version_once_with_its_own_xid() {
    let (_database, client) = catalog().await;
    let before = version_of(&client, KEY).await;
    run(
        &client,
        "BEGIN; \
         UPDATE product SET brand = 'Alpaca' WHERE slug = 'wool-sock'; \
         UPDATE product_translation SET description = 'Warmer'; \
         DELETE FROM price; \
         UPDATE media SET position = 5; \
         UPDATE stock SET quantity = 0; \
         SAVEPOINT deeper; \
         UPDATE variant SET barcode = NULL; \
         RELEASE deeper",
    )
    .await;
    let own: String = one(&client, "SELECT pg_current_xact_id()::text").await;
    run(&client, "COMMIT").await;
    assert_eq!(version_of(&client, KEY).await, before + 1);
    assert_eq!(xid_of_sock(&client).await, own);
}

#[tokio::test]
async fn a_raise_that_was_rolled_back_is_made_again_by_the_next_write() {
    let (_database, client) = catalog().await;
    let before = version_of(&client, KEY).await;
    run(
        &client,
        "BEGIN; SAVEPOINT tried; UPDATE product SET brand = 'A'; ROLLBACK TO tried; \
         UPDATE product SET brand = 'B'; COMMIT",
    )
    .await;
    assert_eq!(version_of(&client, KEY).await, before + 1);

    run(&client, "BEGIN; UPDATE product SET brand = 'C'; ROLLBACK").await;
    assert_eq!(version_of(&client, KEY).await, before + 1);
}

#[tokio::test]
async fn transactions_one_after_another_raise_one_each_and_wait_for_each_other() {
    let (database, first) = catalog().await;
    let second = connect(&database.primary.admin).await;
    let pid = crate::support::pid(&second).await;
    let before = version_of(&first, KEY).await;

    run(&first, "BEGIN; UPDATE product SET brand = 'A' WHERE slug = 'wool-sock'").await;
    let other = tokio::spawn(async move {
        run(&second, "UPDATE product_translation SET description = 'B'").await;
    });
    until_blocked(&first, pid).await;
    run(&first, "COMMIT").await;
    other.await.expect("the second edit");
    assert_eq!(version_of(&first, KEY).await, before + 2);
}

/// Each takes the versions in id order, whatever the order of its rows.
#[tokio::test]
async fn statements_that_touch_the_same_products_in_other_orders_do_not_deadlock() {
    let (database, client) = catalog().await;
    run(
        &client,
        "INSERT INTO product (id, slug) SELECT gen_random_uuid(), 'p-' || g FROM generate_series(1, 300) g; \
         INSERT INTO product_translation SELECT id, 'en', slug FROM product WHERE slug LIKE 'p-%' ORDER BY slug; \
         INSERT INTO product_category SELECT id, '00000000-0000-0000-0000-0000000000c1', 0 \
           FROM product WHERE slug LIKE 'p-%' ORDER BY slug DESC",
    )
    .await;
    let other = connect(&database.primary.admin).await;
    for round in 0..20 {
        let names = format!("UPDATE product_translation SET description = '{round}'");
        let places = format!("UPDATE product_category SET position = {round}");
        tokio::join!(run(&client, &names), run(&other, &places));
    }
}
