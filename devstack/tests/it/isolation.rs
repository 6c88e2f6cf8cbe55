//! What tests share, and what each has to itself.

use devstack::TestStack;

use crate::support::connect;

#[tokio::test]
async fn each_test_has_a_migrated_database_that_the_replica_has_too() {
    let stack = TestStack::shared().expect("a shared stack");
    let (one, two) = tokio::join!(stack.isolated(), stack.isolated());
    let (one, two) = (one.expect("one database"), two.expect("another"));
    assert_ne!(one.name, two.name);
    assert_ne!(one.topic_prefix, two.topic_prefix);
    for here in [&one, &two] {
        let replica = connect(&here.replica.query).await;
        let row = replica
            .query_one("SELECT count(*) FROM product", &[])
            .await
            .expect("the schema is there");
        assert_eq!(row.get::<_, i64>(0), 0);
    }
}

#[tokio::test]
async fn the_reading_role_cannot_write_and_both_can_read_the_servers_identity() {
    let stack = TestStack::shared().expect("a shared stack");
    let here = stack.isolated().await.expect("a database");
    for url in [&here.primary.query, &here.primary.admin] {
        connect(url)
            .await
            .query_one("SELECT system_identifier FROM pg_control_system()", &[])
            .await
            .expect("may be read");
    }
    let refused = connect(&here.primary.query)
        .await
        .execute("INSERT INTO channel (code) VALUES ('x')", &[])
        .await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn a_topic_can_be_made_twice() {
    let stack = TestStack::shared().expect("a shared stack");
    let here = stack.isolated().await.expect("a database");
    for _ in 0..2 {
        here.create_topic("catalog.changes.v1", 8).await.expect("a topic");
    }
}
