//! Wrong lines: each is told, and none spoils its neighbours.

use std::fmt::Write as _;

use serde_json::json;

use crate::imports::{counts, errors, import, line, product};
use crate::samples::{category, plain};
use crate::service::{Service, send};

fn keyed(slug: &str) -> serde_json::Value {
    let mut product = plain(slug);
    product["external_key"] = json!(format!("key-{slug}"));
    product
}

#[tokio::test]
async fn every_kind_of_bad_line_is_told_and_its_neighbours_are_loaded() {
    let service = Service::start().await;
    let good = |number: u32| line("product", keyed(&format!("good-{number}"))).into_bytes();
    let mut unknown = keyed("unknown");
    unknown["colour"] = json!("red");
    unknown["translations"]["tlh"] = json!({"name": "?"});
    unknown["variants"][0]["prices"] = json!([{"channel": "web", "currency": "XTS", "amount": 1}]);
    let mut homeless = keyed("homeless");
    homeless["categories"] = json!([{"slug": "nowhere"}]);
    let mut pointing = keyed("pointing");
    pointing["relations"] = json!([{"kind": "related", "product": {"external_key": "nobody"}}]);
    let pieces: Vec<Vec<u8>> = vec![
        good(1),
        b"{\"kind\":\"product\",oops}\n".to_vec(),
        b"{\"kind\":\"product\",\"slug\":\"\xff\"}\n".to_vec(),
        good(2),
        format!("{{\"kind\":\"product\",\"slug\":\"{}\"}}\n", "x".repeat(1 << 20)).into_bytes(),
        b"\n".to_vec(),
        line("product", unknown).into_bytes(),
        line("product", homeless).into_bytes(),
        line("product", pointing).into_bytes(),
        b"[1,2]\n{\"slug\":\"kindless\"}\n".to_vec(),
        good(3),
        b"{\"kind\":\"product\",\"slug\":\"cut-sh".to_vec(),
    ];
    let done = import(&service, pieces.concat()).await.is(201);
    assert_eq!(counts(&done), [3, 0, 0, 9], "{:#}", done.body);
    assert_eq!(
        errors(&done),
        [
            (2, "", "broken_json"),
            (3, "", "not_utf8"),
            (5, "", "too_long"),
            (7, "/colour", "unknown_field"),
            (7, "/translations/tlh", "unknown_name"),
            (7, "/variants/0/prices/0/currency", "unknown_name"),
            (8, "/categories/0/slug", "unknown_reference"),
            (9, "/relations/0/product/external_key", "unknown_reference"),
            (10, "", "type"),
            (11, "/kind", "required"),
            (13, "", "cut_short"),
        ]
    );
    for number in 1..=3 {
        product(&service, &format!("good-{number}")).await;
    }
}

#[tokio::test]
async fn errors_that_are_not_kept_are_counted() {
    let service = Service::start().await;
    let mut wrong = keyed("wrong");
    for number in 0..25 {
        wrong[format!("field-{number}")] = json!(1);
    }
    let body = line("product", wrong) + &"[]\n".repeat(10_000);
    let done = import(&service, body).await.is(201);
    assert_eq!(counts(&done), [0, 0, 0, 10_001]);
    // Five of the first line's, and twenty whose places its others took.
    assert_eq!(done.body["errors_dropped"], 25);
}

#[tokio::test]
async fn what_is_taken_is_told_with_its_owner_even_within_the_import() {
    let service = Service::start().await;
    let mut owner = plain("garter");
    owner["external_key"] = json!("key-owner");
    let owner = service.post("/v1/products", &owner).await.is(201);
    let mut same_slug = keyed("garter");
    same_slug["variants"] = json!([{"sku": "another"}]);
    let mut same_sku = keyed("suspender");
    same_sku["variants"] = json!([{"sku": "garter-1"}]);
    let mut later = keyed("glove");
    later["external_key"] = json!("key-other-glove");
    later["variants"] = json!([{"sku": "glove-2"}, {"sku": "glove-1"}]);
    let body = [
        line("product", same_slug),
        line("product", same_sku),
        line("product", keyed("glove")),
        line("product", later),
    ];
    let done = import(&service, body.concat()).await.is(201);
    assert_eq!(counts(&done), [1, 0, 0, 3], "{:#}", done.body);
    assert_eq!(
        errors(&done),
        [
            (1, "/slug", "taken"),
            (2, "/variants/0/sku", "taken"),
            (4, "/slug", "taken"),
            (4, "/variants/1/sku", "taken"),
        ]
    );
    let detail = done.body["errors"]["items"][0]["detail"].as_str().unwrap();
    assert!(detail.contains(owner.id()), "{detail}");
    let detail = done.body["errors"]["items"][2]["detail"].as_str().unwrap();
    assert!(detail.ends_with("since line 3"), "{detail}");
}

#[tokio::test]
async fn a_category_stands_after_its_parent_and_never_below_itself() {
    let service = Service::start().await;
    let keyed = |slug: &str, parent: Option<&str>| {
        let mut one = category(slug);
        one["external_key"] = json!(format!("key-{slug}"));
        one["parent"] = parent.map_or(json!(null), |parent| json!({"slug": parent}));
        line("category", one)
    };
    let tree =
        keyed("child", Some("parent")) + &keyed("parent", None) + &keyed("son", Some("parent"));
    let done = import(&service, tree).await.is(201);
    assert_eq!(counts(&done), [2, 0, 0, 1], "{:#}", done.body);
    assert_eq!(errors(&done), [(1, "/parent/slug", "unknown_reference")]);

    let grandson = keyed("grandson", Some("son"));
    import(&service, grandson).await.is(201);
    let circle = keyed("other", None) + &keyed("parent", Some("grandson")) + &keyed("last", None);
    let done = import(&service, circle).await.is(201);
    assert_eq!(counts(&done), [2, 0, 0, 1], "{:#}", done.body);
    assert_eq!(errors(&done), [(2, "/parent", "category_cycle")]);
}

#[tokio::test]
async fn what_only_the_database_refuses_is_found_among_its_neighbours() {
    let service = Service::start().await;
    service
        .database()
        .await
        .batch_execute("ALTER TABLE variant ADD CONSTRAINT unforeseen CHECK (sku <> 'slug-7-1')")
        .await
        .unwrap();
    let body: String = (0..20).map(|n| line("product", keyed(&format!("slug-{n}")))).collect();
    let done = import(&service, body).await.is(201);
    assert_eq!(counts(&done), [19, 0, 0, 1], "{:#}", done.body);
    assert_eq!(errors(&done), [(8, "", "refused")]);
}

#[tokio::test]
async fn errors_are_paged_and_their_number_is_bounded() {
    let service = Service::start_with(&[("VITRINA_IMPORT__BATCH_LINES", "2000")]).await;
    let mut body = String::new();
    for number in 0..5_100 {
        writeln!(body, "{{\"kind\":\"shelf\",\"number\":{number}}}").unwrap();
    }
    let bad = json!({"kind": "product", "a": 1, "b": 2, "slug": "x"});
    body += &format!("{bad}\n").repeat(2_000);
    let done = import(&service, body).await.is(201);
    assert_eq!(counts(&done), [0, 0, 0, 7_100]);
    let mut seen = errors(&done).len();
    let mut next = done.body["errors"]["next"].as_str().map(str::to_owned);
    while let Some(cursor) = next {
        let place = format!("/v1/imports/{}?limit=200&cursor={cursor}", done.id());
        let page = service.get(&place).await.is(200);
        seen += errors(&page).len();
        next = page.body["errors"]["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, 10_000, "as many as are kept");
}

#[tokio::test]
async fn another_media_type_is_415_and_an_unknown_import_404() {
    let service = Service::start().await;
    let request = service.request(reqwest::Method::POST, "/v1/imports");
    let answer = send(request.header("content-type", "application/json").body("{}")).await;
    assert_eq!(answer.status, 415);
    service.get("/v1/imports/00000000-0000-0000-0000-000000000001").await.is(404);
    service.get("/v1/imports/no-uuid").await.is(404);
    let empty = import(&service, "").await.is(201);
    assert_eq!(counts(&empty), [0, 0, 0, 0]);
}
