//! The rows that the freshness rule stands on.

use catalog_core::key::EntityKey;
use tokio_postgres::error::SqlState;

use crate::support::{connect, empty, one, refused, run, version_of};

#[tokio::test]
async fn a_new_database_proves_nothing() {
    let database = empty().await;
    let client = connect(&database.primary.admin).await;
    let row = client.query_one("SELECT epoch, beat FROM history", &[]).await.expect("one row");
    assert_eq!((row.get(0), row.get(1)), (0_i64, 0_i64));
    assert_eq!(one::<i64>(&client, "SELECT count(*) FROM incarnation").await, 0);
    assert_eq!(version_of(&client, EntityKey::RULES).await, 1);
}

#[tokio::test]
async fn history_and_incarnation_have_one_row_at_most() {
    let database = empty().await;
    let client = connect(&database.primary.admin).await;
    run(&client, "INSERT INTO incarnation (epoch, system_identifier) VALUES (1, 1)").await;
    for sql in [
        "INSERT INTO incarnation (epoch, system_identifier) VALUES (2, 2)",
        "INSERT INTO history (epoch, beat) VALUES (1, 1)",
    ] {
        assert_eq!(refused(&client, sql).await.0, SqlState::UNIQUE_VIOLATION);
    }
    let unlogged = "SELECT relpersistence = 'u' FROM pg_class WHERE oid = 'incarnation'::regclass";
    assert!(one::<bool>(&client, unlogged).await);
}

#[tokio::test]
async fn the_poll_reads_the_newest_rows_by_an_index() {
    let database = empty().await;
    let client = connect(&database.primary.admin).await;
    run(
        &client,
        "INSERT INTO product (id, slug) SELECT gen_random_uuid(), 'p-' || g FROM generate_series(1, 5000) g; \
         ANALYZE version",
    )
    .await;
    // The horizon is the cluster's: other tests' transactions could hold the real one back.
    let explain = "EXPLAIN SELECT kind, id, version, deleted, xid FROM version \
                   WHERE xid >= '9000000000000000000'";
    let plan = client.query(explain, &[]).await.expect("a plan");
    let plan: String = plan.iter().map(|row| row.get::<_, String>(0)).collect();
    assert!(plan.contains("version_xid"), "{plan}");
}
