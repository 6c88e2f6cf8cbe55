//! PostgreSQL: a primary and a physical hot standby, of the installed version.

pub(crate) mod client;
mod cluster;
mod config;
mod database;
mod programs;

pub(crate) use client::Login;
pub(crate) use cluster::{launch_primary, launch_replica, primary_is_ready, replica_is_ready};
pub(crate) use database::{
    clone_database, create_database, create_roles, is_replicated, log_position, remove_leftovers,
};

/// The superuser that initdb makes.
pub(crate) const SUPERUSER: &str = "postgres";
/// The role that owns the catalog's tables.
pub(crate) const ADMIN: &str = "vitrina_admin";
/// The role that only reads.
pub(crate) const QUERY: &str = "vitrina_query";
/// The replica's slot on the primary.
const REPLICA_SLOT: &str = "replica";
