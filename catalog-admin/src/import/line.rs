//! A line after it has been read: what it says, or what is wrong with it.

use catalog_core::document::CatalogRules;
use serde_json::Value;

use crate::category::{self, ValidCategory};
use crate::field::FieldError;
use crate::json;
use crate::product::{self, ValidProduct};

use super::lines::{Content, LONGEST_LINE, RawLine};

/// A line of an import.
#[derive(Debug)]
pub(crate) struct Line {
    /// Its number in the body, from 1.
    pub(crate) number: u64,
    pub(crate) content: Result<Record, Vec<LineError>>,
}

/// What a good line says.
#[derive(Debug)]
pub(crate) enum Record {
    Category(Box<ValidCategory>),
    Product(Box<ValidProduct>),
}

/// One thing that is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineError {
    /// Where in the line's document: a JSON Pointer.
    pub(crate) pointer: String,
    /// In what way; what a program may branch on.
    pub(crate) code: &'static str,
    /// What is wrong, and what would be right.
    pub(crate) detail: String,
}

impl LineError {
    pub(crate) fn new(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into() }
    }

    fn whole(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new("", code, detail)
    }
}

impl From<FieldError> for LineError {
    fn from(error: FieldError) -> Self {
        Self::new(error.pointer, error.wrong.as_str(), error.detail)
    }
}

/// Reads a line by the catalog's rules.
pub(crate) fn read(raw: RawLine, rules: &CatalogRules) -> Line {
    let content = match raw.content {
        Content::Whole(text) => document(&text).and_then(|document| record(document, rules)),
        Content::Unended(text) => document(&text)
            .map_err(|error| vec![cut_short(error)])
            .and_then(|document| record(document, rules)),
        Content::TooLong => Err(vec![LineError::whole(
            "too_long",
            format!("a line may have {LONGEST_LINE} bytes; this one has more"),
        )]),
    };
    Line { number: raw.number, content }
}

fn document(text: &[u8]) -> Result<Value, Vec<LineError>> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let detail = format!("is not UTF-8 from byte {} on", error.valid_up_to() + 1);
        vec![LineError::whole("not_utf8", detail)]
    })?;
    json::parse(text.as_bytes()).map_err(|broken| {
        let detail = format!("is not JSON at column {}: {}", broken.column, broken.reason);
        vec![LineError::whole("broken_json", detail)]
    })
}

/// The body ended inside of the line.
fn cut_short(errors: Vec<LineError>) -> LineError {
    let said: Vec<String> = errors.into_iter().map(|error| error.detail).collect();
    LineError::whole(
        "cut_short",
        format!("the body ends inside of this line: it {}", said.join("; ")),
    )
}

fn record(document: Value, rules: &CatalogRules) -> Result<Record, Vec<LineError>> {
    let Value::Object(mut members) = document else {
        return Err(vec![LineError::whole("type", "must be a JSON object")]);
    };
    let kind = members.remove("kind");
    let document = Value::Object(members);
    let told = |errors: Vec<FieldError>| errors.into_iter().map(LineError::from).collect();
    match kind.as_ref().and_then(Value::as_str) {
        Some("product") => product::read(document, rules)
            .map(|product| Record::Product(Box::new(product)))
            .map_err(told),
        Some("category") => category::read(document, rules)
            .map(|category| Record::Category(Box::new(category)))
            .map_err(told),
        _ => {
            let code = if kind.is_none() { "required" } else { "unknown_name" };
            Err(vec![LineError::new("/kind", code, "must be \"product\" or \"category\"")])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> CatalogRules {
        serde_json::from_value(serde_json::json!({
            "channels": [{"code": "web", "is_default": true}],
            "locales": [{"code": "en", "fallback": null, "is_default": true}],
            "currencies": [{"code": "EUR", "exponent": 2, "is_default": true}],
        }))
        .expect("rules")
    }

    fn errors(content: Content) -> Vec<(String, &'static str)> {
        let line = read(RawLine { number: 1, content }, &rules());
        let errors = line.content.err().unwrap_or_default();
        errors.into_iter().map(|error| (error.pointer, error.code)).collect()
    }

    fn told(text: &str) -> Vec<(String, &'static str)> {
        errors(Content::Whole(text.into()))
    }

    #[test]
    fn a_good_line_is_a_product_or_a_category() {
        let product = r#"{"kind":"product","slug":"sock","translations":{"en":{"name":"Sock"}}}"#;
        let category =
            r#"{"kind":"category","slug":"socks","translations":{"en":{"name":"Socks"}}}"#;
        assert_eq!(told(product), []);
        assert_eq!(told(category), []);
        assert_eq!(errors(Content::Unended(product.into())), []);
    }

    #[test]
    fn each_kind_of_bad_line_has_its_code() {
        let whole = |code| vec![(String::new(), code)];
        assert_eq!(told("{oops"), whole("broken_json"));
        assert_eq!(told("{} {}"), whole("broken_json"));
        assert_eq!(errors(Content::Whole(b"{\"\xff\":1}".to_vec())), whole("not_utf8"));
        assert_eq!(errors(Content::Unended("{\"kind\":\"prod".into())), whole("cut_short"));
        assert_eq!(errors(Content::Unended(b"{\"\xc3".to_vec())), whole("cut_short"));
        assert_eq!(errors(Content::TooLong), whole("too_long"));
        assert_eq!(told("[]"), whole("type"));
        assert_eq!(told("{}"), [("/kind".to_owned(), "required")]);
        assert_eq!(told(r#"{"kind":"shelf"}"#), [("/kind".to_owned(), "unknown_name")]);
    }

    #[test]
    fn wrong_fields_are_told_with_their_pointers() {
        let line = r#"{"kind":"product","slug":"sock","colour":"red",
            "translations":{"en":{"name":"Sock"},"xx":{"name":"?"}}}"#;
        let mut told = told(&line.replace('\n', ""));
        told.sort_unstable();
        assert_eq!(
            told,
            [
                ("/colour".to_owned(), "unknown_field"),
                ("/translations/xx".to_owned(), "unknown_name")
            ]
        );
    }
}
