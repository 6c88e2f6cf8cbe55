//! The ports of a stack.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};

use serde::{Deserialize, Serialize};
use tokio::time::{Duration, Instant, sleep};

use crate::{Component, Error, Result};

const FREE_LIMIT: Duration = Duration::from_secs(1);

/// A port with who needs it and the variable that chooses another.
type Claim = (Component, &'static str, u16);

/// The one table of them: name, who needs it, the variable that chooses it for `make up`, and what
/// it is there when none does.
macro_rules! ports {
    ($($(#[$doc:meta])* $name:ident: $owner:ident, $variable:literal, $default:literal;)*) => {
        /// One port of each listener in a stack, all on 127.0.0.1.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Ports {
            $($(#[$doc])* pub $name: u16,)*
        }

        impl Ports {
            /// The ports of `make up`, of which `chosen` gives those that a variable chooses.
            fn with(chosen: impl Fn(&'static str) -> Result<Option<u16>>) -> Result<Self> {
                Ok(Self { $($name: chosen($variable)?.unwrap_or($default),)* })
            }

            /// Ports on which nobody listens now.
            pub fn free() -> Result<Self> {
                let mut seen = BTreeSet::new();
                Ok(Self { $($name: free_port(&mut seen)?,)* })
            }

            fn claims(&self) -> Vec<Claim> {
                vec![$((Component::$owner, $variable, self.$name),)*]
            }
        }
    };
}

ports! {
    /// PostgreSQL primary.
    primary: Primary, "VITRINA_PORT_PRIMARY", 15432;
    /// PostgreSQL replica.
    replica: Replica, "VITRINA_PORT_REPLICA", 15433;
    /// Redis.
    redis: Redis, "VITRINA_PORT_REDIS", 16379;
    /// Kafka's clients.
    kafka: Kafka, "VITRINA_PORT_KAFKA", 19092;
    /// Kafka's own controller.
    kafka_controller: Kafka, "VITRINA_PORT_KAFKA_CONTROLLER", 19093;
    /// First catalog-query.
    query_one: QueryOne, "VITRINA_PORT_QUERY_ONE", 8080;
    /// First catalog-query's operations port.
    query_one_ops: QueryOne, "VITRINA_PORT_QUERY_ONE_OPS", 9080;
    /// Second catalog-query.
    query_two: QueryTwo, "VITRINA_PORT_QUERY_TWO", 8082;
    /// Second catalog-query's operations port.
    query_two_ops: QueryTwo, "VITRINA_PORT_QUERY_TWO_OPS", 9083;
    /// catalog-admin.
    admin: Admin, "VITRINA_PORT_ADMIN", 8081;
    /// catalog-admin's operations port.
    admin_ops: Admin, "VITRINA_PORT_ADMIN_OPS", 9081;
    /// cache-invalidator's operations port.
    invalidator_ops: Invalidator, "VITRINA_PORT_INVALIDATOR_OPS", 9082;
}

impl Ports {
    /// The ports of `make up`; `VITRINA_PORT_…` chooses others.
    pub fn development() -> Result<Self> {
        Self::with(|variable| chosen(variable, std::env::var_os(variable)))
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
}

/// The port that a variable's value chooses.
fn chosen(variable: &'static str, value: Option<OsString>) -> Result<Option<u16>> {
    let Some(value) = value else { return Ok(None) };
    let port = value.to_str().and_then(|text| text.parse().ok()).filter(|port| *port != 0);
    let wrong = || Error::WrongPort { variable, value: value.to_string_lossy().into_owned() };
    port.map(Some).ok_or_else(wrong)
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

    #[test]
    fn a_variable_chooses_a_port_or_is_told_to_be_wrong() {
        let ports =
            Ports::with(|name| chosen(name, Some("7".into()).filter(|_| name.ends_with("REDIS"))));
        let ports = ports.expect("a port");
        assert_eq!((ports.redis, ports.primary), (7, 15432));
        for wrong in ["", "abc", "0", "65536", "-1", "80 "] {
            let error = chosen("VITRINA_PORT_REDIS", Some(wrong.into())).expect_err(wrong);
            let sentence = error.to_string();
            assert!(sentence.contains("VITRINA_PORT_REDIS"), "{sentence}");
            assert!(sentence.contains(&format!("{wrong:?}")), "{sentence}");
        }
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
