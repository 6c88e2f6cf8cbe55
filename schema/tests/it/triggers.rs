//! No table can be added to a document and forgotten: whatever a document reads, raises.

use crate::support::{catalog, one};

/// Tables that a document reads, each with the events after which a trigger that runs ALWAYS raises,
/// and those that such a trigger refuses.
const GUARDED: &str = "
    SELECT t.oid::regclass::text,
           array_agg(e.event ORDER BY e.event) FILTER (WHERE e.event IS NOT NULL)
    FROM (SELECT DISTINCT ('public.' || table_name)::regclass AS oid
          FROM information_schema.view_table_usage
          WHERE view_name IN ('product_document', 'category_document', 'rules_document')) AS t
    LEFT JOIN LATERAL (
        SELECT DISTINCT event
        FROM pg_trigger g
        CROSS JOIN LATERAL (VALUES (4, 'insert'), (8, 'delete'), (16, 'update'), (32, 'truncate')) AS b (bit, event)
        WHERE g.tgrelid = t.oid AND g.tgenabled = 'A' AND g.tgtype & b.bit <> 0 AND g.tgtype & 1 = 0
    ) AS e ON true
    GROUP BY t.oid";

#[tokio::test]
async fn every_table_in_a_document_has_its_triggers() {
    let (_database, client) = catalog().await;
    let rows = client.query(GUARDED, &[]).await.expect("the tables");
    assert_eq!(rows.len(), 13, "tables that documents read");
    for row in rows {
        let table: String = row.get(0);
        let events: Option<Vec<String>> = row.get(1);
        assert_eq!(
            events.unwrap_or_default(),
            ["delete", "insert", "truncate", "update"],
            "{table}"
        );
    }
}

#[tokio::test]
async fn no_trigger_of_ours_stays_silent_for_a_replica() {
    let (_database, client) = catalog().await;
    let sql = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A'";
    assert_eq!(one::<i64>(&client, sql).await, 0);
}
