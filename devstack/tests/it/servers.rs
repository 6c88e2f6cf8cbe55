//! The PostgreSQL servers are set as the freshness rule needs them.

use devstack::TestStack;

use crate::support::connect;

const BOTH: [(&str, &str); 8] = [
    ("wal_level", "logical"),
    ("hot_standby_feedback", "off"),
    ("max_standby_streaming_delay", "500ms"),
    ("max_prepared_transactions", "0"),
    ("max_wal_senders", "64"),
    ("synchronous_commit", "on"),
    ("TimeZone", "UTC"),
    ("unix_socket_directories", ""),
];

#[tokio::test]
async fn primary_and_replica_are_set_as_the_freshness_rule_needs_them() {
    let stack = TestStack::shared().expect("a shared stack");
    let addresses = stack.addresses();
    for url in [&addresses.primary.superuser, &addresses.replica.superuser] {
        let client = connect(url).await;
        for (name, expected) in BOTH {
            let row = client.query_one("SELECT current_setting($1)", &[&name]).await;
            assert_eq!(row.expect("a setting").get::<_, String>(0), expected, "{name}");
        }
    }
}

#[tokio::test]
async fn the_log_that_a_slot_holds_is_limited() {
    let stack = TestStack::shared().expect("a shared stack");
    let client = connect(&stack.addresses().primary.query).await;
    let sql = "SELECT setting::bigint FROM pg_settings WHERE name = 'max_slot_wal_keep_size'";
    let megabytes: i64 = client.query_one(sql, &[]).await.expect("a setting").get(0);
    assert!(megabytes > 0, "{megabytes}");
}

#[tokio::test]
async fn the_replica_follows_through_a_slot_of_its_own() {
    let stack = TestStack::shared().expect("a shared stack");
    let client = connect(&stack.addresses().primary.superuser).await;
    let sql = "SELECT active FROM pg_replication_slots WHERE slot_name = 'replica'";
    let active: bool = client.query_one(sql, &[]).await.expect("a slot").get(0);
    assert!(active);
}
