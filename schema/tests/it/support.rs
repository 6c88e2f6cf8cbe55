//! A database for each test, a small catalog in it, and what the tests ask of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use catalog_core::key::{EntityKey, Kind, SlugScope};
use devstack::{Isolated, TestStack};
use tokio_postgres::{Client, NoTls, error::SqlState};
use uuid::Uuid;

/// The fixture's ids: the last byte says what it is.
pub(crate) const SOCK: Uuid = Uuid::from_u128(0xa1);
pub(crate) const HAT: Uuid = Uuid::from_u128(0xa2);
pub(crate) const SOCK_L: Uuid = Uuid::from_u128(0xb1);
pub(crate) const CLOTHES: Uuid = Uuid::from_u128(0xc1);
pub(crate) const SOCKS: Uuid = Uuid::from_u128(0xc2);

const DEADLINE: Duration = Duration::from_secs(20);

/// A migrated database without products.
pub(crate) async fn empty() -> Isolated {
    let stack = TestStack::shared().expect("the stack that `make test` starts");
    stack.isolated().await.expect("a database of one's own")
}

/// A database with the fixture, and a session of the role that owns it.
pub(crate) async fn catalog() -> (Isolated, Client) {
    let database = empty().await;
    let client = connect(&database.primary.admin).await;
    client.batch_execute(include_str!("fixture.sql")).await.expect("the fixture");
    (database, client)
}

pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

pub(crate) async fn run(client: &Client, sql: &str) {
    if let Err(error) = client.batch_execute(sql).await {
        panic!("{sql}: {error:?}");
    }
}

/// The first column of the first row.
pub(crate) async fn one<T>(client: &Client, sql: &str) -> T
where
    T: for<'a> tokio_postgres::types::FromSql<'a>,
{
    match client.query_one(sql, &[]).await {
        Ok(row) => row.get(0),
        Err(error) => panic!("{sql}: {error:?}"),
    }
}

/// Runs what must fail; gives the SQLSTATE and the message.
pub(crate) async fn refused(client: &Client, sql: &str) -> (SqlState, String) {
    let Err(error) = client.batch_execute(sql).await else {
        panic!("{sql} was not refused");
    };
    let error = error.as_db_error().expect("the server's own refusal");
    (error.code().clone(), error.message().to_owned())
}

/// All versions.
pub(crate) async fn versions(client: &Client) -> BTreeMap<EntityKey, i64> {
    let rows = client.query("SELECT kind::text, id, version FROM version", &[]).await;
    let key = |kind: &str, id| EntityKey { kind: kind.parse::<Kind>().expect("a kind"), id };
    rows.expect("the versions")
        .iter()
        .map(|row| (key(row.get(0), row.get(1)), row.get(2)))
        .collect()
}

pub(crate) async fn version_of(client: &Client, key: EntityKey) -> i64 {
    versions(client).await.get(&key).copied().unwrap_or(0)
}

pub(crate) async fn is_gone(client: &Client, key: EntityKey) -> bool {
    let sql = "SELECT deleted FROM version WHERE kind::text = $1 AND id = $2";
    let row = client.query_one(sql, &[&key.kind.as_str(), &key.id]).await;
    row.expect("a version row").get(0)
}

/// Runs `sql` in one transaction and gives what it raised, each by exactly one.
pub(crate) async fn raised_by(client: &Client, sql: &str) -> BTreeSet<EntityKey> {
    let before = versions(client).await;
    run(client, sql).await;
    let after = versions(client).await;
    let rise = |key: &EntityKey| after[key] - before.get(key).copied().unwrap_or(0);
    after
        .keys()
        .filter(|key| rise(key) != 0)
        .inspect(|key| assert_eq!(rise(key), 1, "{key} after {sql}"))
        .copied()
        .collect()
}

pub(crate) fn slug(slug: &str) -> EntityKey {
    EntityKey::slug(SlugScope::Product, slug)
}

pub(crate) fn category_slug(slug: &str) -> EntityKey {
    EntityKey::slug(SlugScope::Category, slug)
}

/// The process that serves a session, for [`until_blocked`].
pub(crate) async fn pid(client: &Client) -> i32 {
    one(client, "SELECT pg_backend_pid()").await
}

/// Waits until the session of that process waits for another's lock.
pub(crate) async fn until_blocked(observer: &Client, pid: i32) {
    let deadline = Instant::now() + DEADLINE;
    let sql = format!("SELECT cardinality(pg_blocking_pids({pid})) > 0");
    while !one::<bool>(observer, &sql).await {
        assert!(Instant::now() < deadline, "process {pid} never waited for a lock");
        tokio::task::yield_now().await;
    }
}
