//! catalog-admin on a real PostgreSQL and Kafka.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod auth;
mod bodies;
mod categories;
mod cleanup;
mod conflicts;
mod epoch;
mod epoch_command;
mod etags;
mod health;
mod idempotency;
mod import_bad_lines;
mod import_broken_off;
mod imports;
mod migrate_command;
mod openapi;
mod outage;
mod problems;
mod products;
mod publisher_election;
mod publisher_epoch;
mod publisher_invisible;
mod publisher_lost_slot;
mod publisher_outage;
mod publisher_records;
mod publisher_resync;
mod publisher_rig;
mod publisher_topic;
mod revisions;
mod samples;
mod service;
mod session;
mod stock;
mod trace;
mod validation;
mod writers;
