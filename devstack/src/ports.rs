//! The ports of a stack.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};

use serde::{Deserialize, Serialize};
use tokio::time::{Duration, Instant, sleep};

use crate::{Component, Error, Result};

const FREE_LIMIT: Duration = Duration::from_secs(1);

/// One port of each listener in a stack, all on 127.0.0.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// PostgreSQL primary.
    pub primary: u16,
    /// PostgreSQL replica.
    pub replica: u16,
    /// Redis.
    pub redis: u16,
    /// Kafka's clients.
    pub kafka: u16,
    /// Kafka's own controller.
    pub kafka_controller: u16,
    /// First catalog-query.
    pub query_one: u16,
    /// First catalog-query's operations port.
    pub query_one_ops: u16,
    /// Second catalog-query.
    pub query_two: u16,
    /// Second catalog-query's operations port.
    pub query_two_ops: u16,
    /// catalog-admin.
    pub admin: u16,
    /// catalog-admin's operations port.
    pub admin_ops: u16,
    /// cache-invalidator's operations port.
    pub invalidator_ops: u16,
}

/// A port with who needs it and the variable that chooses another.
type Claim = (Component, &'static str, u16);

impl Ports {
    /// The ports of `make up`; `VITRINA_PORT_…` chooses others.
    pub fn development() -> Self {
        Self {
            primary: chosen("VITRINA_PORT_PRIMARY", 15432),
            replica: chosen("VITRINA_PORT_REPLICA", 15433),
            redis: chosen("VITRINA_PORT_REDIS", 16379),
            kafka: chosen("VITRINA_PORT_KAFKA", 19092),
            kafka_controller: chosen("VITRINA_PORT_KAFKA_CONTROLLER", 19093),
            query_one: chosen("VITRINA_PORT_QUERY_ONE", 8080),
            query_one_ops: chosen("VITRINA_PORT_QUERY_ONE_OPS", 9080),
            query_two: chosen("VITRINA_PORT_QUERY_TWO", 8082),
            query_two_ops: chosen("VITRINA_PORT_QUERY_TWO_OPS", 9083),
            admin: chosen("VITRINA_PORT_ADMIN", 8081),
            admin_ops: chosen("VITRINA_PORT_ADMIN_OPS", 9081),
            invalidator_ops: chosen("VITRINA_PORT_INVALIDATOR_OPS", 9082),
        }
    }

    /// Ports on which nobody listens now.
    pub fn free() -> Result<Self> {
        let mut seen = BTreeSet::new();
        let mut next = || free_port(&mut seen);
        Ok(Self {
            primary: next()?,
            replica: next()?,
            redis: next()?,
            kafka: next()?,
            kafka_controller: next()?,
            query_one: next()?,
            query_one_ops: next()?,
            query_two: next()?,
            query_two_ops: next()?,
            admin: next()?,
            admin_ops: next()?,
            invalidator_ops: next()?,
        })
    }

    /// Refuses when somebody listens on a port of `component`, and goes on doing so.
    pub(crate) async fn check_free(&self, component: Component) -> Result<()> {
        for (owner, variable, port) in self.claims() {
            if owner == component && !becomes_free(port).await {
                return Err(Error::PortTaken { port, owner: component.name(), variable });
            }
        }
        Ok(())
    }

    fn claims(&self) -> [Claim; 12] {
        use Component as C;
        [
            (C::Primary, "VITRINA_PORT_PRIMARY", self.primary),
            (C::Replica, "VITRINA_PORT_REPLICA", self.replica),
            (C::Redis, "VITRINA_PORT_REDIS", self.redis),
            (C::Kafka, "VITRINA_PORT_KAFKA", self.kafka),
            (C::Kafka, "VITRINA_PORT_KAFKA_CONTROLLER", self.kafka_controller),
            (C::QueryOne, "VITRINA_PORT_QUERY_ONE", self.query_one),
            (C::QueryOne, "VITRINA_PORT_QUERY_ONE_OPS", self.query_one_ops),
            (C::QueryTwo, "VITRINA_PORT_QUERY_TWO", self.query_two),
            (C::QueryTwo, "VITRINA_PORT_QUERY_TWO_OPS", self.query_two_ops),
            (C::Admin, "VITRINA_PORT_ADMIN", self.admin),
            (C::Admin, "VITRINA_PORT_ADMIN_OPS", self.admin_ops),
            (C::Invalidator, "VITRINA_PORT_INVALIDATOR_OPS", self.invalidator_ops),
        ]
    }
}

fn chosen(variable: &str, default: u16) -> u16 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A port below the range from which Linux gives ports to outgoing connections, so that none of
/// those takes it while a component is down in the middle of a test.
fn free_port(seen: &mut BTreeSet<u16>) -> Result<u16> {
    const TRIES: usize = 1_000;
    for _ in 0..TRIES {
        let port = rand::random_range(20_000..32_000);
        if !seen.contains(&port) && is_free(port) {
            seen.insert(port);
            return Ok(port);
        }
    }
    Err(Error::NoFreePort)
}

/// A look at a port in another thread holds it for a moment, and longer when a process is being
/// started just then, which inherits it until it becomes another program.
async fn becomes_free(port: u16) -> bool {
    let deadline = Instant::now() + FREE_LIMIT;
    while !is_free(port) {
        if Instant::now() > deadline {
            return false;
        }
        sleep(Duration::from_millis(20)).await;
    }
    true
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_ports_differ_and_can_be_bound() {
        let ports = Ports::free().expect("there are free ports");
        let numbers: BTreeSet<u16> = ports.claims().iter().map(|claim| claim.2).collect();
        assert_eq!(numbers.len(), ports.claims().len());
    }

    #[tokio::test]
    async fn a_taken_port_is_named_with_its_owner_and_its_variable() {
        let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = holder.local_addr().expect("an address").port();
        let ports = Ports { redis: port, ..Ports::free().expect("there are free ports") };
        let sentence =
            ports.check_free(Component::Redis).await.expect_err("the port is taken").to_string();
        assert!(sentence.contains(&port.to_string()), "{sentence}");
        assert!(sentence.contains("VITRINA_PORT_REDIS"), "{sentence}");
    }
}
