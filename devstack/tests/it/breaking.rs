//! Stores that are killed, stopped, paused, and come back.

use std::time::Duration;

use devstack::{Component, Health, TestStack};

use crate::support::{connect, eventually};

#[tokio::test]
async fn every_store_comes_back_after_a_kill_with_what_it_had_acknowledged() {
    let stack = TestStack::own().await.expect("a stack of its own");
    let here = stack.isolated().await.expect("a database");
    write(&here.primary.admin, "before").await;
    for store in Component::STORES {
        let before = stack.process(store).expect("it was started");
        stack.kill(store).await;
        assert!(!before.is_alive());
        assert_eq!(stack.health(store).await, Health::Down, "{store}");
        stack.start(store).await.expect("it starts again");
        assert_eq!(stack.health(store).await, Health::Ready, "{store}");
        assert_ne!(stack.process(store), Some(before), "{store}");
    }
    assert_reaches_replica(&here.replica.query, "before").await;
    write(&here.primary.admin, "after").await;
    assert_reaches_replica(&here.replica.query, "after").await;
    here.create_topic("after", 1).await.expect("Kafka works");
}

#[tokio::test]
async fn a_paused_store_answers_nothing_until_it_goes_on() {
    let stack = TestStack::own().await.expect("a stack of its own");
    let here = stack.isolated().await.expect("a database");
    let client = connect(&here.primary.query).await;
    stack.pause(Component::Primary).await;
    assert_eq!(stack.health(Component::Primary).await, Health::Paused);
    let answer =
        tokio::time::timeout(Duration::from_millis(200), client.query_one("SELECT 1", &[]));
    assert!(answer.await.is_err(), "a stopped server answered");
    stack.resume(Component::Primary);
    client.query_one("SELECT 1", &[]).await.expect("the same connection goes on");
}

#[tokio::test]
async fn stores_that_are_stopped_in_order_start_again() {
    let stack = TestStack::own().await.expect("a stack of its own");
    for store in [Component::Replica, Component::Primary, Component::Kafka] {
        stack.stop(store).await;
        assert_eq!(stack.health(store).await, Health::Down, "{store}");
    }
    for store in Component::STORES {
        stack.start(store).await.expect("it starts again");
    }
}

async fn write(url: &str, code: &str) {
    connect(url)
        .await
        .execute("INSERT INTO channel (code, is_default) VALUES ($1, false)", &[&code])
        .await
        .expect("a row is written");
}

async fn assert_reaches_replica(url: &str, code: &str) {
    let client = connect(url).await;
    eventually("the row is on the replica", async || {
        let sql = "SELECT FROM channel WHERE code = $1";
        client.query_opt(sql, &[&code]).await.is_ok_and(|row| row.is_some())
    })
    .await;
}
