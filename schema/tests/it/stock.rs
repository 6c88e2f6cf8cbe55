//! Stock raises a version only when the availability shown changes, and then never fails to.
//! The sock has 6 in one place and 5 in another, and counts as "few left" at 5 or fewer.

use std::collections::BTreeSet;

use catalog_core::key::EntityKey;
use devstack::Isolated;
use tokio_postgres::{Client, error::SqlState};

use crate::support::{
    HAT, SOCK, SOCK_L, catalog, connect, one, pid, raised_by, refused, run, until_blocked,
    version_of,
};

const KEY: EntityKey = EntityKey::product(SOCK);

async fn availability(client: &Client) -> String {
    let sql = format!(
        "SELECT coalesce((SELECT availability::text FROM variant_availability \
         WHERE variant_id = '{SOCK_L}'), 'no row')"
    );
    one(client, &sql).await
}

fn sale(location: &str, pieces: i32) -> String {
    format!(
        "UPDATE stock SET quantity = quantity - {pieces} \
         WHERE variant_id = '{SOCK_L}' AND location = '{location}'"
    )
}

#[tokio::test]
async fn only_a_movement_that_crosses_a_boundary_raises() {
    let (_database, client) = catalog().await;
    let (raised, quiet) = (BTreeSet::from([KEY]), BTreeSet::new());
    for (sql, expected, shown) in [
        (sale("main", 5), &quiet, "in_stock"),
        (sale("main", 1), &raised, "few_left"),
        (sale("shop", 4), &quiet, "few_left"),
        (sale("shop", 1), &raised, "out_of_stock"),
        (sale("shop", 0), &quiet, "out_of_stock"),
        (sale("shop", -50), &raised, "in_stock"),
        (format!("DELETE FROM stock WHERE variant_id = '{SOCK_L}'"), &raised, "out_of_stock"),
    ] {
        assert_eq!(&raised_by(&client, &sql).await, expected, "{sql}");
        assert_eq!(availability(&client).await, shown, "{sql}");
    }
}

#[tokio::test]
async fn a_movement_of_many_raises_only_those_that_crossed() {
    let (_database, client) = catalog().await;
    let raised = raised_by(&client, "UPDATE stock SET quantity = quantity - 1").await;
    assert_eq!(raised, BTreeSet::from([EntityKey::product(HAT)]));
}

#[tokio::test]
async fn a_variant_that_never_had_stock_has_no_row_and_raises_nothing_at_zero() {
    let (_database, client) = catalog().await;
    let raised = raised_by(
        &client,
        "INSERT INTO stock SELECT id, product_id, 'main', 0 FROM variant WHERE sku = 'SOCK-M'",
    )
    .await;
    assert_eq!(raised, BTreeSet::new());
}

#[tokio::test]
async fn the_threshold_counts_too() {
    let (_database, client) = catalog().await;
    run(&client, "UPDATE product SET few_left_threshold = 11 WHERE slug = 'wool-sock'").await;
    assert_eq!(availability(&client).await, "few_left");
    run(&client, "UPDATE product SET few_left_threshold = 10 WHERE slug = 'wool-sock'").await;
    assert_eq!(availability(&client).await, "in_stock");
}

/// Runs `first` in a transaction that stays open until `second`, in another session, waits for it.
async fn at_once(database: &Isolated, first: &str, second: &str) {
    let one = connect(&database.primary.admin).await;
    let other = connect(&database.primary.admin).await;
    let pid = pid(&other).await;
    run(&one, &format!("BEGIN; {first}")).await;
    let second = second.to_owned();
    let waiting = tokio::spawn(async move { run(&other, &second).await });
    until_blocked(&one, pid).await;
    run(&one, "COMMIT").await;
    waiting.await.expect("the second movement");
}

#[tokio::test]
async fn two_sales_at_once_that_cross_only_together_do_not_both_miss_it() {
    for (first, second) in [("main", "shop"), ("shop", "main")] {
        let (database, client) = catalog().await;
        let before = version_of(&client, KEY).await;
        at_once(&database, &sale(first, 3), &sale(second, 3)).await;
        assert_eq!(availability(&client).await, "few_left", "{first} first");
        assert_eq!(version_of(&client, KEY).await, before + 1, "{first} first");
    }
}

#[tokio::test]
async fn a_sale_and_a_new_threshold_at_once_see_each_other() {
    let threshold = "UPDATE product SET few_left_threshold = 8 WHERE slug = 'wool-sock'".to_owned();
    for sale_first in [true, false] {
        let (database, client) = catalog().await;
        let sale = sale("main", 3);
        let (first, second) = if sale_first { (&sale, &threshold) } else { (&threshold, &sale) };
        at_once(&database, first, second).await;
        assert_eq!(availability(&client).await, "few_left", "sale first: {sale_first}");
    }
}

#[tokio::test]
async fn a_sale_that_is_rolled_back_leaves_the_other_to_decide() {
    let (database, client) = catalog().await;
    let rolled_back = connect(&database.primary.admin).await;
    let other = connect(&database.primary.admin).await;
    let pid = pid(&other).await;
    run(&rolled_back, &format!("BEGIN; {}", sale("main", 6))).await;
    let waiting = tokio::spawn(async move { run(&other, &sale("shop", 1)).await });
    until_blocked(&rolled_back, pid).await;
    run(&rolled_back, "ROLLBACK").await;
    waiting.await.expect("the second sale");
    assert_eq!(availability(&client).await, "in_stock");
}

#[tokio::test]
async fn isolation_levels_that_do_not_look_again_are_refused() {
    let (_database, client) = catalog().await;
    for level in ["REPEATABLE READ", "SERIALIZABLE"] {
        for sql in [sale("main", 1), "UPDATE product SET few_left_threshold = 1".to_owned()] {
            let sql = format!("BEGIN ISOLATION LEVEL {level}; {sql}; COMMIT");
            let (code, message) = refused(&client, &sql).await;
            assert_eq!(code, SqlState::INVALID_TRANSACTION_STATE, "{message}");
            assert!(message.contains("READ COMMITTED"), "{message}");
            run(&client, "ROLLBACK").await;
        }
    }
    let edit = "BEGIN ISOLATION LEVEL REPEATABLE READ; UPDATE product SET brand = 'Ox'; COMMIT";
    run(&client, edit).await;
}

#[tokio::test]
async fn stock_in_the_transaction_that_makes_the_product_is_counted() {
    let (_database, client) = catalog().await;
    run(
        &client,
        "BEGIN; \
         INSERT INTO product (id, slug) VALUES ('00000000-0000-0000-0000-0000000000a9', 'glove'); \
         INSERT INTO variant (id, product_id, sku) VALUES \
           ('00000000-0000-0000-0000-0000000000b9', '00000000-0000-0000-0000-0000000000a9', 'GLOVE'); \
         INSERT INTO stock VALUES \
           ('00000000-0000-0000-0000-0000000000b9', '00000000-0000-0000-0000-0000000000a9', 'main', 2); \
         COMMIT",
    )
    .await;
    let sql = "SELECT document #>> '{variants,0,availability}' FROM product_document \
               WHERE id = '00000000-0000-0000-0000-0000000000a9'";
    assert_eq!(one::<String>(&client, sql).await, "few_left");
    let sql = "SELECT version FROM version WHERE id = '00000000-0000-0000-0000-0000000000a9'";
    assert_eq!(one::<i64>(&client, sql).await, 1);
}
