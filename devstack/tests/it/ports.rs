//! Ports that somebody else holds.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};

use devstack::{Component, Lifetime, Plan, Ports, Purpose, Stack};

#[tokio::test]
async fn a_taken_port_is_told_in_one_sentence_that_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let ports = Ports::free().expect("free ports");
    let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, ports.redis)).expect("the port");
    let stack = Stack::create(Plan {
        directory: folder.path().join("stack"),
        purpose: Purpose::Test,
        lifetime: Lifetime::Bound,
        ports,
        service_settings: BTreeMap::new(),
    })
    .expect("a stack");
    let sentence = stack.start(Component::Redis).await.expect_err("the port is taken").to_string();
    assert_eq!(
        sentence,
        format!(
            "port {}, which redis needs, is taken by another program; stop that program or choose \
             another port with VITRINA_PORT_REDIS=<port>",
            ports.redis
        )
    );
    drop(holder);
    stack.start(Component::Redis).await.expect("it is free now");
    stack.kill(Component::Redis).await;
}
