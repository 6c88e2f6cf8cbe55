//! The readers' role, on the primary and on the replica, and what the change publisher is shown.

use tokio_postgres::error::SqlState;

use crate::support::{catalog, connect, one, refused, run};

const READABLE: [&str; 22] = [
    "version",
    "history",
    "incarnation",
    "channel",
    "locale",
    "currency",
    "product",
    "product_translation",
    "variant",
    "price",
    "stock",
    "variant_availability",
    "category",
    "category_translation",
    "product_category",
    "media",
    "relation",
    "slug_history",
    "product_document",
    "category_document",
    "rules_document",
    "pg_control_system()",
];

#[tokio::test]
async fn readers_read_and_never_write() {
    let (database, _owner) = catalog().await;
    let reader = connect(&database.primary.query).await;
    for table in READABLE {
        run(&reader, &format!("SELECT * FROM {table}")).await;
    }
    for sql in [
        "UPDATE product SET brand = 'Mine'",
        "UPDATE version SET xid = '0'",
        "DELETE FROM price",
        "CREATE TABLE mine ()",
        "SELECT * FROM revision",
        "SELECT * FROM idempotency_key",
        "SELECT * FROM import",
        "SELECT * FROM published",
    ] {
        assert_eq!(refused(&reader, sql).await.0, SqlState::INSUFFICIENT_PRIVILEGE, "{sql}");
    }
}

#[tokio::test]
async fn later_tables_are_private_until_they_are_granted() {
    let (database, owner) = catalog().await;
    run(&owner, "CREATE TABLE later (id integer)").await;
    let reader = connect(&database.primary.query).await;
    let refused = refused(&reader, "SELECT * FROM later").await;
    assert_eq!(refused.0, SqlState::INSUFFICIENT_PRIVILEGE);
    run(&owner, "GRANT SELECT ON later TO vitrina_query").await;
    run(&reader, "SELECT * FROM later").await;
}

/// Document, version, history and horizon from one statement: what an entry is made of.
#[tokio::test]
async fn a_replica_gives_a_document_with_what_proves_it_in_one_statement() {
    let (database, owner) = catalog().await;
    let end: String = one(&owner, "SELECT pg_current_wal_lsn()::text").await;
    let reader = connect(&database.replica.query).await;
    let replayed = format!("SELECT pg_last_wal_replay_lsn() >= '{end}'::pg_lsn");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !one::<bool>(&reader, &replayed).await {
        assert!(std::time::Instant::now() < deadline, "the replica never got that far");
    }
    let load = "SELECT v.version, v.deleted, v.xid::text, d.document::text, h.epoch, h.beat, \
                       pg_snapshot_xmin(pg_current_snapshot())::text \
                FROM history h \
                LEFT JOIN version v ON v.kind = 'product' AND v.id = $1 \
                LEFT JOIN product_document d ON d.id = v.id";
    let row = reader.query_one(load, &[&crate::support::SOCK]).await.expect("one row");
    assert_eq!(row.get::<_, i64>(0), 1);
    assert!(row.get::<_, String>(3).contains("wool-sock"));
    for id in [2, 6] {
        assert!(row.get::<_, &str>(id).parse::<u64>().is_ok());
    }
}

#[tokio::test]
async fn the_publication_shows_the_narrow_table_alone() {
    let (_database, owner) = catalog().await;
    let sql = "SELECT string_agg(tablename, ',') FROM pg_publication_tables WHERE pubname = 'vitrina_changes'";
    assert_eq!(one::<String>(&owner, sql).await, "version");
}
