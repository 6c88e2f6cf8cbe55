//! Every write gives its caller a token, and carries on the one that was brought.

use catalog_core::contract::session_token::SessionKey;
use catalog_core::freshness::{Admission, Epoch, Part, Proof, Proven, Token, Version, Xid};
use catalog_core::key::EntityKey;
use reqwest::header::IF_MATCH;
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::epoch::wait_valid;
use crate::publisher_rig::begin_epoch;
use crate::samples::{category, plain, sock};
use crate::service::{Answer, Service, send};

const SESSION: &str = "vitrina-session";

/// A service whose epoch stands.
async fn start() -> (Service, Epoch) {
    let service = Service::start().await;
    let epoch = wait_valid(&service.database().await).await;
    (service, Epoch(epoch))
}

fn opened(service: &Service, answer: &Answer) -> Token {
    let key = SessionKey::new(service.here.session_key.as_bytes());
    let text = answer.header(SESSION).expect("a token");
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with(&format!("vitrina_session={text}; ")), "{cookie}");
    key.open(text.as_bytes()).unwrap()
}

/// Whether the token asks for `key` in at least this version.
fn names(token: &Token, key: EntityKey, version: u64) -> bool {
    let admits = |version| {
        let parts = [Part { key, version: Version(version), xid: Xid(1) }];
        let entry = Proof { epoch: token.epoch(), horizon: Xid(u64::MAX), parts: &parts };
        token.admits(entry, Proven::SinceArrival)
    };
    admits(version) == Admission::Admitted && matches!(admits(version - 1), Admission::Behind(_))
}

/// Whether the token lets nothing pass that may lack what has been committed until now.
async fn covers_all(service: &Service, token: &Token) -> bool {
    let sql = "SELECT max(xid)::text FROM version";
    let row = service.database().await.query_one(sql, &[]).await.unwrap();
    let last: Xid = row.get::<_, &str>(0).parse().unwrap();
    let entry = |horizon| Proof { epoch: token.epoch(), horizon, parts: &[PART] };
    token.admits(entry(last), Proven::Before) == Admission::Unproven
}

const PART: Part = Part { key: EntityKey::RULES, version: Version(1), xid: Xid(1) };

#[tokio::test]
async fn every_write_gives_a_token() {
    let (service, epoch) = start().await;
    let created = service.post("/v1/products", &sock("sock")).await.is(201);
    let (place, key) = (
        format!("/v1/products/{}", created.id()),
        EntityKey::product(created.id().parse().unwrap()),
    );
    let token = opened(&service, &created);
    assert!(token.epoch() == epoch && names(&token, key, 1));

    let patched = service.patch(&place, created.etag(), &json!({"brand": "B"})).await.is(200);
    assert!(names(&opened(&service, &patched), key, 2));
    let movement = json!({"sku": "sock-red-m", "location": "main", "delta": 5});
    let movements = json!({"movements": [movement]});
    let moved = service.post("/v1/stock/movements", &movements).await.is(200);
    assert!(covers_all(&service, &opened(&service, &moved)).await);
    let line = json!({"kind": "category", "external_key": "hats", "slug": "hats",
                      "translations": {"en": {"name": "Hats"}}});
    let import = service.request(Method::POST, "/v1/imports");
    let import = import.header("content-type", "application/x-ndjson").body(line.to_string());
    let imported = send(import).await.is(201);
    assert_eq!(imported.body["rejected"], 0, "{:#}", imported.body);
    assert!(covers_all(&service, &opened(&service, &imported)).await);
    let made = service.post("/v1/categories", &category("socks")).await.is(201);
    assert!(covers_all(&service, &opened(&service, &made)).await);

    let read = service.get(&place).await.is(200);
    assert_eq!(read.header(SESSION), None);
    let deleted = service.delete(&place, read.etag()).await.is(204);
    let version = Version(read.body["version"].as_u64().unwrap() + 1);
    assert!(names(&opened(&service, &deleted), key, version.0));
}

#[tokio::test]
async fn a_creation_that_is_sent_again_gives_one_too_and_a_refused_write_gives_none() {
    let (service, _) = start().await;
    let request = || {
        let request = service.request(Method::POST, "/v1/products").json(&plain("sock"));
        request.header("idempotency-key", "k")
    };
    send(request()).await.is(201);
    let again = send(request()).await.is(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert!(covers_all(&service, &opened(&service, &again)).await);
    let place = format!("/v1/products/{}", again.id());
    let refused = service.patch(&place, "\"9-0\"", &json!({"brand": "B"})).await.is(412);
    assert_eq!(refused.header(SESSION), None);
}

#[tokio::test]
async fn a_token_that_is_brought_is_carried_on() {
    let (service, _) = start().await;
    let first = service.post("/v1/products", &plain("sock")).await.is(201);
    let second = service.post("/v1/products", &plain("hat")).await.is(201);
    let key = |created: &Answer| EntityKey::product(created.id().parse().unwrap());
    let change = |request: RequestBuilder| {
        let request = request.header(IF_MATCH, second.etag());
        request.header("content-type", "application/merge-patch+json").body(r#"{"brand": "B"}"#)
    };
    let place = format!("/v1/products/{}", second.id());
    let brought = first.header(SESSION).unwrap();
    let request = service.request(Method::PATCH, &place).header(SESSION, brought);
    let carried = opened(&service, &send(change(request)).await.is(200));
    assert!(names(&carried, key(&first), 1) && names(&carried, key(&second), 2));

    begin_epoch(&service.here).await;
    let anew = send(
        service.request(Method::POST, "/v1/products").header(SESSION, brought).json(&plain("cap")),
    );
    assert_eq!(anew.await.is(201).header("vitrina-session-lost"), Some("?1"));

    let request = service.request(Method::PATCH, &place).header(SESSION, "tampered");
    let refused = send(change(request)).await.is(400);
    assert_eq!(refused.body["errors"][0]["parameter"], "Vitrina-Session");
    let cookie =
        service.request(Method::POST, "/v1/products").header("cookie", "vitrina_session=x");
    opened(&service, &send(cookie.json(&plain("scarf"))).await.is(201));
}
