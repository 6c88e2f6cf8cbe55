//! Where the parts of a stack are reached.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::stack::DATABASE;
use crate::state::State;

/// Addresses and connection strings of a stack, as in `addresses` of its `stack.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The primary's database as each role.
    pub primary: DatabaseUrls,
    /// The replica's database as each role.
    pub replica: DatabaseUrls,
    /// Redis.
    pub redis: String,
    /// Kafka's bootstrap servers.
    pub kafka: String,
    /// Both catalog-query processes.
    pub query: [String; 2],
    /// Their operations ports.
    pub query_ops: [String; 2],
    /// catalog-admin.
    pub admin: String,
    /// Its operations port.
    pub admin_ops: String,
    /// cache-invalidator's operations port.
    pub invalidator_ops: String,
    /// The development key that signs tokens.
    pub signing_key: PathBuf,
    /// Its public half.
    pub jwks: PathBuf,
    /// The file with an editor's token, once catalog-admin has been started by `make up`.
    pub editor_token: PathBuf,
    /// This description itself.
    pub stack_file: PathBuf,
}

/// One database of one server as each of the roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseUrls {
    /// As the superuser `postgres`.
    pub superuser: String,
    /// As the role that owns the tables, `vitrina_admin`.
    pub admin: String,
    /// As the role that only reads, `vitrina_query`.
    pub query: String,
}

impl DatabaseUrls {
    pub(crate) fn of(state: &State, port: u16, database: &str) -> Self {
        Self {
            superuser: state.superuser(port).url(database),
            admin: state.admin(port).url(database),
            query: state.query(port).url(database),
        }
    }
}

impl Addresses {
    pub(crate) fn of(state: &State) -> Self {
        let ports = state.ports;
        let layout = state.layout();
        Self {
            primary: DatabaseUrls::of(state, ports.primary, DATABASE),
            replica: DatabaseUrls::of(state, ports.replica, DATABASE),
            redis: format!("redis://127.0.0.1:{}", ports.redis),
            kafka: format!("127.0.0.1:{}", ports.kafka),
            query: [http(ports.query_one), http(ports.query_two)],
            query_ops: [http(ports.query_one_ops), http(ports.query_two_ops)],
            admin: http(ports.admin),
            admin_ops: http(ports.admin_ops),
            invalidator_ops: http(ports.invalidator_ops),
            signing_key: layout.signing_key(),
            jwks: layout.jwks(),
            editor_token: layout.editor_token(),
            stack_file: layout.stack_file(),
        }
    }
}

fn http(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}
