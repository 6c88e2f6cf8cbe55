//! What is imported.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::Context as _;
use devstack::convert::{Source, convert_file};
use serde_json::Value;

/// An example, and within how many seconds all of it must be readable everywhere.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// Whose data it is.
    pub source: Source,
    /// How many lines the example makes that the project's report is of.
    pub lines: u64,
    /// Seconds; none where it is only told.
    pub within: Option<f64>,
}

/// All examples, in the order in which they are imported.
pub const EXAMPLES: [Example; 3] = [
    Example { source: Source::Dummyjson, lines: 218, within: None },
    Example { source: Source::Bestbuy, lines: 4_723, within: None },
    Example { source: Source::Amazon, lines: 24_579, within: Some(20.0) },
];

/// An example as lines of an import, and what must be readable of it.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) bytes: Vec<u8>,
    pub(super) count: u64,
    /// The slugs of all its categories.
    pub(super) categories: BTreeSet<String>,
    /// How many of its products are in which category, by the category's slug.
    pub(super) products: BTreeMap<String, u64>,
}

impl Lines {
    /// Converts the example, which lies in the folder `data`.
    pub(super) fn of(source: Source, data: &Path) -> anyhow::Result<Self> {
        let mut bytes = Vec::new();
        convert_file(source, &source.find(data)?, &mut bytes)?;
        Self::read(bytes)
    }

    fn read(bytes: Vec<u8>) -> anyhow::Result<Self> {
        let mut slugs = BTreeMap::new();
        let (mut count, mut products) = (0, BTreeMap::new());
        for text in bytes.split(|byte| *byte == b'\n').filter(|text| !text.is_empty()) {
            let line: Value = serde_json::from_slice(text).context("a converted line")?;
            count += 1;
            if line["kind"] == "category" {
                let slug = line["slug"].as_str().context("a category without a slug")?;
                slugs.insert(line["external_key"].to_string(), slug.to_owned());
                continue;
            }
            let key = &line["categories"][0]["external_key"];
            let slug = slugs.get(&key.to_string()).context("a product before its category")?;
            *products.entry(slug.clone()).or_default() += 1;
        }
        Ok(Self { bytes, count, categories: slugs.into_values().collect(), products })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_counted_by_the_slug_of_their_category() {
        let lines = [
            r#"{"kind":"category","external_key":"k1","slug":"one"}"#,
            r#"{"kind":"category","external_key":"k2","slug":"two"}"#,
            r#"{"kind":"product","categories":[{"external_key":"k2"}]}"#,
            r#"{"kind":"product","categories":[{"external_key":"k2"}]}"#,
        ];
        let lines = Lines::read(lines.join("\n").into_bytes()).unwrap();
        assert_eq!(lines.count, 4);
        assert_eq!(lines.categories.len(), 2);
        assert_eq!(lines.products, BTreeMap::from([("two".to_owned(), 2)]));
    }
}
