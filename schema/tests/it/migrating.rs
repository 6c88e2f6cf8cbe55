//! Applying the migrations.

use schema::{MigrateError, migrate};

use crate::support::{connect, empty, run};

#[tokio::test]
async fn of_two_migrators_one_works_and_the_other_finds_nothing_to_do() {
    let database = empty().await;
    let superuser = connect(&database.primary.superuser).await;
    // Named after the test's own, so that it goes when that does.
    let name = format!("{}_empty", database.name);
    run(&superuser, &format!("CREATE DATABASE \"{name}\" OWNER vitrina_admin")).await;
    let url = database.primary.admin.replace(&database.name, &name);

    let (one, other) = tokio::join!(migrate(&url), migrate(&url));
    let mut applied = [one.expect("a migration"), other.expect("a migration")];
    applied.sort_by_key(Vec::len);
    assert_eq!(applied[0], Vec::<String>::new());
    assert_eq!(applied[1].first().map(String::as_str), Some("V1__freshness"));
    run(&connect(&url).await, "SELECT document FROM rules_document").await;
}

#[tokio::test]
async fn a_database_that_is_up_to_date_is_left_alone() {
    let database = empty().await;
    assert_eq!(
        migrate(&database.primary.admin).await.expect("nothing to do"),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn what_cannot_be_reached_is_said_without_the_password() {
    let refused = migrate("postgres://vitrina_admin:secret@127.0.0.1:1/vitrina").await;
    assert!(matches!(refused, Err(MigrateError::Connect(_))), "{refused:?}");
    let malformed = migrate("postgres://vitrina_admin:secret@127.0.0.1:port/vitrina").await;
    let Err(error @ MigrateError::Address(_)) = malformed else {
        panic!("{malformed:?}");
    };
    assert!(!error.to_string().contains("secret"));
}

/// Two with one number would be found out only where they run.
#[test]
fn migrations_are_numbered_in_a_row_and_say_why_they_are_safe() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut numbers = Vec::new();
    for file in std::fs::read_dir(folder).expect("the migrations") {
        let path = file.expect("a migration").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let number = name.strip_prefix('V').and_then(|rest| rest.split("__").next());
        numbers.push(number.and_then(|digits| digits.parse::<usize>().ok()).expect("V<number>__"));
        let text = std::fs::read_to_string(&path).expect("its text");
        assert!(text.starts_with("-- Safe under the previous release: "), "{name}");
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
}
