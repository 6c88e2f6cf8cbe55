//! What cannot be read or applied is parked with its reason and does not stop the others.

use std::time::Duration;

use catalog_core::contract::change::{PARKED_TOPIC, header};
use devstack::TestStack;
use rdkafka::{
    ClientConfig, Message as _,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    consumer::{Consumer as _, StreamConsumer},
    error::{KafkaError, RDKafkaErrorCode},
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
        .set("topic.metadata.refresh.interval.ms", "500")
        .create()
        .unwrap();
    consumer.subscribe(&[&here.topic(PARKED_TOPIC)]).unwrap();
    let parked = async {
        // The topic is made by the first record that is parked.
        let unknown = KafkaError::MessageConsumption(RDKafkaErrorCode::UnknownTopicOrPartition);
        loop {
            match consumer.recv().await {
                Err(error) if error == unknown => {}
                received => break received.unwrap(),
            }
        }
    };
    let message = timeout(Duration::from_secs(30), parked).await.expect("a parked record");
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
    // Before there is anything else, so that its batch has no change.
    let parked = parked(&here).await;
    here.publish(&change(entity, 5, 2)).await;
    here.raised(&change(entity, 5, 2)).await;
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

#[tokio::test]
async fn of_a_record_that_is_too_large_for_its_topic_the_beginning_is_parked() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let topic = here.topic(PARKED_TOPIC);
    let small =
        NewTopic::new(&topic, 1, TopicReplication::Fixed(1)).set("max.message.bytes", "20000");
    let admin: AdminClient<DefaultClientContext> = ClientConfig::new()
        .set("bootstrap.servers", &here.isolated.kafka_brokers)
        .create()
        .unwrap();
    for made in admin.create_topics([&small], &AdminOptions::new()).await.unwrap() {
        made.unwrap();
    }
    let entity = product();
    let member = here.start().await;
    here.send(&"k".repeat(50_000), b"{").await;
    // Before there is anything else, so that its batch has no change.
    let parked = parked(&here).await;
    here.publish(&change(entity, 5, 2)).await;
    here.raised(&change(entity, 5, 2)).await;
    assert_eq!((parked.key, parked.payload.as_str()), ("k".repeat(1_000), "{"));
    member.end().await;
}
