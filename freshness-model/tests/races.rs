//! The races that `docs/races.md` lists have the tests that it names.

use std::{fs, path::Path};

#[test]
fn every_race_has_the_tests_that_are_named() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = fs::read_to_string(root.join("docs/races.md")).unwrap();
    let (mut file, mut tests) = (String::new(), 0);
    // What stands between backquotes is a file, and after it the tests in it.
    for word in text.split('`').skip(1).step_by(2) {
        if word.contains('/') {
            file = fs::read_to_string(root.join(word)).unwrap_or_else(|_| panic!("no file {word}"));
        } else if word.contains('_') {
            assert!(file.contains(&format!("fn {word}()")), "no test {word}");
            tests += 1;
        }
    }
    assert!(tests > 30, "only {tests} tests are named");
}
