//! `catalog-admin epoch begin`, as an operator runs it.

use std::process::Command;

use devstack::{Isolated, TestStack};

use crate::publisher_rig::connect;

fn begin(here: &Isolated, arguments: &[&str]) -> u64 {
    let output = Command::new(env!("CARGO_BIN_EXE_catalog-admin"))
        .args(["epoch", "begin"])
        .args(arguments)
        .env("VITRINA_PRIMARY__URL", &here.primary.admin)
        .env("VITRINA_KAFKA__BROKERS", &here.kafka_brokers)
        .env("VITRINA_AUTH__JWKS", &here.jwks)
        .env("VITRINA_SESSION__KEY", &here.session_key)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text.trim().parse().unwrap()
}

#[tokio::test]
async fn prints_the_epoch_that_it_began() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let db = connect(&here.primary.admin).await;
    let first = begin(&here, &[]);
    let far = first + 3_600_000_000;
    let second = begin(&here, &["--above", &far.to_string()]);
    assert!(second > far);
    let epoch: i64 = db.query_one("SELECT epoch FROM history", &[]).await.unwrap().get(0);
    assert_eq!(epoch.cast_unsigned(), second);
}
