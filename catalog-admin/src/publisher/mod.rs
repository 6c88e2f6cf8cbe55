//! The change publisher: committed changes of the `version` table become records in Kafka, in
//! commit order, none lost.
//!
//! It reads the primary's log through a replication slot of its own. A slot admits one reader, so
//! the admins elect their publisher by holding it. The slot is confirmed only up to what Kafka has
//! acknowledged: whoever comes next reads everything else again, so a record may come twice.
//!
//! | file | holds |
//! |---|---|
//! | `pgoutput`, `decoder`, `change` | bytes of the log made into changes |
//! | `transaction` | what one transaction changed, until its trace context is known |
//! | `reader` | events of the log made into what is to be done |
//! | `feed`, `headers`, `tail` | Kafka: the topic, its records, and what the last of them tell |
//! | `ledger` | what Kafka has not acknowledged yet, in order |
//! | `slot`, `target`, `stream` | the slot, and the connection that reads from it |
//! | `resync` | publishing every row again |
//! | `session`, `publisher` | all of these together, again and again |

mod change;
mod decoder;
mod error;
mod feed;
mod headers;
mod lag;
mod ledger;
mod metrics;
mod pgoutput;
#[expect(clippy::module_inception, reason = "the task that the folder is about")]
mod publisher;
mod reader;
mod resync;
mod session;
mod settings;
mod slot;
mod stream;
mod tail;
mod target;
mod transaction;

pub(crate) use metrics::describe as describe_metrics;
pub use publisher::Publisher;
pub use settings::PublisherSettings;
