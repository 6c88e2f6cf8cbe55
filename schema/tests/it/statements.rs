//! Every kind of statement that can write raises: nothing depends on how it is said.

use std::{collections::BTreeSet, pin::pin};

use catalog_core::key::EntityKey;
use futures::SinkExt as _;
use tokio_postgres::Client;

use crate::support::{HAT, SOCK, catalog, connect, one, raised_by, run, version_of};

#[tokio::test]
async fn upserts_merges_joins_and_queries_that_write_raise() {
    let (_database, client) = catalog().await;
    let both = BTreeSet::from([EntityKey::product(SOCK), EntityKey::product(HAT)]);
    for sql in [
        "INSERT INTO product_translation VALUES \
           ('00000000-0000-0000-0000-0000000000a1', 'en', 'Sock'), \
           ('00000000-0000-0000-0000-0000000000a2', 'en', 'Hat') \
         ON CONFLICT (product_id, locale) DO UPDATE SET name = excluded.name",
        "MERGE INTO product_translation t \
         USING (SELECT id FROM product) p ON p.id = t.product_id AND t.locale = 'de' \
         WHEN MATCHED THEN DELETE \
         WHEN NOT MATCHED THEN INSERT VALUES (p.id, 'de', 'Hut', '')",
        "UPDATE product_translation t SET description = p.slug FROM product p WHERE p.id = t.product_id",
        "DELETE FROM variant_availability a USING product p WHERE p.id = a.product_id",
        "WITH raised AS (UPDATE product SET brand = 'Mole' RETURNING id) \
         INSERT INTO media (id, product_id, url) SELECT gen_random_uuid(), id, 'https://a.example' FROM raised",
        "DO $$ BEGIN FOR i IN 1..3 LOOP UPDATE media SET position = i; END LOOP; \
         UPDATE product SET brand = NULL; END $$",
    ] {
        assert_eq!(raised_by(&client, sql).await, both, "{sql}");
    }
}

#[tokio::test]
async fn copy_raises() {
    let (_database, client) = catalog().await;
    let before = version_of(&client, EntityKey::product(HAT)).await;
    copy(&client, format!("{HAT}\ten\tHat\t\n{HAT}\tde\tHut\t\n")).await;
    assert_eq!(version_of(&client, EntityKey::product(HAT)).await, before + 1);
}

async fn copy(client: &Client, lines: String) {
    let sink = client.copy_in::<_, std::io::Cursor<Vec<u8>>>("COPY product_translation FROM STDIN");
    let mut sink = pin!(sink.await.expect("a copy"));
    sink.send(std::io::Cursor::new(lines.into_bytes())).await.expect("lines");
    sink.close().await.expect("the end of the copy");
}

#[tokio::test]
async fn neither_a_temporary_table_nor_the_search_path_takes_the_raise() {
    let (database, client) = catalog().await;
    let writer = connect(&database.primary.admin).await;
    run(&writer, "CREATE TEMP TABLE version (LIKE public.version INCLUDING ALL)").await;
    run(&writer, "CREATE SCHEMA elsewhere; SET search_path = elsewhere, pg_temp").await;
    let before = version_of(&client, EntityKey::product(SOCK)).await;
    run(&writer, "UPDATE public.product SET brand = 'Yak' WHERE slug = 'wool-sock'").await;
    run(&writer, "UPDATE public.stock SET quantity = 0").await;
    assert_eq!(version_of(&client, EntityKey::product(SOCK)).await, before + 2);
    assert_eq!(one::<i64>(&writer, "SELECT count(*) FROM pg_temp.version").await, 0);
}
