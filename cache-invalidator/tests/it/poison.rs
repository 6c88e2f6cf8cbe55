//! What cannot be read or applied is parked with its reason and does not stop the others.

use std::time::Duration;

use catalog_core::contract::change::{PARKED_TOPIC, header};
use devstack::TestStack;
use rdkafka::{
    ClientConfig, Message as _,
    consumer::{Consumer as _, StreamConsumer},
    message::Headers as _,
};
use redis::AsyncCommands as _;
use tokio::time::timeout;

use crate::support::{Here, change, product};

struct Parked {
    key: String,
    payload: String,
    reason: String,
}

async fn parked(here: &Here) -> Parked {
    let consumer: StreamConsumer = ClientConfig::new()
        .set("bootstrap.servers", &here.isolated.kafka_brokers)
        .set("group.id", format!("{}-parked", here.isolated.group))
        .set("auto.offset.reset", "earliest")
        .create()
        .unwrap();
    consumer.subscribe(&[&here.topic(PARKED_TOPIC)]).unwrap();
    let message =
        timeout(Duration::from_secs(30), consumer.recv()).await.expect("a parked record").unwrap();
    let text = |bytes: Option<&[u8]>| String::from_utf8(bytes.unwrap().to_vec()).unwrap();
    let headers = message.headers().unwrap();
    let reason = headers.iter().find(|each| each.key == header::PARKED_REASON).unwrap();
    Parked {
        key: text(message.key()),
        payload: text(message.payload()),
        reason: text(reason.value),
    }
}

#[tokio::test]
async fn an_unreadable_record_is_parked_and_the_next_has_its_effect() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let entity = product();
    let member = here.start().await;
    here.send(&entity.to_string(), b"{\"epoch\":").await;
    here.publish(&change(entity, 5, 2)).await;
    here.raised(&change(entity, 5, 2)).await;
    let parked = parked(&here).await;
    assert_eq!((parked.key, parked.payload.as_str()), (entity.to_string(), "{\"epoch\":"));
    assert!(parked.reason.starts_with("not a change record: EOF"), "{}", parked.reason);
    member.end().await;
}

#[tokio::test]
async fn a_change_that_redis_refuses_for_good_is_parked() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let (refused, witness) = (product(), product());
    let () = here.redis.clone().hset(here.keys(refused).floor, "a", "b").await.unwrap();
    let member = here.start().await;
    here.publish(&change(refused, 5, 2)).await;
    here.publish(&change(witness, 5, 2)).await;
    here.raised(&change(witness, 5, 2)).await;
    let parked = parked(&here).await;
    assert_eq!(parked.key, refused.to_string());
    assert!(parked.reason.contains("WRONGTYPE"), "{}", parked.reason);
    member.end().await;
}

/// As large as a broker takes a record unless it is told otherwise: with a reason it is too large.
const LARGEST: usize = 1_048_588 - 100;

#[tokio::test]
async fn of_a_record_that_is_too_large_with_its_reason_the_beginning_is_parked() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let entity = product();
    let member = here.start().await;
    here.send(&"k".repeat(LARGEST), b"{").await;
    here.publish(&change(entity, 5, 2)).await;
    here.raised(&change(entity, 5, 2)).await;
    let parked = parked(&here).await;
    assert!(LARGEST > parked.key.len() && parked.key.starts_with("kkk"), "{}", parked.key.len());
    assert_eq!(parked.payload, "{");
    member.end().await;
}
