//! `cache-invalidator`: a Kafka consumer group that raises version floors in Redis, drops what is
//! older, and loads again what was in use.
//!
//! It makes readers faster, never right: a pod proves what it serves by the freshness rule, whatever
//! Redis holds. So every effect here may be repeated, delayed or lost without a wrong answer.
//!
//! | module | does |
//! |---|---|
//! | [`consume`] | takes records from the topic, has their effect made, and commits their offsets |
//! | [`cache`] | the effects on Redis, each one script on one entity's keys |
//! | [`audit`] | looks at what Redis and the pods really have of what changed |
//! | [`refill`] | loads products that were in use and fills them in again |
//! | [`store`] | reads products from the replicas, and what caches are compared with from the primary |

pub mod app;
pub mod audit;
pub mod cache;
pub mod consume;
mod metrics;
pub mod refill;
pub mod settings;
pub mod store;
