//! What errors mean, as the client library really makes them: from a server that refuses every
//! session with a given SQLSTATE, from one that never answers, and from none.

use std::net::SocketAddr;
use std::time::Duration;

use deadpool_postgres::PoolError;
use service_kit::postgres::{
    InUse, is_canceled, is_serialization_failure, is_unavailable, is_unique_violation, pool,
    pool_is_unavailable, violated_constraint,
};
use service_kit::settings::{PoolSettings, PostgresSettings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_postgres::Error;

use crate::support::within;

async fn connect(address: SocketAddr, connect_timeout: Duration) -> PoolError {
    let settings = PostgresSettings {
        url: format!("postgresql://u@{address}/d").into(),
        pool: PoolSettings { connect_timeout, ..PoolSettings::default() },
    };
    let pool = pool(&settings, "test").expect("a good address");
    within(pool.get()).await.expect_err("nobody serves there")
}

/// The error of a session that is refused with this state.
async fn refused(state: &str) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let fields = format!("SERROR\0VERROR\0C{state}\0Mno\0nthing_slug_key\0\0");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        let length = stream.read_u32().await.expect("a startup message");
        let mut startup = vec![0; length as usize - 4];
        stream.read_exact(&mut startup).await.expect("the rest of it");
        let length = u32::try_from(fields.len() + 4).expect("short");
        stream.write_u8(b'E').await.expect("sent");
        stream.write_u32(length).await.expect("sent");
        stream.write_all(fields.as_bytes()).await.expect("sent");
    });
    match connect(address, Duration::from_secs(5)).await {
        PoolError::Backend(error) => error,
        other => panic!("not the server's: {other}"),
    }
}

#[tokio::test]
async fn a_server_that_cannot_serve_is_unavailable() {
    for state in ["57P01", "57P02", "57P03", "53300", "08006", "25006"] {
        assert!(is_unavailable(&refused(state).await), "{state}");
    }
    for state in ["23505", "42P01", "57014", "40001", "28P01"] {
        assert!(!is_unavailable(&refused(state).await), "{state}");
    }
}

#[tokio::test]
async fn a_refused_row_names_its_constraint() {
    let error = refused("23505").await;
    assert!(is_unique_violation(&error, "thing_slug_key"));
    assert!(!is_unique_violation(&error, "thing_pkey"));
    assert_eq!(violated_constraint(&error), Some("thing_slug_key"));
    assert!(!is_unique_violation(&refused("23503").await, "thing_slug_key"));
}

#[tokio::test]
async fn a_lost_transaction_and_a_cancelled_statement_are_told_apart() {
    for state in ["40001", "40P01"] {
        assert!(is_serialization_failure(&refused(state).await), "{state}");
    }
    let canceled = refused("57014").await;
    assert!(is_canceled(&canceled) && !is_serialization_failure(&canceled));
    assert!(!is_canceled(&refused("57P01").await));
}

#[tokio::test]
async fn no_server_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let error = connect(address, Duration::from_secs(5)).await;
    assert!(matches!(error, PoolError::Backend(_)), "{error}");
    assert!(pool_is_unavailable(&error));
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let error = connect(address, Duration::from_millis(50)).await;
    assert!(matches!(error, PoolError::Timeout(_)), "{error}");
    assert!(pool_is_unavailable(&error));
}

/// Takes every session, and never answers what is asked in it.
async fn mute_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        let mut sessions = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            // Authenticated, and ready for a query.
            stream.write_all(b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I").await.expect("sent");
            sessions.push(stream);
        }
    });
    address
}

#[tokio::test]
async fn a_connection_whose_work_was_given_up_leaves_its_pool() {
    let settings = PostgresSettings {
        url: format!("postgresql://u@{}/d", mute_server().await).into(),
        pool: PoolSettings { size: 1, ..PoolSettings::default() },
    };
    let pool = pool(&settings, "test").expect("a good address");
    let open = || pool.status().size;

    InUse::new(within(pool.get()).await.expect("a session")).finish();
    assert_eq!(open(), 1, "finished work gives it back");

    let work = async {
        let client = InUse::new(pool.get().await.expect("a session"));
        client.simple_query("SELECT 1").await.map(|_| client.finish())
    };
    let given_up = tokio::time::timeout(Duration::from_millis(50), work).await;
    assert!(given_up.is_err(), "nobody answers");
    assert_eq!(open(), 0, "the server is still busy with it");
}
