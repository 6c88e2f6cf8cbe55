//! Polls go on whatever they bring, and the first fill neither fails nor holds them up without need.

use std::time::{Duration, Instant};

use reqwest::{StatusCode, Url};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
    time::sleep,
};
use uuid::Uuid;

use crate::support::{Editor, Here, Service, Table, eventually};

const MANY: u64 = 150_000;
/// A fill of so many takes some seconds at a megabyte a second.
const SOME: u64 = 40_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_change_too_large_for_the_usual_patience_is_taken_in_after_all() {
    let here = Here::with(&[("FRESHNESS__BOUND", "400ms")]).await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    here.editor
        .run(&format!(
            "INSERT INTO version (kind, id, version)
             SELECT 'product', gen_random_uuid(), 1 FROM generate_series(1, {MANY})"
        ))
        .await;
    eventually("all rows are known", async || {
        (here.service.counted("vitrina_recent_entries", &[]).await > MANY).then_some(())
    })
    .await;
    eventually("answers are proven again", async || {
        (!here.get(&path).await.is_stale()).then_some(())
    })
    .await;

    // The fill has its own limit, however short that of loads is.
    let replica = Editor::connect(&here.stores.replica.superuser).await;
    eventually("the replica has them", async || {
        let counted = replica.query_one("SELECT count(*) FROM version", &[]).await.unwrap();
        (counted.get::<_, i64>(0) > i64::try_from(MANY).unwrap()).then_some(())
    })
    .await;
    let other_pod =
        Service::start(&here.stores, &[("REPLICA__POOL__STATEMENT_TIMEOUT", "20ms")]).await;
    other_pod.ready().await;
    eventually("it has them from the replica", async || {
        (other_pod.counted("vitrina_recent_entries", &[]).await > MANY).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_says_nothing_does_not_hold_up_the_first_poll() {
    let here = Here::new().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://nobody@{}/vitrina", silent.local_addr().unwrap());
    let settings = [("REPLICA__URLS", url.as_str()), ("FRESHNESS__READY_WITHOUT", "1m")];
    let started = Instant::now();
    let pod = Service::start(&here.stores, &settings).await;
    pod.ready().await;
    assert!(started.elapsed() < Duration::from_secs(6), "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fill_that_takes_long_comes_in_beside_the_polls() {
    let here = Here::new().await;
    here.editor
        .run(&format!(
            "INSERT INTO version (kind, id, version)
             SELECT 'product', gen_random_uuid(), 1 FROM generate_series(1, {SOME})"
        ))
        .await;
    let replica = Editor::connect(&here.stores.replica.superuser).await;
    eventually("the replica has them", async || {
        let counted = replica.query_one("SELECT count(*) FROM version", &[]).await.unwrap();
        (counted.get::<_, i64>(0) > i64::try_from(SOME).unwrap()).then_some(())
    })
    .await;
    let slow = slowed(&here.stores.replica.query).await;
    let settings = [("REPLICA__URLS", slow.as_str()), ("FRESHNESS__READY_WITHOUT", "1m")];
    let pod = Service::start(&here.stores, &settings).await;
    let path = format!("/v1/products/{}", Uuid::now_v7());
    eventually("it answers and can prove it", async || {
        let answer = pod.get(&path).await;
        (answer.status == StatusCode::NOT_FOUND && !answer.is_stale()).then_some(())
    })
    .await;
    assert!(pod.counted("vitrina_recent_entries", &[]).await < SOME, "before the fill has ended");
    eventually("it has the fill", async || {
        (pod.counted("vitrina_recent_entries", &[]).await > SOME).then_some(())
    })
    .await;
    assert!(!pod.get(&path).await.is_stale());
}

/// The address of a server that hands on what this one says, but no more than a megabyte a second.
async fn slowed(url: &str) -> String {
    let mut url = Url::parse(url).unwrap();
    let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = TcpStream::connect(&server).await.unwrap();
            tokio::spawn(async move {
                let ((mut said, mut asks), (mut asked, mut says)) =
                    (server.split(), client.split());
                let slowly = async {
                    let mut bytes = vec![0; 16 * 1024];
                    while let Ok(count @ 1..) = said.read(&mut bytes).await {
                        says.write_all(&bytes[..count]).await?;
                        sleep(Duration::from_micros(u64::try_from(count).unwrap())).await;
                    }
                    Ok(())
                };
                tokio::try_join!(slowly, copy(&mut asked, &mut asks)).map(drop)
            });
        }
    });
    url.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_that_is_given_up_ends_at_the_server() {
    let here = Here::with(&[("FRESHNESS__BOUND", "400ms")]).await;
    let failed = ["outcome=\"failed\""];
    let before = here.service.counted("vitrina_polls_total", &failed).await;
    let lock = Table::lock(&here, "version").await;
    eventually("many polls have been given up", async || {
        let counted = here.service.counted("vitrina_polls_total", &failed).await;
        (counted >= before + 6).then_some(())
    })
    .await;
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                   AND wait_event_type = 'Lock' AND query LIKE '%incarnation%'";
    let waiting: i64 = here.editor.client.query_one(waiting, &[]).await.unwrap().get(0);
    assert!(waiting <= 2, "{waiting} wait at once");
    lock.release().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_of_a_kind_of_a_later_release_stop_no_poll_and_no_fill() {
    let here = Here::new().await;
    let id = here.editor.product("wool-sock").await;
    let path = format!("/v1/products/{id}");
    here.seen(&path).await;
    here.editor.run("ALTER TYPE version_kind ADD VALUE 'bundle'").await;
    here.editor
        .run("INSERT INTO version (kind, id, version) VALUES ('bundle', gen_random_uuid(), 1)")
        .await;
    let skipped = "vitrina_unknown_version_rows_total";
    eventually("it is skipped", async || {
        (here.service.counted(skipped, &[]).await > 0).then_some(())
    })
    .await;
    let version = here.editor.rename(id, "Edited").await;
    eventually("the edit shows", async || {
        let answer = here.get(&path).await;
        (!answer.is_stale() && answer.version() >= version).then_some(())
    })
    .await;

    let other_pod = Service::start(&here.stores, &[("FRESHNESS__READY_WITHOUT", "1m")]).await;
    other_pod.ready().await;
    assert_eq!(other_pod.get(&path).await.version(), version);
}
