//! 4,584 categories of a shop with the way to each.
//!
//! A category may lie on several ways; its own is the one that its entry states. Some of the ways
//! lead over categories that have no entry: those are made too, below what stands before them on the
//! first way that names them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

use serde::Deserialize;

use super::ConvertError;
use crate::line::{CategoryLine, Line, Reference, Translation, Translations};
use crate::slug::slug_with;

#[derive(Deserialize)]
struct Entry {
    id: String,
    path: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    id: String,
    name: Option<String>,
}

pub(super) fn convert(input: impl BufRead, out: &mut impl Write) -> Result<u64, ConvertError> {
    let entries: Vec<Entry> = serde_json::from_reader(input)
        .map_err(|source| ConvertError::Shape { place: "the document".to_owned(), source })?;
    let mut writer = Writer {
        own_ways: entries.iter().map(|entry| (entry.id.as_str(), entry.path.as_slice())).collect(),
        written: BTreeSet::new(),
        out,
    };
    for entry in &entries {
        writer.write_way(&entry.path)?;
    }
    Ok(writer.written.len() as u64)
}

struct Writer<'a, W> {
    own_ways: BTreeMap<&'a str, &'a [Step]>,
    written: BTreeSet<&'a str>,
    out: &'a mut W,
}

impl<'a, W: Write> Writer<'a, W> {
    /// Writes what is at the end of a way, and before it what is above it.
    fn write_way(&mut self, way: &'a [Step]) -> Result<(), ConvertError> {
        let Some((last, above)) = way.split_last() else { return Ok(()) };
        if !self.written.insert(&last.id) {
            return Ok(());
        }
        if let Some(parent) = above.last() {
            let own_way = self.own_ways.get(parent.id.as_str()).copied();
            self.write_way(own_way.unwrap_or(above))?;
        }
        Line::from(category(last, above.last(), self.written.len())).write(self.out)?;
        Ok(())
    }
}

fn category(step: &Step, parent: Option<&Step>, position: usize) -> CategoryLine {
    // One of them has no name.
    let name = step.name.as_deref().unwrap_or(&step.id);
    CategoryLine {
        external_key: step.id.clone(),
        slug: slug_with(name, &step.id.to_lowercase()),
        parent: parent.map(|parent| Reference::to(&parent.id)),
        position,
        translations: Translations::from([("en", Translation::named(name))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_first_even_those_that_have_no_entry() {
        let source = r#"[
            {"id":"c3","name":"Three","path":[{"id":"c1","name":"One"},{"id":"c2","name":"Two"},{"id":"c3","name":"Three"}]},
            {"id":"c1","name":"One","path":[{"id":"c1","name":"One"}]},
            {"id":"c4","name":null,"path":[{"id":"c2","name":"Two"},{"id":"c4","name":null}]}
        ]"#;
        let mut out = Vec::new();
        assert_eq!(convert(source.as_bytes(), &mut out).expect("a document"), 4);
        let text = String::from_utf8(out).expect("JSON is UTF-8");
        let order: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split("\"external_key\":\"").nth(1)?.split('"').next())
            .collect();
        assert_eq!(order, ["c1", "c2", "c3", "c4"]);
    }
}
