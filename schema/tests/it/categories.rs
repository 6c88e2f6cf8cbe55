//! A category never becomes its own ancestor, nor stands below a deleted one, not even when two
//! sessions change the tree at once.

use devstack::Isolated;
use tokio_postgres::{Client, error::SqlState};

use uuid::Uuid;

use crate::support::{CLOTHES, SOCKS, catalog, connect, one, pid, refused, run, until_blocked};

const CONSTRAINT_MESSAGE: &str = "would become its own ancestor";
const DELETED_PARENT: &str = "would be below a deleted one";
const HAS_CHILDREN: &str = "still has subcategories";

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
async fn what_could_not_see_another_change_of_the_tree_is_refused() {
    let (_database, client) = catalog().await;
    for sql in [
        format!("UPDATE category SET parent_id = '{SOCKS}' WHERE id = '{CLOTHES}'"),
        child(),
        delete(SOCKS),
    ] {
        let sql = format!("BEGIN ISOLATION LEVEL REPEATABLE READ; {sql}");
        assert_eq!(refused(&client, &sql).await.0, SqlState::INVALID_TRANSACTION_STATE, "{sql}");
        run(&client, "ROLLBACK").await;
    }
}

/// A new category below the socks.
fn child() -> String {
    format!(
        "INSERT INTO category (id, slug, parent_id) VALUES (gen_random_uuid(), 'wool-socks', '{SOCKS}')"
    )
}

fn delete(id: Uuid) -> String {
    format!("UPDATE category SET deleted_at = now() WHERE id = '{id}'")
}

#[tokio::test]
async fn the_living_are_never_below_the_deleted() {
    let (_database, client) = catalog().await;
    let (code, message) = refused(&client, &delete(CLOTHES)).await;
    assert_eq!(code, SqlState::CHECK_VIOLATION, "{message}");
    assert!(message.contains(HAS_CHILDREN), "{message}");

    run(&client, "UPDATE category SET deleted_at = now()").await;
    let hats =
        "INSERT INTO category (id, slug) VALUES ('00000000-0000-0000-0000-0000000000c3', 'hats')";
    run(&client, hats).await;
    for sql in [
        child(),
        format!("UPDATE category SET parent_id = '{CLOTHES}' WHERE slug = 'hats'"),
        format!("UPDATE category SET deleted_at = NULL WHERE id = '{SOCKS}'"),
    ] {
        let (code, message) = refused(&client, &sql).await;
        assert_eq!(code, SqlState::CHECK_VIOLATION, "{sql}: {message}");
        assert!(message.contains(DELETED_PARENT), "{sql}: {message}");
    }
    run(&client, "UPDATE category SET deleted_at = NULL").await;
    run(&client, &child()).await;
}

/// Runs `first` in a transaction that stays open until `second`, in another session, waits for it;
/// gives what `second` is refused with.
async fn refused_behind(database: &Isolated, first: &str, second: &str) -> (SqlState, String) {
    let one = connect(&database.primary.admin).await;
    let other = connect(&database.primary.admin).await;
    let pid = pid(&other).await;
    run(&one, &format!("BEGIN; {first}")).await;
    let second = second.to_owned();
    let waiting = tokio::spawn(async move { refused(&other, &second).await });
    until_blocked(&one, pid).await;
    run(&one, "COMMIT").await;
    waiting.await.expect("the second statement")
}

/// Living categories below a deleted one.
async fn lost(client: &Client) -> i64 {
    let sql = "SELECT count(*) FROM category c JOIN category p ON p.id = c.parent_id
               WHERE c.deleted_at IS NULL AND p.deleted_at IS NOT NULL";
    one(client, sql).await
}

#[tokio::test]
async fn a_parent_that_dies_at_the_same_moment_gets_no_child() {
    let hats = "INSERT INTO category (id, slug) VALUES (gen_random_uuid(), 'hats')";
    for place in [child(), format!("UPDATE category SET parent_id = '{SOCKS}' WHERE slug = 'hats'")]
    {
        for (first, second, reason) in
            [(delete(SOCKS), &place, DELETED_PARENT), (place.clone(), &delete(SOCKS), HAS_CHILDREN)]
        {
            let (database, client) = catalog().await;
            run(&client, hats).await;
            let (code, message) = refused_behind(&database, &first, second).await;
            assert_eq!(code, SqlState::CHECK_VIOLATION, "{second}: {message}");
            assert!(message.contains(reason), "{second}: {message}");
            assert_eq!(lost(&client).await, 0);
        }
    }
}

#[tokio::test]
async fn categories_are_placed_side_by_side() {
    let (database, first) = catalog().await;
    let second = connect(&database.primary.admin).await;
    run(&first, &format!("BEGIN; {}", child())).await;
    run(&second, &child().replace("wool-socks", "silk-socks")).await;
    run(&first, "COMMIT").await;
}
