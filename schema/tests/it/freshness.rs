//! The rows that the freshness rule stands on.

use catalog_core::key::EntityKey;
use tokio_postgres::error::SqlState;

use crate::support::{catalog, connect, empty, one, refused, run, version_of, versions};

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
async fn no_version_is_raised_before_an_epoch_stands() {
    const WRITES: [&str; 4] = [
        "INSERT INTO product (id, slug) VALUES (gen_random_uuid(), 'scarf')",
        "UPDATE product SET brand = 'Goat' WHERE slug = 'wool-sock'",
        "UPDATE price SET amount = amount + 1",
        "UPDATE version SET version = version + 1, xid = pg_current_xact_id()",
    ];
    const STANDS: &str = "
        INSERT INTO incarnation (epoch, system_identifier)
        SELECT epoch, system_identifier FROM history, pg_control_system()
        ON CONFLICT (only_row) DO UPDATE
        SET epoch = excluded.epoch, system_identifier = excluded.system_identifier";
    let (_database, client) = catalog().await;
    run(&client, "UPDATE history SET epoch = 7").await;
    for broken in [
        "DELETE FROM incarnation",
        "UPDATE incarnation SET epoch = 6",
        "UPDATE incarnation SET system_identifier = system_identifier + 1",
    ] {
        run(&client, STANDS).await;
        run(&client, broken).await;
        let before = versions(&client).await;
        for sql in WRITES {
            let (state, said) = refused(&client, sql).await;
            assert_eq!(state, SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE, "{sql} after {broken}");
            assert!(said.contains("until the next epoch has begun"), "{said}");
        }
        assert_eq!(versions(&client).await, before, "after {broken}");
    }
    run(&client, STANDS).await;
    for sql in WRITES {
        run(&client, sql).await;
    }
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
