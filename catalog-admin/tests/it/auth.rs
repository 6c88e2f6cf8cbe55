//! Who may do what.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use catalog_admin::auth::{AuthError, Authority, KeySource, Role};
use catalog_admin::command::token::{TokenArguments, make};
use catalog_admin::settings::AuthSettings;
use futures::future::join_all;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::samples::plain;
use crate::service::{Answer, Service, send};

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn claims() -> Value {
    json!({
        "sub": "someone", "role": "editor", "iss": "vitrina-dev", "aud": "vitrina",
        "exp": now() + 600,
    })
}

fn signed(service: &Service, header: &Header, claims: &Value) -> String {
    let pem = std::fs::read(&service.here.signing_key).unwrap();
    encode(header, claims, &EncodingKey::from_ed_pem(&pem).unwrap()).unwrap()
}

fn header() -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some("vitrina-dev".to_owned());
    header
}

async fn list_with(service: &Service, token: &str) -> Answer {
    send(service.bare(Method::GET, "/v1/products").bearer_auth(token)).await
}

#[tokio::test]
async fn each_role_may_do_what_it_says() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &plain("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let attempt = async |role: Role, method: Method, path: &str| {
        let request = service.bare(method, path).bearer_auth(service.token(role));
        send(request.header("if-match", "\"0-0\"").json(&json!({}))).await.status
    };
    let expected = [
        (Method::GET, place.as_str(), [200, 200, 200]),
        (Method::GET, "/v1/categories", [200, 200, 200]),
        (Method::POST, "/v1/products", [403, 422, 422]),
        (Method::POST, "/v1/stock/movements", [403, 422, 422]),
        (Method::PUT, place.as_str(), [403, 412, 412]),
        (Method::PATCH, place.as_str(), [403, 415, 415]),
        (Method::DELETE, place.as_str(), [403, 412, 412]),
    ];
    for (method, path, statuses) in expected {
        for (role, status) in [Role::Viewer, Role::Editor, Role::Admin].into_iter().zip(statuses) {
            let answered = attempt(role, method.clone(), path).await;
            assert_eq!(answered, status, "{method} {path} as {role:?}");
        }
    }
}

#[tokio::test]
async fn a_refusal_says_what_is_needed() {
    let service = Service::start().await;
    let token = service.token(Role::Viewer);
    let request = service.bare(Method::POST, "/v1/products").bearer_auth(token);
    let answer = send(request.json(&plain("sock"))).await.is(403);
    assert_eq!(answer.body["type"], "/problems/forbidden");
    assert_eq!(answer.body["role"], "viewer");
    assert_eq!(answer.body["needed"], "editor");
}

#[tokio::test]
async fn nothing_under_v1_answers_without_a_token() {
    let service = Service::start().await;
    for (method, path) in [
        (Method::GET, "/v1/products"),
        (Method::POST, "/v1/products"),
        (Method::PATCH, "/v1/products"),
        (Method::GET, "/v1/nothing/here"),
    ] {
        let answer = send(service.bare(method.clone(), path)).await.is(401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{method} {path}");
        assert_eq!(answer.body["type"], "/problems/unauthenticated");
    }
    send(service.bare(Method::GET, "/openapi.json")).await.is(200);
}

#[tokio::test]
async fn a_token_must_be_ours_and_meant_for_us_and_in_time() {
    let service = Service::start().await;
    list_with(&service, &signed(&service, &header(), &claims())).await.is(200);
    for change in [
        json!({"iss": "somebody-else"}),
        json!({"aud": "another-service"}),
        json!({"exp": now() - 60}),
        json!({"nbf": now() + 120}),
        json!({"iss": null}),
        json!({"aud": null}),
        json!({"exp": null}),
        json!({"sub": null}),
        json!({"sub": ""}),
        json!({"role": null}),
        json!({"role": "root"}),
    ] {
        let mut wrong = claims();
        json_patch::merge(&mut wrong, &change);
        let answer = list_with(&service, &signed(&service, &header(), &wrong)).await.is(401);
        let challenge = answer.header("www-authenticate");
        assert_eq!(challenge, Some("Bearer error=\"invalid_token\""), "{change}");
    }
    let mut leeway = claims();
    leeway["exp"] = json!(now() - 3);
    list_with(&service, &signed(&service, &header(), &leeway)).await.is(200);
}

#[tokio::test]
async fn the_header_does_not_choose_the_algorithm() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let service = Service::start().await;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = part(&json!({"alg": "none", "kid": "vitrina-dev"}));
    let unsigned = format!("{unsigned}.{}.", part(&claims()));
    list_with(&service, &unsigned).await.is(401);

    // The public key, which everybody knows, as the secret of a symmetric algorithm.
    let jwks = std::fs::read(&service.here.jwks).unwrap();
    let jwks: Value = serde_json::from_slice(&jwks).unwrap();
    let public = URL_SAFE_NO_PAD.decode(jwks["keys"][0]["x"].as_str().unwrap()).unwrap();
    let mut symmetric = Header::new(Algorithm::HS256);
    symmetric.kid = Some("vitrina-dev".to_owned());
    let forged = encode(&symmetric, &claims(), &EncodingKey::from_secret(&public)).unwrap();
    list_with(&service, &forged).await.is(401);

    let mut nameless = header();
    nameless.kid = None;
    list_with(&service, &signed(&service, &nameless, &claims())).await.is(401);
    let mut unknown = header();
    unknown.kid = Some("another".to_owned());
    list_with(&service, &signed(&service, &unknown, &claims())).await.is(401);
    let good = signed(&service, &header(), &claims());
    list_with(&service, &good[..good.len() - 4]).await.is(401);
    list_with(&service, "not-a-token").await.is(401);
}

#[tokio::test]
async fn a_new_key_is_known_when_it_is_first_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let other = json!({"keys": [{
        "kty": "OKP", "crv": "Ed25519", "kid": "older", "use": "sig",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }]});
    std::fs::write(&file, other.to_string()).unwrap();
    let path = file.display().to_string();
    let service = Service::start_with(&[("VITRINA_AUTH__JWKS", &path)]).await;
    std::fs::copy(&service.here.jwks, &file).unwrap();
    list_with(&service, &signed(&service, &header(), &claims())).await.is(200);
}

#[tokio::test]
async fn tokens_are_made_with_the_development_key_only() {
    let service = Service::start().await;
    let folder = tempfile::tempdir().unwrap();
    let arguments = |key: std::path::PathBuf| TokenArguments {
        role: Role::Admin,
        key,
        ttl: Duration::from_mins(1),
        subject: "me".to_owned(),
        issuer: "vitrina-dev".to_owned(),
        audience: "vitrina".to_owned(),
    };
    // RFC 8410, section 10.3: a good key, but not the one in the key set beside it.
    let stranger = folder.path().join("dev-key.pem");
    let pem = "-----BEGIN PRIVATE KEY-----\n\
               MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
               -----END PRIVATE KEY-----\n";
    std::fs::write(&stranger, pem).unwrap();
    std::fs::copy(&service.here.jwks, folder.path().join("jwks.json")).unwrap();
    let refused = make(&arguments(stranger)).unwrap_err();
    assert!(refused.to_string().contains("development key only"), "{refused}");
    let made = make(&arguments(service.here.signing_key.clone())).unwrap();
    list_with(&service, &made).await.is(200);
}

fn authority(jwks: String) -> Authority {
    let settings = AuthSettings {
        jwks,
        issuer: "vitrina-dev".to_owned(),
        audience: "vitrina".to_owned(),
        refresh: Duration::from_mins(5),
        leeway: Duration::ZERO,
    };
    Authority::new(&settings, KeySource::new(&settings).unwrap())
}

#[tokio::test]
async fn strangers_cannot_make_requests_queue_for_an_issuer_that_hangs() {
    // It accepts, as the kernel does for it, and never answers.
    let issuer = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let authority = authority(format!("http://{}/keys", issuer.local_addr().unwrap()));
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("unheard-of".to_owned());
    let token = encode(&header, &claims(), &EncodingKey::from_secret(b"anything")).unwrap();
    // One of them asks, within a limit of its own.
    let all = join_all((0..20).map(|_| authority.judge(&token)));
    for judged in timeout(Duration::from_secs(7), all).await.unwrap() {
        assert_eq!(judged, Err(AuthError::NoKeys));
    }
    // And nobody asks again at once, however long that took.
    let again = timeout(Duration::from_secs(1), authority.judge(&token)).await.unwrap();
    assert_eq!(again, Err(AuthError::NoKeys));
    issuer.accept().await.unwrap();
    assert!(timeout(Duration::ZERO, issuer.accept()).await.is_err(), "it was asked twice");
}

#[tokio::test]
async fn a_file_of_keys_is_not_read_beyond_reason() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, " ".repeat(1024 * 1024 + 1)).unwrap();
    let refused = authority(file.display().to_string()).refresh().await.unwrap_err();
    assert_eq!(refused.to_string(), "the keys are longer than 1048576 bytes");
}

#[tokio::test]
async fn an_address_that_does_not_answer_is_told_without_its_password() {
    let authority = authority("http://reader:hunter2@127.0.0.1:1/keys?secret=hunter3".to_owned());
    let said = format!("{0} {0:?}", authority.refresh().await.unwrap_err());
    assert!(!said.contains("hunter"), "{said}");
}
