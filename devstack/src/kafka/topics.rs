//! Making topics.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::RDKafkaErrorCode;

use crate::{Error, Result};

const LIMIT: Duration = Duration::from_secs(15);

/// Makes a topic with that many partitions; one that is there already stays as it is.
pub async fn create_topic(brokers: &str, name: &str, partitions: i32) -> Result<()> {
    let told = |detail: String| Error::Kafka { doing: format!("make the topic {name}"), detail };
    let admin: AdminClient<DefaultClientContext> = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .create()
        .map_err(|e| told(e.to_string()))?;
    let topic = NewTopic::new(name, partitions, TopicReplication::Fixed(1));
    let options = AdminOptions::new().request_timeout(Some(LIMIT)).operation_timeout(Some(LIMIT));
    let answers = admin.create_topics([&topic], &options).await.map_err(|e| told(e.to_string()))?;
    for answer in answers {
        match answer {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((_, code)) => return Err(told(code.to_string())),
        }
    }
    Ok(())
}
