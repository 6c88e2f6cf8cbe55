//! The domain of Vitrina, free of I/O and of async: what a product is, how it is rendered for a
//! storefront's view, what a change record says, and the rule by which a cached entry is current.
//!
//! | module | holds |
//! |---|---|
//! | [`key`] | what can change: kinds, and the key that names one changing thing |
//! | [`freshness`] | epochs, versions, snapshots, and the rule that proves an entry current |
//! | [`document`] | products, categories and the catalog's rules as they stand in the database |
//! | [`view`] | channel, locale and currency: what a storefront asks for |
//! | [`render`] | a document made into what a storefront sees in one view at one time |
//! | [`contract`] | what the services exchange: the Kafka record and the Redis entry |

pub mod contract;
pub mod document;
pub mod freshness;
pub mod key;
pub mod render;
pub mod view;
