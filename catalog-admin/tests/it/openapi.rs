//! The committed description is that of the code.

use std::path::Path;

use catalog_admin::openapi::text;
use catalog_admin::router::description;

/// Set it to any value to write the file instead of comparing it.
const UPDATE: &str = "UPDATE_OPENAPI";

#[test]
fn the_committed_description_is_that_of_the_code() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/openapi/catalog-admin.json");
    let made = text(&description());
    if std::env::var_os(UPDATE).is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let same = committed == made;
    assert!(same, "{} is old: run this test once with {UPDATE}=1", file.display());
}
