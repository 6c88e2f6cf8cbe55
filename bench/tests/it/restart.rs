//! A service that is restarted in order loses no request: callers that go by its readiness, as a
//! load balancer does, notice nothing.

use std::{
    collections::BTreeMap,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use bench::load::{Catalog, client};
use devstack::{Component, TestStack};
use parking_lot::Mutex;
use rand::{SeedableRng as _, rngs::SmallRng};
use reqwest::{Client, StatusCode, header};
use serde_json::{Value, json};
use tokio::{
    process::{Child, Command},
    task::JoinSet,
    time::{sleep, timeout},
};
use uuid::Uuid;

use crate::support::stack_with;

const PATIENCE: Duration = Duration::from_secs(30);
/// How often readiness is asked for; the services serve on for longer than this after they have said
/// that they are not ready.
const LOOK: Duration = Duration::from_millis(20);
const SERVES_ON: &str = "1s";
const READERS: usize = 16;
const EDITORS: usize = 4;
/// Requests that must have been answered before and after each restart.
const SOME: usize = 200;

/// Processes of one service, each with whether it says that it is ready.
struct Endpoints {
    all: Vec<(String, Arc<AtomicBool>)>,
    next: AtomicUsize,
    _looks: JoinSet<()>,
}

impl Endpoints {
    /// Of these addresses, each with its operations port's.
    fn watch(addresses: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut looks = JoinSet::new();
        let all = addresses
            .into_iter()
            .map(|(address, operations)| {
                let ready = Arc::new(AtomicBool::new(false));
                looks.spawn(look(format!("http://{operations}/readyz"), Arc::clone(&ready)));
                (address, ready)
            })
            .collect();
        Self { all, next: AtomicUsize::new(0), _looks: looks }
    }

    /// One that is ready, in turn.
    async fn pick(&self) -> &str {
        timeout(PATIENCE, async {
            loop {
                let first = self.next.fetch_add(1, Relaxed);
                let mut order =
                    (0..self.all.len()).map(|i| &self.all[(first + i) % self.all.len()]);
                if let Some((address, _)) = order.find(|(_, ready)| ready.load(Relaxed)) {
                    return address.as_str();
                }
                sleep(LOOK).await;
            }
        })
        .await
        .expect("one of them is ready")
    }

    /// Waits until all are ready, or just one is not.
    async fn settle(&self, unready: usize) {
        let is_settled =
            || self.all.iter().filter(|(_, ready)| !ready.load(Relaxed)).count() == unready;
        let settled = timeout(PATIENCE, async {
            while !is_settled() {
                sleep(LOOK).await;
            }
        });
        settled.await.expect("it comes to be ready");
    }
}

async fn look(url: String, ready: Arc<AtomicBool>) {
    let client = client(Duration::from_secs(1)).unwrap();
    loop {
        let answer = client.get(&url).send().await;
        ready.store(answer.is_ok_and(|answer| answer.status().is_success()), Relaxed);
        sleep(LOOK).await;
    }
}

/// What callers were told.
#[derive(Default)]
struct Told {
    answered: AtomicUsize,
    failures: Mutex<Vec<String>>,
}

impl Told {
    fn note(&self, outcome: Result<StatusCode, reqwest::Error>) {
        match outcome {
            Ok(status) if status.is_success() => {
                self.answered.fetch_add(1, Relaxed);
            }
            Ok(status) => self.failures.lock().push(status.to_string()),
            Err(error) => self.failures.lock().push(format!("{error:?}")),
        }
    }

    /// Waits until some more have been answered.
    async fn some(&self) {
        let begun = self.answered.load(Relaxed);
        let some = timeout(PATIENCE, async {
            while self.answered.load(Relaxed) < begun + SOME {
                sleep(LOOK).await;
            }
        });
        some.await.expect("requests are answered");
    }

    fn assert_nothing_lost(&self) {
        let failures = self.failures.lock();
        assert!(failures.is_empty(), "{} were lost: {:?}", failures.len(), failures.first());
    }
}

fn settings() -> BTreeMap<String, String> {
    BTreeMap::from([("VITRINA_SHUTDOWN__WAIT".to_owned(), SERVES_ON.to_owned())])
}

fn ops(stack: &TestStack, component: Component) -> String {
    stack.service_environment(component)["VITRINA_OPS__BIND"].clone()
}

/// Restarts it in order, and waits until it is ready again.
async fn restart(stack: &TestStack, component: Component, endpoints: &Endpoints, told: &Told) {
    endpoints.settle(0).await;
    told.some().await;
    let before = stack.process(component).unwrap();
    stack.stop(component).await;
    assert!(!before.is_alive());
    let log = std::fs::read_to_string(stack.layout().log(component)).unwrap();
    assert!(log.contains("\"message\":\"shut down\""), "{component} did not end in order");
    endpoints.settle(1).await;
    told.some().await;
    stack.start(component).await.unwrap();
    endpoints.settle(0).await;
    told.some().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarting_the_readers_one_after_the_other_loses_no_read() {
    let stack = stack_with(50, settings()).await;
    let addresses = stack.addresses();
    let mut random = SmallRng::seed_from_u64(1);
    let catalog = Arc::new(Catalog::load(&addresses.primary.admin, &mut random).await.unwrap());
    let readers = [Component::QueryOne, Component::QueryTwo];
    let operations = readers.map(|reader| ops(&stack, reader));
    let endpoints = Arc::new(Endpoints::watch(addresses.query.into_iter().zip(operations)));
    let (told, client) = (Arc::<Told>::default(), client(PATIENCE).unwrap());
    let mut reading = JoinSet::new();
    for number in 0..READERS {
        let (catalog, endpoints) = (Arc::clone(&catalog), Arc::clone(&endpoints));
        let (told, client) = (Arc::clone(&told), client.clone());
        reading.spawn(async move {
            for product in catalog.products().iter().cycle().skip(number) {
                let url = format!("{}/v1/products/{product}", endpoints.pick().await);
                told.note(get(&client, &url).await);
            }
        });
    }
    for reader in readers {
        restart(&stack, reader, &endpoints, &told).await;
    }
    reading.shutdown().await;
    told.assert_nothing_lost();
}

async fn get(client: &Client, url: &str) -> Result<StatusCode, reqwest::Error> {
    let answer = client.get(url).send().await?;
    let status = answer.status();
    answer.bytes().await?;
    Ok(status)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarting_an_admin_service_loses_no_edit_and_stops_no_change() {
    let stack = stack_with(50, settings()).await;
    let addresses = stack.addresses();
    let mut random = SmallRng::seed_from_u64(1);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await.unwrap();
    let (_second, second, second_ops) = second_admin(&stack);
    let endpoints = Arc::new(Endpoints::watch([
        (addresses.admin.clone(), ops(&stack, Component::Admin)),
        (second, second_ops),
    ]));
    let told = Arc::<Told>::default();
    let token = std::fs::read_to_string(&addresses.editor_token).unwrap();
    let last = Arc::<Mutex<BTreeMap<Uuid, String>>>::default();
    let mut editing = JoinSet::new();
    for product in &catalog.products()[..EDITORS] {
        let editor = Editor {
            client: client(PATIENCE).unwrap(),
            token: token.trim().to_owned(),
            product: *product,
        };
        let (endpoints, told, last) =
            (Arc::clone(&endpoints), Arc::clone(&told), Arc::clone(&last));
        editing.spawn(async move {
            loop {
                let mark = format!("edit {}", Uuid::now_v7());
                let outcome = editor.edit(endpoints.pick().await, &mark).await;
                if outcome.as_ref().is_ok_and(StatusCode::is_success) {
                    last.lock().insert(editor.product, mark);
                }
                told.note(outcome);
            }
        });
    }
    restart(&stack, Component::Admin, &endpoints, &told).await;
    // One that was under way when its editor went away may still be acknowledged to nobody.
    editing.shutdown().await;
    told.assert_nothing_lost();
    let last = last.lock().clone();
    assert_eq!(last.len(), EDITORS);
    for (product, mark) in last {
        for address in &addresses.query {
            assert_shows(address, product, &mark).await;
        }
    }
}

struct Editor {
    client: Client,
    token: String,
    product: Uuid,
}

impl Editor {
    async fn edit(&self, address: &str, mark: &str) -> Result<StatusCode, reqwest::Error> {
        let url = format!("{address}/v1/products/{}", self.product);
        let current = self.client.get(&url).bearer_auth(&self.token).send().await?;
        let etag = current.headers()[header::ETAG].clone();
        current.bytes().await?;
        let patch = self
            .client
            .patch(&url)
            .bearer_auth(&self.token)
            .header(header::IF_MATCH, etag)
            .header(header::CONTENT_TYPE, "application/merge-patch+json")
            .body(json!({ "brand": mark }).to_string());
        Ok(patch.send().await?.status())
    }
}

/// The same service once more, on ports of its own.
fn second_admin(stack: &TestStack) -> (Child, String, String) {
    let ports = devstack::Ports::free().unwrap();
    let [http, ops] = [ports.admin, ports.admin_ops].map(|port| format!("127.0.0.1:{port}"));
    let built = std::env::current_exe().unwrap();
    let program = built.ancestors().nth(2).unwrap().join("catalog-admin");
    let child = Command::new(program)
        .envs(stack.service_environment(Component::Admin))
        .env("VITRINA_HTTP__BIND", &http)
        .env("VITRINA_OPS__BIND", &ops)
        .current_dir(stack.layout().directory())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    (child, format!("http://{http}"), ops)
}

/// An edit after the last acknowledged one may show instead, when its editor went away before its
/// acknowledgement came; marks are in the order of time.
async fn assert_shows(address: &str, product: Uuid, mark: &str) {
    let (client, url) = (client(PATIENCE).unwrap(), format!("{address}/v1/products/{product}"));
    let shown = timeout(PATIENCE, async {
        loop {
            let answer: Value = client.get(&url).send().await.unwrap().json().await.unwrap();
            if answer["brand"].as_str().is_some_and(|brand| brand >= mark) {
                return;
            }
            sleep(LOOK).await;
        }
    });
    shown.await.unwrap_or_else(|_| panic!("{address} never showed {mark}"));
}
