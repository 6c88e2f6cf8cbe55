//! Loading by the ten thousand, in a session whose plans were made while the tables were empty.

use tokio_postgres::Client;

use crate::support::{catalog, one, run};

const PRODUCTS: i64 = 20_000;

/// Each takes about a second on two cores; a plan that compares row by row would take hours.
const STATEMENTS: [&str; 11] = [
    "INSERT INTO product (id, slug, status, attributes) \
     SELECT product, 'bulk-' || n, 'active', '{\"weight\": {\"value\": 1, \"unit\": \"kg\"}}' FROM loaded",
    "INSERT INTO product_translation (product_id, locale, name) \
     SELECT product, locale, 'Product ' || n FROM loaded, (VALUES ('en'), ('de')) AS l (locale)",
    "INSERT INTO variant (id, product_id, sku) SELECT variant, product, 'BULK-' || n FROM loaded",
    "INSERT INTO price (product_id, variant_id, channel, currency, amount) \
     SELECT product, variant, 'web', currency, n FROM loaded, (VALUES ('EUR'), ('USD')) AS c (currency)",
    "INSERT INTO stock SELECT variant, product, 'main', n % 10 FROM loaded",
    "INSERT INTO product_category SELECT product, '00000000-0000-0000-0000-0000000000c1', n FROM loaded",
    "UPDATE product SET brand = 'Bulk', few_left_threshold = 3 WHERE slug LIKE 'bulk-%'",
    "UPDATE product SET slug = 'new-' || slug WHERE slug LIKE 'bulk-%'",
    "UPDATE variant SET sku = 'NEW-' || sku WHERE sku LIKE 'BULK-%'",
    "UPDATE stock SET quantity = quantity + 1 WHERE location = 'main'",
    "UPDATE product SET deleted_at = now() WHERE slug LIKE 'new-bulk-%1'",
];

async fn warm_every_plan_with_one_row(client: &Client) {
    for _ in 0..7 {
        run(
            client,
            "BEGIN; \
             UPDATE product SET brand = 'Warm', few_left_threshold = few_left_threshold + 1; \
             UPDATE product SET slug = slug || '-x'; \
             UPDATE product_translation SET description = ''; \
             UPDATE variant SET sku = sku || 'X'; \
             UPDATE price SET amount = amount + 1; \
             UPDATE stock SET quantity = quantity + 1; \
             UPDATE product_category SET position = 1; \
             ROLLBACK",
        )
        .await;
    }
}

#[tokio::test]
async fn twenty_thousand_products_take_seconds_and_are_raised_once() {
    let (_database, client) = catalog().await;
    warm_every_plan_with_one_row(&client).await;
    run(
        &client,
        "SET statement_timeout = '30s'; BEGIN; \
         CREATE TEMP TABLE loaded AS SELECT n, gen_random_uuid() AS product, gen_random_uuid() AS variant \
         FROM generate_series(1, 20000) AS n",
    )
    .await;
    for sql in STATEMENTS {
        run(&client, sql).await;
    }
    run(&client, "COMMIT").await;

    let raised =
        "SELECT count(*) FROM version v JOIN loaded l ON l.product = v.id WHERE v.version = 1";
    assert_eq!(one::<i64>(&client, raised).await, PRODUCTS);
    let transactions =
        "SELECT count(DISTINCT xid) FROM version v JOIN loaded l ON l.product = v.id";
    assert_eq!(one::<i64>(&client, transactions).await, 1);
    let gone = "SELECT count(*) FROM version v JOIN loaded l ON l.product = v.id WHERE v.deleted";
    assert_eq!(one::<i64>(&client, gone).await, PRODUCTS / 10);
    let wrong = "SELECT count(*) FROM stock s JOIN product p ON p.id = s.product_id \
                 LEFT JOIN variant_availability a USING (variant_id) \
                 WHERE p.brand = 'Bulk' AND coalesce(a.availability, 'out_of_stock') <> \
                   CASE WHEN s.quantity = 0 THEN 'out_of_stock' WHEN s.quantity <= 3 THEN 'few_left' \
                        ELSE 'in_stock' END::availability";
    assert_eq!(one::<i64>(&client, wrong).await, 0);
}
