//! The real service on a database of its own, and requests to it.

use std::time::Duration;

use catalog_admin::app;
use catalog_admin::auth::Role;
use catalog_admin::command::token::{TokenArguments, make};
use catalog_admin::settings::{DEFAULTS, Settings};
use devstack::{Isolated, TestStack};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use service_kit::health::Readiness;
use service_kit::settings::load_from;
use service_kit::shutdown::Lifecycle;
use tokio::time::{Instant, sleep};
use tokio_postgres::NoTls;

pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// A running service; it ends with the test's runtime.
pub(crate) struct Service {
    pub(crate) here: Isolated,
    pub(crate) root: String,
    pub(crate) ops: String,
    http: reqwest::Client,
    editor: String,
    _lifecycle: Lifecycle,
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn etag(&self) -> &str {
        self.header(ETAG.as_str()).unwrap()
    }

    pub(crate) fn id(&self) -> &str {
        self.body["id"].as_str().unwrap()
    }

    /// Fails with the whole answer when the status is another.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:#}", self.body);
        self
    }

    /// `pointer` of each error.
    pub(crate) fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().unwrap();
        errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
    }
}

impl Service {
    /// On the stack that all tests share.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// On the shared stack, with settings of its own.
    pub(crate) async fn start_with(settings: &[(&str, &str)]) -> Self {
        let here = TestStack::shared().unwrap().isolated().await.unwrap();
        Self::start_on(here, settings).await
    }

    /// On a stack that the test may break.
    pub(crate) async fn start_on(here: Isolated, settings: &[(&str, &str)]) -> Self {
        let lifecycle_readiness = Readiness::new();
        let settings = settings_for(&here, settings);
        let lifecycle = Lifecycle::new(settings.shutdown.clone(), lifecycle_readiness.clone());
        let addresses =
            app::spawn(&settings, &lifecycle_readiness, &lifecycle.tasks()).await.unwrap();
        let service = Self {
            root: format!("http://{}", addresses.http),
            ops: format!("http://{}", addresses.ops),
            http: reqwest::Client::new(),
            editor: token(&here, Role::Editor),
            here,
            _lifecycle: lifecycle,
        };
        wait_until("the service is ready", async || lifecycle_readiness.is_ready()).await;
        service
    }

    pub(crate) fn token(&self, role: Role) -> String {
        token(&self.here, role)
    }

    /// A request without a token.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.root))
    }

    /// A request with an editor's token.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).header(AUTHORIZATION, format!("Bearer {}", self.editor))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        send(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, etag: &str, body: &Value) -> Answer {
        send(self.request(Method::PUT, path).header(IF_MATCH, etag).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, etag: &str, change: &Value) -> Answer {
        let request = self
            .request(Method::PATCH, path)
            .header(IF_MATCH, etag)
            .header(CONTENT_TYPE, "application/merge-patch+json")
            .body(change.to_string());
        send(request).await
    }

    pub(crate) async fn delete(&self, path: &str, etag: &str) -> Answer {
        send(self.request(Method::DELETE, path).header(IF_MATCH, etag)).await
    }

    /// Waits until a statement of the service waits for somebody else's lock.
    pub(crate) async fn until_blocked(&self) {
        let superuser = connect(&self.here.primary.superuser).await;
        let waits = "
            SELECT FROM pg_stat_activity
            WHERE datname = $1 AND application_name = 'catalog-admin' AND wait_event_type = 'Lock'";
        wait_until("the service waits for a lock", async || {
            superuser.query_opt(waits, &[&self.here.name]).await.unwrap().is_some()
        })
        .await;
    }

    /// A connection past the service, as the role that owns the tables.
    pub(crate) async fn database(&self) -> tokio_postgres::Client {
        connect(&self.here.primary.admin).await
    }
}

pub(crate) async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Sends a request and reads the answer.
pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
    Answer { status, headers, body }
}

/// Polls until the condition holds.
pub(crate) async fn wait_until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !holds().await {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

fn token(here: &Isolated, role: Role) -> String {
    make(&TokenArguments {
        role,
        key: here.signing_key.clone(),
        ttl: Duration::from_mins(10),
        subject: format!("{}@test", role.as_str()),
        issuer: "vitrina-dev".to_owned(),
        audience: "vitrina".to_owned(),
    })
    .unwrap()
}

fn settings_for(here: &Isolated, own: &[(&str, &str)]) -> Settings {
    let jwks = here.jwks.display().to_string();
    let common = [
        ("VITRINA_HTTP__BIND", "127.0.0.1:0"),
        ("VITRINA_OPS__BIND", "127.0.0.1:0"),
        ("VITRINA_PRIMARY__URL", &here.primary.admin),
        ("VITRINA_KAFKA__BROKERS", &here.kafka_brokers),
        ("VITRINA_PUBLISHER__ENABLED", "false"),
        ("VITRINA_AUTH__JWKS", &jwks),
        ("VITRINA_SESSION__KEY", &here.session_key),
    ];
    let all =
        common.iter().chain(own).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    load_from(DEFAULTS, all).unwrap()
}
