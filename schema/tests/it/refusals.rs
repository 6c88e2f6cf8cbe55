//! What would let a write miss is refused, whoever asks.

use tokio_postgres::{Client, error::SqlState};

use crate::support::{catalog, connect, one, refused, run};

async fn all_refused(client: &Client, statements: &[&str], reason: &str) {
    for sql in statements {
        let (code, message) = refused(client, sql).await;
        assert_eq!(code, SqlState::RESTRICT_VIOLATION, "{sql}: {message}");
        assert!(message.contains(reason), "{sql}: {message}");
    }
}

/// As the owner, and as a superuser who poses as a replica.
async fn sessions() -> (devstack::Isolated, [Client; 2]) {
    let (database, owner) = catalog().await;
    let replica = connect(&database.primary.superuser).await;
    run(&replica, "SET session_replication_role = replica").await;
    (database, [owner, replica])
}

#[tokio::test]
async fn truncate_is_refused_on_every_table_that_readers_read() {
    let (_database, sessions) = sessions().await;
    for client in &sessions {
        for table in [
            "product",
            "product_translation",
            "variant",
            "price",
            "product_category",
            "media",
            "relation",
            "stock",
            "variant_availability",
            "category",
            "category_translation",
            "slug_history",
            "channel",
            "locale",
            "currency",
        ] {
            // Every referring table refuses for itself too, so CASCADE shows that one of them does.
            let truncate = format!("TRUNCATE {table} CASCADE");
            all_refused(client, &[truncate.as_str()], "no version would be raised").await;
        }
        assert_eq!(one::<i64>(client, "SELECT count(*) FROM product").await, 2);
    }
}

#[tokio::test]
async fn what_has_an_id_of_its_own_is_never_deleted_nor_given_another() {
    let (_database, sessions) = sessions().await;
    for client in &sessions {
        let deletes = ["DELETE FROM product", "DELETE FROM variant", "DELETE FROM category"];
        all_refused(client, &deletes, "set deleted_at instead").await;
        let moves = [
            "UPDATE product SET id = gen_random_uuid()",
            "UPDATE variant SET id = gen_random_uuid()",
            "UPDATE category SET id = gen_random_uuid()",
        ];
        all_refused(client, &moves, "an id is never given to another").await;
    }
}

#[tokio::test]
async fn a_version_is_never_lowered_removed_or_raised_without_its_xid() {
    let (_database, sessions) = sessions().await;
    for client in &sessions {
        run(client, "UPDATE product SET brand = 'Zebu'").await;
        let lower = [
            "UPDATE version SET version = version - 1, xid = pg_current_xact_id() WHERE version > 1",
            "UPDATE version SET id = gen_random_uuid() WHERE kind = 'rules'",
        ];
        all_refused(client, &lower, "never lowered").await;
        let remove = ["DELETE FROM version", "TRUNCATE version"];
        all_refused(client, &remove, "never removed").await;
        let unseen = [
            "UPDATE version SET version = version + 1",
            "UPDATE version SET deleted = NOT deleted",
        ];
        all_refused(client, &unseen, "carries the id of its transaction").await;
        let made = "INSERT INTO version (kind, id, version, xid) VALUES ('product', gen_random_uuid(), 1, '0')";
        all_refused(client, &[made], "carries the id of its transaction").await;
        let lower = ["UPDATE version SET xid = '0'", "UPDATE version SET xid = '1'"];
        all_refused(client, &lower, "goes down to 0 only").await;
        // As a restore from another cluster leaves it, and the next epoch lays it down.
        run(client, "UPDATE version SET xid = '9000000000000000000'").await;
        all_refused(client, &["UPDATE version SET xid = '1'"], "goes down to 0 only").await;
        run(client, "UPDATE product SET brand = 'Zebra'").await;
        run(client, "UPDATE version SET xid = '0' WHERE xid >= pg_current_xact_id()").await;
    }
}

/// Triggers come last in a whole dump; data alone comes past them only where they are disabled.
#[tokio::test]
async fn data_can_be_restored_into_a_schema_that_is_there() {
    let (_database, client) = catalog().await;
    run(&client, "ALTER TABLE version DISABLE TRIGGER USER").await;
    let made = "INSERT INTO version (kind, id, version, xid) VALUES ('product', gen_random_uuid(), 1, '0')";
    run(&client, made).await;
}

#[tokio::test]
async fn the_history_only_goes_forward() {
    let (_database, sessions) = sessions().await;
    for (client, epoch) in sessions.iter().zip([10, 20]) {
        run(client, &format!("UPDATE history SET epoch = {epoch}, beat = 5")).await;
        run(client, "UPDATE history SET beat = beat + 1").await;
        let backwards =
            ["UPDATE history SET epoch = epoch - 1", "UPDATE history SET beat = beat - 1"];
        all_refused(client, &backwards, "only greater").await;
        all_refused(client, &["DELETE FROM history", "TRUNCATE history"], "the one row").await;
    }
}

#[tokio::test]
async fn what_the_services_could_not_read_is_refused() {
    let (_database, client) = catalog().await;
    for sql in [
        "UPDATE product SET slug = 'Wool Sock'",
        "UPDATE product SET slug = repeat('a', 201)",
        "UPDATE product SET attributes = '{\"a\": null}'",
        "UPDATE product SET attributes = '{\"a\": {\"value\": \"1\", \"unit\": \"g\"}}'",
        "UPDATE product SET attributes = '[]'",
        "UPDATE product SET publish_at = 'infinity'",
        "UPDATE product SET publish_at = '2026-02-01', unpublish_at = '2026-01-01'",
        "UPDATE variant SET options = '{\"size\": 1}'",
        "UPDATE variant SET sku = ' SOCK'",
        "UPDATE price SET amount = -1",
        "UPDATE stock SET quantity = -1",
        "UPDATE media SET alt = '{\"EN\": \"A sock\"}'",
        "UPDATE media SET url = 'javascript:alert(1)'",
        "UPDATE relation SET related_id = product_id",
        "INSERT INTO locale (code) VALUES ('english')",
        "INSERT INTO channel (code) VALUES ('a-code-that-is-too-long')",
        "INSERT INTO currency (code, exponent) VALUES ('eur', 2)",
    ] {
        let (code, message) = refused(&client, sql).await;
        assert_eq!(code, SqlState::CHECK_VIOLATION, "{sql}: {message}");
    }
}
