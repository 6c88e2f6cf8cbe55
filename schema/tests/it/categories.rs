//! A category never becomes its own ancestor, not even when two are moved at once.

use tokio_postgres::error::SqlState;

use crate::support::{CLOTHES, SOCKS, catalog, connect, pid, refused, run, until_blocked};

const CONSTRAINT_MESSAGE: &str = "would become its own ancestor";

#[tokio::test]
async fn a_category_cannot_be_moved_below_itself() {
    let (_database, client) = catalog().await;
    for sql in [
        format!("UPDATE category SET parent_id = '{SOCKS}' WHERE id = '{CLOTHES}'"),
        format!("UPDATE category SET parent_id = id WHERE id = '{SOCKS}'"),
        "INSERT INTO category (id, slug, parent_id) VALUES \
           ('00000000-0000-0000-0000-0000000000c8', 'eight', '00000000-0000-0000-0000-0000000000c9'), \
           ('00000000-0000-0000-0000-0000000000c9', 'nine', '00000000-0000-0000-0000-0000000000c8')"
            .to_owned(),
    ] {
        let (code, message) = refused(&client, &sql).await;
        assert_eq!(code, SqlState::CHECK_VIOLATION, "{sql}: {message}");
        assert!(message.contains(CONSTRAINT_MESSAGE), "{message}");
    }
    run(&client, &format!("UPDATE category SET parent_id = NULL WHERE id = '{SOCKS}'")).await;
    run(&client, &format!("UPDATE category SET parent_id = '{SOCKS}' WHERE id = '{CLOTHES}'"))
        .await;
}

#[tokio::test]
async fn two_moves_at_once_cannot_close_a_circle() {
    let (database, first) = catalog().await;
    run(&first, &format!("UPDATE category SET parent_id = NULL WHERE id = '{SOCKS}'")).await;
    let second = connect(&database.primary.admin).await;
    let pid = pid(&second).await;

    run(
        &first,
        &format!("BEGIN; UPDATE category SET parent_id = '{CLOTHES}' WHERE id = '{SOCKS}'"),
    )
    .await;
    let move_back = format!("UPDATE category SET parent_id = '{SOCKS}' WHERE id = '{CLOTHES}'");
    let other = tokio::spawn(async move { refused(&second, &move_back).await });
    until_blocked(&first, pid).await;
    run(&first, "COMMIT").await;
    let (code, message) = other.await.expect("the second move");
    assert_eq!(code, SqlState::CHECK_VIOLATION, "{message}");
}

#[tokio::test]
async fn a_move_that_could_not_see_another_is_refused() {
    let (_database, client) = catalog().await;
    let sql = format!(
        "BEGIN ISOLATION LEVEL REPEATABLE READ; UPDATE category SET parent_id = '{SOCKS}' WHERE id = '{CLOTHES}'"
    );
    assert_eq!(refused(&client, &sql).await.0, SqlState::INVALID_TRANSACTION_STATE);
}
