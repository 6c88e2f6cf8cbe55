//! How much of a pool is used.

use deadpool_postgres::Pool;
use metrics::{describe_gauge, gauge};

const CONNECTIONS: &str = "vitrina_postgres_pool_connections";
const LIMIT: &str = "vitrina_postgres_pool_limit";
const WAITING: &str = "vitrina_postgres_pool_waiting";

/// Has the metrics of pools explain themselves.
pub fn describe() {
    describe_gauge!(
        CONNECTIONS,
        "Connections to PostgreSQL, by server and by state: in_use or idle."
    );
    describe_gauge!(LIMIT, "How many connections to PostgreSQL there may be, by server.");
    describe_gauge!(WAITING, "Callers that wait for a connection to PostgreSQL, by server.");
}

/// Shows how much of the pool of `server` is used now.
pub fn show_usage(server: &str, pool: &Pool) {
    let status = pool.status();
    // What is being made is counted in `size` and cannot be used yet.
    let idle = status.available.min(status.size);
    for (state, connections) in [("in_use", status.size - idle), ("idle", idle)] {
        gauge!(CONNECTIONS, "server" => server.to_owned(), "state" => state)
            .set(number(connections));
    }
    gauge!(LIMIT, "server" => server.to_owned()).set(number(status.max_size));
    gauge!(WAITING, "server" => server.to_owned()).set(number(status.waiting));
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
