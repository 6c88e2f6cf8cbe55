//! 24,576 products in three categories, one JSON document a line.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

use serde::Deserialize;
use serde_json::Number;

use super::ConvertError;
use crate::line::{
    Attribute, CategoryLine, Line, Membership, PriceLine, ProductLine, Reference, StockLine,
    Translation, Translations, VariantLine,
};
use crate::slug::{slug_of, slug_with};

#[derive(Deserialize)]
struct Document {
    fields: Fields,
}

#[derive(Deserialize)]
struct Fields {
    id: u64,
    title: String,
    description: String,
    category: String,
    /// In cents.
    price: u64,
    quantity: u32,
    average_rating: Number,
}

pub(super) fn convert(input: impl BufRead, out: &mut impl Write) -> Result<u64, ConvertError> {
    let mut written = 0;
    let mut categories = BTreeSet::new();
    for (index, text) in input.lines().enumerate() {
        let document: Document = serde_json::from_str(&text?).map_err(|source| {
            ConvertError::Shape { place: format!("line {}", index + 1), source }
        })?;
        let fields = document.fields;
        if !categories.contains(&fields.category) {
            Line::from(category(&fields.category, categories.len())).write(out)?;
            categories.insert(fields.category.clone());
            written += 1;
        }
        Line::from(product(fields)).write(out)?;
        written += 1;
    }
    Ok(written)
}

fn category(name: &str, position: usize) -> CategoryLine {
    let name = name.replace('_', " ");
    CategoryLine {
        external_key: category_key(&name),
        slug: slug_of(&name),
        parent: None,
        position,
        translations: Translations::from([("en", Translation::named(name))]),
    }
}

fn category_key(name: &str) -> String {
    format!("amazon-{}", slug_of(name))
}

/// One of them has no title, but says it on its description's first line.
fn name(fields: &Fields) -> String {
    if !fields.title.trim().is_empty() {
        return fields.title.clone();
    }
    let first = fields.description.lines().next().unwrap_or_default();
    first.replace(['*', '#'], "").trim().trim_start_matches("Title:").trim().to_owned()
}

fn product(fields: Fields) -> ProductLine {
    let key = format!("{}_{}", fields.category, fields.id);
    let name = name(&fields);
    ProductLine {
        slug: slug_with(&name, &fields.id.to_string()),
        status: "active",
        brand: None,
        options: Vec::new(),
        attributes: BTreeMap::from([("average_rating", Attribute::Number(fields.average_rating))]),
        few_left_threshold: None,
        publish_at: None,
        unpublish_at: None,
        translations: Translations::from([(
            "en",
            Translation { name, description: fields.description },
        )]),
        variants: vec![VariantLine {
            sku: key.clone(),
            barcode: None,
            options: BTreeMap::new(),
            prices: vec![PriceLine::web("USD", fields.price)],
            stock: vec![StockLine { location: "main", quantity: fields.quantity }],
        }],
        categories: vec![Membership {
            category: Reference::to(category_key(&fields.category)),
            position: 0,
        }],
        media: Vec::new(),
        relations: Vec::new(),
        external_key: key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_without_a_title_is_called_what_its_description_begins_with() {
        let source = r#"{"fields":{"average_rating":4,"category":"Toys","description":"**Title:** Teapot\n\nx",
            "id":12,"price":1,"quantity":1,"title":""}}"#;
        let mut out = Vec::new();
        convert(source.replace("\n            ", "").as_bytes(), &mut out).expect("one document");
        let text = String::from_utf8(out).expect("JSON is UTF-8");
        assert!(
            text.contains(r#""name":"Teapot""#) && text.contains(r#""slug":"teapot-12""#),
            "{text}"
        );
    }

    #[test]
    fn a_product_keeps_every_field_and_its_category_stands_before_it() {
        let source = r#"{"put":"id:…","fields":{"average_rating":4.5,"category":"Toys_and_Games",
            "description":"\#\# A\n\nb","id":12,"price":2334,"quantity":67,"title":"Jigsaw | 500"}}"#
            .replace('\n', " ")
            .replace("\\#", "#");
        let mut out = Vec::new();
        assert_eq!(convert(source.as_bytes(), &mut out).expect("one document"), 2);
        insta::assert_snapshot!(String::from_utf8(out).expect("JSON is UTF-8"), @r###"
        {"kind":"category","external_key":"amazon-toys-and-games","slug":"toys-and-games","position":0,"translations":{"en":{"name":"Toys and Games"}}}
        {"kind":"product","external_key":"Toys_and_Games_12","slug":"jigsaw-500-12","status":"active","attributes":{"average_rating":4.5},"translations":{"en":{"name":"Jigsaw | 500","description":"## A\n\nb"}},"variants":[{"sku":"Toys_and_Games_12","prices":[{"channel":"web","currency":"USD","amount":2334}],"stock":[{"location":"main","quantity":67}]}],"categories":[{"external_key":"amazon-toys-and-games","position":0}]}
        "###);
    }
}
