//! `catalog-admin migrate`, as a release runs it.

use std::{process::Stdio, time::Duration};

use devstack::{Component, Isolated, TestStack};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
    time::timeout,
};

fn migrate(here: &Isolated) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_catalog-admin"));
    command
        .arg("migrate")
        .env("VITRINA_PRIMARY__URL", &here.primary.admin)
        .env("VITRINA_KAFKA__BROKERS", &here.kafka_brokers)
        .env("VITRINA_AUTH__JWKS", &here.jwks)
        .env("VITRINA_SESSION__KEY", &here.session_key)
        .kill_on_drop(true);
    command
}

#[tokio::test]
async fn a_database_that_does_not_answer_yet_is_waited_for_where_that_was_asked_for() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    stack.kill(Component::Primary).await;

    let output = migrate(&here).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("cannot be reached"), "{said}");

    let mut waiting = migrate(&here).args(["--wait", "1m"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(waiting.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap()
        && !line.contains("tried again")
    {}
    stack.start(Component::Primary).await.unwrap();
    let ended = timeout(Duration::from_mins(1), waiting.wait()).await.unwrap().unwrap();
    assert!(ended.success(), "{ended}");
}
