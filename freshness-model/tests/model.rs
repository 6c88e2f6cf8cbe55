//! The rule holds in every scope, and each thing that it rests on is missed when it is gone.

use std::{env, fs};

use clap::ValueEnum as _;
use freshness_model::{
    check::{Failure, check, counterexample, naive_counterexample},
    guards::Guard,
    scope::{SCOPES, named},
};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const BEGIN: &str = "<!-- begin: written by the tests -->\n";
const END: &str = "<!-- end -->\n";

#[test]
fn everything_holds_in_every_scope() {
    for scope in SCOPES {
        let checked = check(scope, 2);
        assert!(checked.failures.is_empty(), "{}: {:#?}", scope.name, checked.failures);
    }
}

#[test]
fn each_guard_is_missed_and_the_readme_tells_how() {
    let mut told = String::from(BEGIN);
    for guard in Guard::value_variants() {
        let failure = counterexample(*guard, named(guard.scope()));
        let failure = failure.unwrap_or_else(|| panic!("nobody misses {guard:?}"));
        told.push_str(&told_of(&guard.says(), guard.scope(), &failure));
    }
    let naive = naive_counterexample().expect("plain cache-aside would be enough");
    let says = "Instead of all of this: cache-aside, with a delete after each write";
    told.push_str(&told_of(says, "naive", &naive));
    told.push_str(END);

    let readme = fs::read_to_string(README).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let expected = format!("{before}{told}{after}");
    if env::var_os("UPDATE_README").is_some() {
        fs::write(README, expected).unwrap();
    } else {
        assert_eq!(
            readme, expected,
            "run this test with UPDATE_README=1 and look at the difference"
        );
    }
}

fn told_of(says: &str, scope: &str, failure: &Failure) -> String {
    let says = says.trim_end_matches('.');
    let way = failure.way.as_deref().unwrap_or_default();
    let way = if way.is_empty() { "from the beginning".to_owned() } else { way.join(" · ") };
    let property = failure.property;
    format!("- **{says}.** Without it, in `{scope}`, this does not hold: *{property}*.\n  {way}.\n")
}
