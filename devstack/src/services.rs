//! Our own services as processes.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use reqwest::Client;

use crate::account::Account;
use crate::addresses::Addresses;
use crate::postgres::Login;
use crate::process::{Process, spawn};
use crate::stack::DATABASE;
use crate::state::State;
use crate::{Component, Error, Result, wall_clock};

const PROBE_LIMIT: Duration = Duration::from_secs(2);

/// One for all probes: making a client reads the system's certificates. It keeps no connections,
/// because one outlives neither the service nor the runtime of the test that it was opened in.
static PROBE: LazyLock<Client> = LazyLock::new(|| {
    let client = Client::builder().timeout(PROBE_LIMIT).pool_max_idle_per_host(0).build();
    client.expect("these settings are valid, and TLS is built in")
});

/// Starts a service from the binary that was built with this program.
pub(crate) fn launch(state: &State, component: Component) -> Result<Process> {
    let program = binary(state, component)?;
    let mut service = wall_clock::command(&program, state, component, &Account::own())?;
    // The stack decides the settings, whatever the shell that started it has.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VITRINA_") {
            service.env_remove(name);
        }
    }
    service
        .envs(settings(state, component))
        .envs(&state.service_settings)
        .current_dir(&state.directory);
    spawn(service, &state.layout().log(component))
}

/// Whether the service says that it is ready.
pub(crate) async fn is_ready(state: &State, component: Component) -> bool {
    let url = format!("http://127.0.0.1:{}/readyz", ops_port(state, component));
    PROBE.get(url).send().await.is_ok_and(|answer| answer.status().is_success())
}

/// The path of the service's binary.
pub(crate) fn binary(state: &State, component: Component) -> Result<PathBuf> {
    let path = state.binaries.join(program_name(component));
    if path.is_file() { Ok(path) } else { Err(Error::NotBuilt(path)) }
}

fn program_name(component: Component) -> &'static str {
    match component {
        Component::QueryOne | Component::QueryTwo => "catalog-query",
        Component::Admin => "catalog-admin",
        Component::Invalidator => "cache-invalidator",
        Component::Primary | Component::Replica | Component::Redis | Component::Kafka => {
            component.name()
        }
    }
}

fn ops_port(state: &State, component: Component) -> u16 {
    let ports = state.ports;
    match component {
        Component::QueryOne => ports.query_one_ops,
        Component::QueryTwo => ports.query_two_ops,
        Component::Admin => ports.admin_ops,
        Component::Invalidator => ports.invalidator_ops,
        Component::Primary => ports.primary,
        Component::Replica => ports.replica,
        Component::Redis => ports.redis,
        Component::Kafka => ports.kafka,
    }
}

/// The environment of a service.
pub(crate) fn settings(state: &State, component: Component) -> Vec<(&'static str, String)> {
    let addresses = Addresses::of(state);
    let ports = state.ports;
    let bind = |port: u16| format!("127.0.0.1:{port}");
    // A replica that has been promoted is followed.
    let primary_of = |login: Login| login.url_of_either(ports.replica, DATABASE);
    let mut settings = vec![
        ("VITRINA_OPS__BIND", bind(ops_port(state, component))),
        ("VITRINA_LOG__FORMAT", "json".to_owned()),
        ("VITRINA_KAFKA__BROKERS", addresses.kafka),
        // Nothing has to notice first that a process here is about to go.
        ("VITRINA_SHUTDOWN__WAIT", "0s".to_owned()),
        // By which the two catalog-query are told apart in a trace.
        ("OTEL_RESOURCE_ATTRIBUTES", format!("service.instance.id={component}")),
    ];
    match component {
        Component::QueryOne | Component::QueryTwo => {
            let port =
                if component == Component::QueryOne { ports.query_one } else { ports.query_two };
            settings.extend([
                ("VITRINA_HTTP__BIND", bind(port)),
                ("VITRINA_PRIMARY__URL", primary_of(state.query(ports.primary))),
                ("VITRINA_REPLICA__URLS", addresses.replica.query),
                ("VITRINA_REDIS__URL", addresses.redis),
                ("VITRINA_CURSOR__KEY", state.secrets.cursor_key.clone()),
                ("VITRINA_SESSION__KEY", state.secrets.session_key.clone()),
            ]);
        }
        Component::Admin => settings.extend([
            ("VITRINA_HTTP__BIND", bind(ports.admin)),
            ("VITRINA_PRIMARY__URL", primary_of(state.admin(ports.primary))),
            ("VITRINA_AUTH__JWKS", addresses.jwks.display().to_string()),
            ("VITRINA_SESSION__KEY", state.secrets.session_key.clone()),
        ]),
        Component::Invalidator => settings.extend([
            ("VITRINA_AUDIT__PODS", [ports.query_one_ops, ports.query_two_ops].map(bind).join(",")),
            ("VITRINA_PRIMARY__URL", primary_of(state.query(ports.primary))),
            ("VITRINA_REPLICA__URLS", addresses.replica.query),
            ("VITRINA_REDIS__URL", addresses.redis),
        ]),
        Component::Primary | Component::Replica | Component::Redis | Component::Kafka => {}
    }
    settings
}
