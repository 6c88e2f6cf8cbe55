use std::collections::BTreeMap;

use serde_json::Value;

use super::Comparison;
use crate::slug::slug_with;

/// A category as the tree shows it.
struct Shown<'a> {
    name: &'a str,
    parent: Option<&'a str>,
}

/// Compares each category's name and parent with its own way in the source.
pub(super) fn compare(source: &Value, tree: &Value, done: &mut Comparison) {
    let mut shown = BTreeMap::new();
    walk(&tree["items"], None, &mut shown);
    for entry in source.as_array().into_iter().flatten() {
        let way: Vec<&Value> = entry["path"].as_array().into_iter().flatten().collect();
        let Some((own, above)) = way.split_last() else { continue };
        let (slug, parent) = (slug(own), above.last().map(|parent| slug(parent)));
        done.categories += 1;
        done.fields += 2;
        match shown.get(slug.as_str()) {
            None => done.differences.push(format!("the category {slug} is not there")),
            Some(said) if said.name != name(own) || said.parent != parent.as_deref() => {
                done.differences.push(format!("the category {slug} has another name or parent"));
            }
            Some(_) => {}
        }
    }
}

fn walk<'a>(
    categories: &'a Value,
    parent: Option<&'a str>,
    shown: &mut BTreeMap<&'a str, Shown<'a>>,
) {
    for category in categories.as_array().into_iter().flatten() {
        let slug = category["slug"].as_str().unwrap_or_default();
        let name = category["name"].as_str().unwrap_or_default();
        shown.insert(slug, Shown { name, parent });
        walk(&category["children"], Some(slug), shown);
    }
}

/// One of them has no name, and is called by its id.
fn name(step: &Value) -> &str {
    step["name"].as_str().or(step["id"].as_str()).unwrap_or_default()
}

fn slug(step: &Value) -> String {
    slug_with(name(step), &step["id"].as_str().unwrap_or_default().to_lowercase())
}
