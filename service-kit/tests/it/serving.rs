use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, Version};
use axum::routing::get;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use service_kit::health::Readiness;
use service_kit::http::Server;
use service_kit::settings::HttpSettings;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tower::service_fn;

use crate::support::within;

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";

struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<io::Result<()>>,
}

fn settings() -> HttpSettings {
    HttpSettings { bind: SocketAddr::from(([127, 0, 0, 1], 0)), ..HttpSettings::default() }
}

async fn start(settings: &HttpSettings, router: Router) -> Running {
    let server = Server::bind(settings).await.expect("a free port");
    let (address, stop) = (server.address(), CancellationToken::new());
    let serving = tokio::spawn(server.serve(router, stop.clone()));
    Running { address, stop, serving }
}

async fn connect(address: SocketAddr) -> TcpStream {
    within(TcpStream::connect(address)).await.expect("connected")
}

/// All that the server still sends until it closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is a close too.
    let _ = within(stream.read_to_end(&mut bytes)).await;
    String::from_utf8(bytes).expect("text")
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

/// A handler that says when it has begun, and answers when it is told to.
fn held() -> (Router, Arc<Notify>, Arc<Notify>) {
    let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, held) = (Arc::clone(&begun), Arc::clone(&release));
    let handler = move || async move {
        inside.notify_one();
        held.notified().await;
        "done"
    };
    (Router::new().route("/", get(handler)), begun, release)
}

#[tokio::test]
async fn port_0_is_told_as_it_really_is_and_served() {
    let running = start(&settings(), hello()).await;
    assert_ne!(running.address.port(), 0);
    let answer =
        within(reqwest::get(format!("http://{}/", running.address))).await.expect("an answer");
    assert_eq!(answer.text().await.expect("text"), "hello");
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let running = start(&settings(), hello()).await;
    let taken = HttpSettings { bind: running.address, ..settings() };
    let error = Server::bind(&taken).await.expect_err("taken").to_string();
    assert!(error.starts_with(&format!("cannot bind {}", running.address)), "{error}");
}

#[tokio::test]
async fn http2_is_served_on_the_same_port() {
    let running = start(&settings(), hello()).await;
    let io = TokioIo::new(connect(running.address).await);
    let (mut client, connection) =
        within(hyper::client::conn::http2::handshake(TokioExecutor::new(), io))
            .await
            .expect("HTTP/2");
    tokio::spawn(connection);
    let request = Request::get("http://x/").body(Body::empty()).expect("a request");
    let answer = within(client.send_request(request)).await.expect("an answer");
    assert_eq!((answer.status(), answer.version()), (StatusCode::OK, Version::HTTP_2));
}

#[tokio::test]
async fn a_small_service_may_stand_before_the_router() {
    let server = Server::bind(&settings()).await.expect("a free port");
    let address = server.address();
    let first = service_fn(|request: Request<Incoming>| async move {
        Ok::<_, Infallible>(Response::new(format!("first of {}", request.uri())))
    });
    tokio::spawn(server.serve(first, CancellationToken::new()));
    let answer = within(reqwest::get(format!("http://{address}/hot"))).await.expect("an answer");
    assert_eq!(answer.text().await.expect("text"), "first of /hot");
}

#[tokio::test]
async fn draining_finishes_the_request_in_flight_and_takes_no_new_one() {
    let (router, begun, release) = held();
    let running = start(&settings(), router).await;
    let (mut busy, mut idle) = (connect(running.address).await, connect(running.address).await);
    busy.write_all(GET).await.expect("sent");
    within(begun.notified()).await;

    running.stop.cancel();
    assert_eq!(rest(&mut idle).await, "", "an idle connection is closed");
    within(async {
        while TcpStream::connect(running.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(!running.serving.is_finished());

    release.notify_one();
    let answer = rest(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
    within(running.serving).await.expect("no panic").expect("served");
}

/// A server whose process has said that it is not ready, and serves on.
async fn start_leaving() -> Running {
    let readiness = Readiness::new();
    let server = Server::bind(&settings()).await.expect("a free port");
    let (address, stop) = (server.address(), CancellationToken::new());
    let server = server.leaving_with(readiness.clone());
    let serving = tokio::spawn(server.serve(hello(), stop.clone()));
    readiness.stop();
    Running { address, stop, serving }
}

#[tokio::test]
async fn a_process_that_goes_answers_and_has_http1_callers_go_elsewhere() {
    let running = start_leaving().await;
    let mut caller = connect(running.address).await;
    caller.write_all(GET).await.expect("sent");
    // It is the server that closes.
    let answer = rest(&mut caller).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    let mut next = connect(running.address).await;
    next.write_all(GET).await.expect("sent");
    assert!(rest(&mut next).await.starts_with("HTTP/1.1 200"), "it still serves");
}

#[tokio::test]
async fn a_process_that_goes_answers_and_has_http2_callers_go_elsewhere() {
    let running = start_leaving().await;
    let io = TokioIo::new(connect(running.address).await);
    let (mut client, connection) =
        within(hyper::client::conn::http2::handshake(TokioExecutor::new(), io))
            .await
            .expect("HTTP/2");
    let connection = tokio::spawn(connection);
    let request = Request::get("http://x/").body(Body::empty()).expect("a request");
    let answer = within(client.send_request(request)).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    // Read to its end, after which nothing is under way.
    drop(answer);
    within(connection).await.expect("no panic").expect("the server said goodbye");
}

#[tokio::test]
async fn draining_ends_at_its_deadline() {
    let (router, begun, _never) = held();
    let settings = HttpSettings { drain_timeout: Duration::from_millis(50), ..settings() };
    let running = start(&settings, router).await;
    let mut busy = connect(running.address).await;
    busy.write_all(GET).await.expect("sent");
    within(begun.notified()).await;
    running.stop.cancel();
    within(running.serving).await.expect("no panic").expect("served");
    assert_eq!(rest(&mut busy).await, "");
}

#[tokio::test]
async fn whoever_does_not_send_a_whole_head_in_time_is_cut() {
    let settings = HttpSettings { header_read_timeout: Duration::from_millis(100), ..settings() };
    let running = start(&settings, hello()).await;
    for begin in [&b""[..], b"GET / HTTP/1.1\r\nhost:", b"PRI * HTTP/2.0\r\n"] {
        let mut stream = connect(running.address).await;
        stream.write_all(begin).await.expect("sent");
        assert!(!rest(&mut stream).await.contains("200"), "{begin:?}");
    }
}

#[tokio::test]
async fn a_slow_answer_is_not_taken_for_a_slow_head() {
    let settings = HttpSettings { header_read_timeout: Duration::from_millis(50), ..settings() };
    let (router, begun, release) = held();
    let running = start(&settings, router).await;
    let mut slow = connect(running.address).await;
    slow.write_all(GET).await.expect("sent");
    within(begun.notified()).await;
    let mut silent = connect(running.address).await;
    assert_eq!(rest(&mut silent).await, "", "so the time has passed");
    release.notify_one();
    assert!(rest(&mut slow).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn an_idle_http2_connection_is_closed_though_it_answers_pings() {
    let settings = HttpSettings { header_read_timeout: Duration::from_millis(100), ..settings() };
    let running = start(&settings, hello()).await;
    let io = TokioIo::new(connect(running.address).await);
    let (mut client, connection) =
        within(hyper::client::conn::http2::handshake(TokioExecutor::new(), io))
            .await
            .expect("HTTP/2");
    let connection = tokio::spawn(connection);
    let request = Request::get("http://x/").body(Body::empty()).expect("a request");
    within(client.send_request(request)).await.expect("an answer");
    let _ = within(connection).await.expect("no panic");
    assert!(client.is_closed());
}

#[tokio::test]
async fn whoever_does_not_take_the_answer_is_cut() {
    let settings = HttpSettings {
        header_read_timeout: Duration::from_millis(100),
        max_connections: 1,
        ..settings()
    };
    // More than the buffers between the two can hold.
    let answer = || async { vec![0_u8; 64 * 1024 * 1024] };
    let router = Router::new().route("/", get(answer)).route("/small", get(|| async { "hello" }));
    let running = start(&settings, router).await;
    let mut slow = connect(running.address).await;
    slow.write_all(GET).await.expect("sent");
    let next = reqwest::get(format!("http://{}/small", running.address));
    let answer = within(next).await.expect("an answer, once the place is free");
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let settings = HttpSettings { max_header_bytes: 8192, ..settings() };
    let running = start(&settings, hello()).await;
    let mut stream = connect(running.address).await;
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\nlong: {}", "x".repeat(10_000));
    stream.write_all(head.as_bytes()).await.expect("sent");
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_their_turn() {
    let settings = HttpSettings { max_connections: 1, ..settings() };
    let served = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&served);
    let handler = move || async move { count.fetch_add(1, Ordering::SeqCst).to_string() };
    let running = start(&settings, Router::new().route("/", get(handler))).await;
    let (mut first, mut second) = (connect(running.address).await, connect(running.address).await);
    second.write_all(GET).await.expect("sent");
    let mut answer = [0; 512];
    for turn in 1..=20 {
        first.write_all(GET).await.expect("sent");
        assert_ne!(within(first.read(&mut answer)).await.expect("an answer"), 0);
        assert_eq!(served.load(Ordering::SeqCst), turn, "the second has not had its turn");
    }
    drop(first);
    within(second.read_exact(&mut answer[..12])).await.expect("an answer");
    assert_eq!(&answer[..12], b"HTTP/1.1 200");
}
