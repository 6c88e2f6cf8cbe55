//! The examples themselves, where they are.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::*;
use crate::workspace_root;

/// The example data's folder; says so when it is not there.
fn data() -> Option<PathBuf> {
    let folder = workspace_root().join("../shared/data");
    if !folder.is_dir() {
        eprintln!("skipped: there is no example data in {}", folder.display());
        return None;
    }
    Some(folder)
}

fn lines(source: Source) -> Option<Vec<Value>> {
    let mut out = Vec::new();
    let file = source.find(&data()?).expect("it is there");
    let count = convert_file(source, &file, &mut out).expect("it is of its form");
    let lines: Vec<Value> = out
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("each line is JSON"))
        .collect();
    assert_eq!(lines.len() as u64, count);
    Some(lines)
}

fn of_kind<'a>(lines: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    lines.iter().filter(move |line| line["kind"] == kind)
}

/// No two are alike in what must be unique.
fn assert_unique(lines: &[Value]) {
    for kind in ["category", "product"] {
        for field in ["external_key", "slug"] {
            let all: Vec<String> =
                of_kind(lines, kind).map(|line| line[field].to_string()).collect();
            let unique: BTreeSet<&String> = all.iter().collect();
            assert_eq!(all.len(), unique.len(), "{kind} {field}");
        }
    }
}

#[test]
fn dummyjson_has_194_products_in_24_categories() {
    let Some(lines) = lines(Source::Dummyjson) else { return };
    assert_eq!(of_kind(&lines, "product").count(), 194);
    assert_eq!(of_kind(&lines, "category").count(), 24);
    assert_unique(&lines);
    let mascara = of_kind(&lines, "product").next().expect("the first");
    assert_eq!(mascara["variants"][0]["prices"][0]["amount"], 999);
    assert_eq!(mascara["attributes"]["weight"]["value"], 4);
}

#[test]
fn bestbuy_has_4584_categories_and_those_that_lie_on_the_way() {
    let Some(lines) = lines(Source::Bestbuy) else { return };
    assert_eq!(of_kind(&lines, "category").count(), 4_584 + 139);
    assert_unique(&lines);
    let mut before = BTreeSet::new();
    for line in &lines {
        let parent = &line["parent"]["external_key"];
        assert!(parent.is_null() || before.contains(&parent.to_string()), "{line}");
        before.insert(line["external_key"].to_string());
    }
}

#[test]
fn amazon_has_24576_products_in_3_categories() {
    let Some(lines) = lines(Source::Amazon) else { return };
    assert_eq!(of_kind(&lines, "product").count(), 24_576);
    assert_eq!(of_kind(&lines, "category").count(), 3);
    assert_unique(&lines);
    assert!(lines.iter().all(|line| line["translations"]["en"]["name"] != ""));
}

#[test]
fn a_folder_without_the_example_is_told_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let sentence = Source::Amazon.find(folder.path()).expect_err("it is empty").to_string();
    assert!(sentence.contains("amazon-products-24576.jsonl.zst"), "{sentence}");
    assert!(sentence.contains("devstack/README.md"), "{sentence}");
}
