//! Editors' reads and writes on the primary.
//!
//! | module | holds |
//! |---|---|
//! | [`router`] | every route on one page |
//! | `routes` | one endpoint a file: parses, calls one use case, renders |
//! | [`editing`] | the use cases: whole documents written in one transaction |
//! | [`import`] | bulk loads |
//! | [`product`], [`category`] | documents as editors send and see them, and what is valid; pure |
//! | [`epoch`] | whose history this is: the beat, and the epochs that it begins |
//! | [`primary`] | whether its server is set as the catalog needs it |
//! | [`publisher`] | committed changes become records in Kafka |
//! | [`value`] | what documents are made of: slugs, SKUs, references, moments |
//! | [`cleanup`] | what nobody asks for any more is removed |
//! | [`store`] | every SQL statement, by name |
//! | [`session`] | the token with which a caller sees what it wrote |
//! | [`auth`] | who calls, and what they may do |
//! | [`error`] | every error, and the problem that callers are told |

pub mod app;
pub mod auth;
mod blocking;
pub mod category;
pub mod cleanup;
pub mod command;
pub mod editing;
pub mod epoch;
pub mod error;
pub mod etag;
pub mod field;
pub mod import;
pub mod json;
mod metrics;
pub mod openapi;
pub mod primary;
pub mod product;
pub mod publisher;
pub mod router;
mod routes;
pub mod session;
pub mod settings;
pub mod store;
pub mod value;
