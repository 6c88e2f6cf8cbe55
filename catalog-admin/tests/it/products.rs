//! Products are created, read, replaced, patched, deleted and listed whole.

use serde_json::{Value, json};

use crate::samples::{category, plain, sock};
use crate::service::{Service, wait_until};

#[tokio::test]
async fn a_product_is_read_as_it_was_created() {
    let service = Service::start().await;
    let mut sent = sock("wool-sock");
    let parent = service.post("/v1/categories", &category("socks")).await.is(201);
    let other = service.post("/v1/products", &plain("garter")).await.is(201);
    sent["categories"] = json!([{"slug": "socks", "position": 7}]);
    sent["relations"] = json!([{"kind": "accessory", "product": {"slug": "garter"}}]);
    let created = service.post("/v1/products", &sent).await.is(201);

    let place = format!("/v1/products/{}", created.id());
    assert_eq!(created.header("location"), Some(place.as_str()));
    let read = service.get(&place).await.is(200);
    assert_eq!(read.body, created.body);
    assert_eq!(read.etag(), created.etag());
    assert!(read.etag().starts_with("\"1-"), "{}", read.etag());
    assert_eq!(read.body["version"], 1);

    // What it says is what was sent, but for stock, references by id, and what was left out.
    let mut expected = sent;
    expected["categories"] = json!([{"id": parent.id(), "position": 7}]);
    expected["relations"] = json!([{"kind": "accessory", "product": {"id": other.id()}}]);
    expected["variants"][0].as_object_mut().unwrap().remove("stock");
    expected["variants"][1]["barcode"] = Value::Null;
    let pos = &mut expected["variants"][1]["prices"][0];
    for absent in ["compare_at", "valid_from", "valid_until"] {
        pos[absent] = Value::Null;
    }
    expected["media"][1]["variant_sku"] = Value::Null;
    let mut said = read.body;
    let variants = said["variants"].as_array_mut().unwrap();
    assert!(variants.iter_mut().all(|one| one.as_object_mut().unwrap().remove("id").is_some()));
    for read_only in ["id", "version", "created_at", "updated_at"] {
        assert!(said.as_object_mut().unwrap().remove(read_only).is_some(), "{read_only}");
    }
    assert_eq!(said, expected);
}

#[tokio::test]
async fn what_was_read_can_be_sent_back_and_changes_nothing() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &sock("wool-sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let replaced = service.put(&place, created.etag(), &created.body).await.is(200);
    assert_eq!(replaced.body, created.body);
    assert_eq!(replaced.etag(), created.etag());
    let patched = service.patch(&place, created.etag(), &json!({})).await.is(200);
    assert_eq!(patched.etag(), created.etag());
    let history = service.get(&format!("{place}/revisions")).await.is(200);
    assert_eq!(history.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_replacement_takes_away_what_it_leaves_out_and_keeps_ids_by_sku() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &sock("wool-sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let wanted = json!({
        "slug": "wool-sock-2",
        "translations": {"de": {"name": "Socke"}},
        "options": ["color"],
        "variants": [
            {"sku": "wool-sock-green-m", "options": {"color": "green"}},
            {"sku": "wool-sock-red-m", "options": {"color": "red"},
             "prices": [{"channel": "web", "currency": "EUR", "amount": 1190}]},
        ],
        "media": [{"url": "https://cdn.test/wool-sock.mp4", "kind": "video"}],
    });
    let replaced = service.put(&place, created.etag(), &wanted).await.is(200);
    assert_eq!(replaced.body["version"], 2);
    assert_eq!(replaced.body["status"], "draft");
    assert_eq!(replaced.body["brand"], Value::Null);
    assert_eq!(replaced.body["translations"], json!({"de": {"name": "Socke", "description": ""}}));
    let variants = replaced.body["variants"].as_array().unwrap();
    assert_eq!(variants.len(), 2);
    assert_eq!(variants[1]["id"], created.body["variants"][0]["id"]);
    assert_eq!(variants[1]["prices"].as_array().unwrap().len(), 1);
    assert_eq!(variants[1]["prices"][0]["amount"], 1190);
    assert_eq!(replaced.body["media"].as_array().unwrap().len(), 1);
    assert_eq!(service.get(&place).await.body, replaced.body);

    // Stock was not named, so it stays as it was.
    let stock = service.get(&format!("{place}/stock")).await.is(200);
    assert_eq!(stock.body["variants"][1]["quantity"], 10);
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &sock("wool-sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let patch = json!({
        "brand": null,
        "attributes": {"material": null, "rating": 5},
        "translations": {"en": {"name": "Woollen sock"}},
    });
    let patched = service.patch(&place, created.etag(), &patch).await.is(200);
    let mut expected = created.body.clone();
    expected["version"] = json!(2);
    expected["brand"] = Value::Null;
    expected["attributes"].as_object_mut().unwrap().remove("material");
    expected["attributes"]["rating"] = json!(5);
    expected["translations"]["en"]["name"] = json!("Woollen sock");
    expected["updated_at"] = patched.body["updated_at"].clone();
    assert_eq!(patched.body, expected);
    assert_ne!(patched.body["updated_at"], created.body["updated_at"]);
}

#[tokio::test]
async fn a_deleted_product_is_gone_and_gives_its_names_free() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &sock("wool-sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    service.delete(&place, created.etag()).await.is(204);
    service.get(&place).await.is(404);
    service.put(&place, created.etag(), &created.body).await.is(404);
    service.delete(&place, created.etag()).await.is(404);

    let database = service.database().await;
    let id: uuid::Uuid = created.id().parse().unwrap();
    let row = database
        .query_one(
            "SELECT version, deleted FROM version WHERE kind = 'product' AND id = $1",
            &[&id],
        )
        .await
        .unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, bool>(1)), (2, true));

    let again = service.post("/v1/products", &sock("wool-sock")).await.is(201);
    assert_ne!(again.id(), created.id());
}

#[tokio::test]
async fn lists_go_on_where_a_page_ended() {
    let service = Service::start().await;
    for number in 0..5 {
        let mut product = plain(&format!("sock-{number}"));
        product["status"] = json!(if number == 2 { "active" } else { "draft" });
        service.post("/v1/products", &product).await.is(201);
    }
    let mut slugs = Vec::new();
    let mut path = "/v1/products?limit=2".to_owned();
    loop {
        let page = service.get(&path).await.is(200);
        let items = page.body["items"].as_array().unwrap();
        slugs.extend(items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()));
        let Some(next) = page.body["next"].as_str() else { break };
        path = format!("/v1/products?limit=2&cursor={next}");
    }
    assert_eq!(slugs, ["sock-4", "sock-3", "sock-2", "sock-1", "sock-0"]);
    let active = service.get("/v1/products?status=active").await.is(200);
    assert_eq!(active.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(active.body["items"][0]["names"], json!({"en": "sock-2"}));
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let service = Service::start().await;
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("cursor=tampered", "cursor"),
        ("status=sold", "status"),
        ("colour=red", "colour"),
    ] {
        let answer = service.get(&format!("/v1/products?{query}")).await.is(400);
        assert_eq!(answer.body["type"], "/problems/invalid-parameter", "{query}");
        assert_eq!(answer.body["errors"][0]["parameter"], parameter, "{query}");
    }
    for id in ["17", "00000000-0000-0000-0000-000000000000"] {
        let answer = service.get(&format!("/v1/products/{id}")).await.is(404);
        assert_eq!(answer.body["type"], "/problems/not-found");
    }
}

#[tokio::test]
async fn a_cursor_that_was_tampered_with_is_named() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let service = Service::start().await;
    let id = "00000000-0000-0000-0000-000000000000";
    for (list, forged) in [
        ("categories", json!("a\u{0}b")),
        ("categories", json!("Not A Slug")),
        ("products", json!(["-009999-01-02T01:59:59Z", id])),
        ("products", json!(["9999-12-30T00:00:00Z", id])),
        ("products", json!(["never", id])),
    ] {
        let cursor = URL_SAFE_NO_PAD.encode(forged.to_string());
        let answer = service.get(&format!("/v1/{list}?cursor={cursor}")).await.is(400);
        assert_eq!(answer.body["errors"][0]["parameter"], "cursor", "{list} {forged}");
    }
}

#[tokio::test]
async fn the_few_of_one_status_are_listed_without_walking_over_the_others() {
    let service = Service::start().await;
    let database = service.database().await;
    database
        .batch_execute(
            "INSERT INTO product (id, slug, status)
             SELECT gen_random_uuid(), 'p-' || n, CASE WHEN n > 3 THEN 'active' ELSE 'draft' END::product_status
             FROM generate_series(1, 20000) n;
             ANALYZE product",
        )
        .await
        .unwrap();
    let drafts = service.get("/v1/products?status=draft").await.is(200);
    assert_eq!(drafts.body["items"].as_array().unwrap().len(), 3);
    // The figure is counted a moment after the fact.
    wait_until("the index of statuses was used", async || {
        let used = "
            SELECT idx_scan > 0 FROM pg_stat_user_indexes WHERE indexrelname = 'product_of_status'";
        database.query_one(used, &[]).await.unwrap().get(0)
    })
    .await;
}
