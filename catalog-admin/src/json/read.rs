use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::field::{At, FieldError, Fields, MAX_ERRORS, Wrong, escape};

use super::mend::mend;
use super::unique::Unique;

/// A text that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The JSON is broken at line {line}, column {column}: {reason}.")]
pub struct BrokenJson {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1; 0 when the text is empty.
    pub column: usize,
    /// What the parser says.
    pub reason: String,
}

/// Parses one JSON text. An object that names a member twice is broken too.
pub fn parse(text: &[u8]) -> Result<Value, BrokenJson> {
    let parsed: Result<Unique, _> = serde_json::from_slice(text);
    parsed.map(|Unique(value)| value).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let said = error.to_string();
        let reason =
            said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said);
        BrokenJson { line, column, reason: reason.to_owned() }
    })
}

/// Reads a document whose fields all have defaults. Each field that is unknown or has the wrong
/// type is noted and left out, so that the caller can go on to check the rest.
pub fn read<T: DeserializeOwned + Default>(mut document: Value, fields: &mut Fields) -> T {
    refuse_nul(&document, At::Root, fields);
    for _ in 0..MAX_ERRORS {
        let error = match serde_path_to_error::deserialize::<_, T>(&document) {
            Ok(read) => return read,
            Err(error) => error,
        };
        let told = describe(error.path(), error.inner());
        let pointer = told.pointer.clone();
        fields.push(told);
        if !mend(&mut document, &pointer) {
            break;
        }
    }
    T::default()
}

fn describe(path: &Path, error: &serde_json::Error) -> FieldError {
    let detail = for_callers(error.to_string());
    let mut pointer = pointer(path);
    let Some(field) = unknown_field(&detail) else {
        return FieldError { pointer, wrong: Wrong::Type, detail };
    };
    let last = format!("/{}", escape(field));
    if !pointer.ends_with(&last) {
        pointer.push_str(&last);
    }
    FieldError { pointer, wrong: Wrong::UnknownField, detail }
}

/// Serde's own words, but for those that only Rust has.
fn for_callers(said: String) -> String {
    match said.strip_prefix("unknown variant ") {
        Some(rest) => format!("unknown value {rest}"),
        None => said,
    }
}

/// The field in serde's own message about a field that does not exist.
fn unknown_field(message: &str) -> Option<&str> {
    message.strip_prefix("unknown field `")?.split('`').next()
}

fn pointer(path: &Path) -> String {
    let segments = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", escape(key))),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    segments.collect()
}

/// PostgreSQL's text cannot hold U+0000, wherever in a document it stands.
fn refuse_nul(value: &Value, at: At<'_>, fields: &mut Fields) {
    match value {
        Value::String(text) if text.contains('\0') => {
            fields.wrong(at, Wrong::Format, "must not contain the character U+0000");
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                refuse_nul(element, at.element(index), fields);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if name.contains('\0') {
                    fields.wrong(at, Wrong::Format, "a name must not contain the character U+0000");
                }
                refuse_nul(member, at.member(name), fields);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use crate::json::read_from_objects;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(remote = "Self", deny_unknown_fields)]
    struct Box {
        label: Option<String>,
        names: Option<Vec<String>>,
        inside: Option<Vec<Box>>,
        by_key: Option<BTreeMap<String, i64>>,
    }

    read_from_objects!(Box);

    fn told(document: Value) -> Vec<(String, Wrong)> {
        let mut fields = Fields::default();
        read::<Box>(document, &mut fields);
        fields.into_errors().into_iter().map(|error| (error.pointer, error.wrong)).collect()
    }

    #[test]
    fn every_wrong_field_is_told() {
        let wrong = told(json!({
            "label": 5,
            "colour": "red",
            "names": ["a", 7, "b", null],
            "inside": [{"label": "x"}, 3, {"lable": "y", "inside": [{"label": []}]}],
            "by_key": {"a": 1, "b/c": "2"},
        }));
        let expected = [
            ("/by_key/b~1c", Wrong::Type),
            ("/colour", Wrong::UnknownField),
            ("/inside/1", Wrong::Type),
            ("/inside/2/inside/0/label", Wrong::Type),
            ("/inside/2/lable", Wrong::UnknownField),
            ("/label", Wrong::Type),
            ("/names/1", Wrong::Type),
            ("/names/3", Wrong::Type),
        ];
        let mut wrong: Vec<_> = wrong.iter().map(|(at, wrong)| (at.as_str(), *wrong)).collect();
        wrong.sort_unstable();
        assert_eq!(wrong, expected);
    }

    #[test]
    fn the_rest_of_the_document_is_read_all_the_same() {
        let mut fields = Fields::default();
        let read: Box = read(json!({"label": "ok", "names": 5}), &mut fields);
        assert_eq!(read.label.as_deref(), Some("ok"));
        assert_eq!(read.names, None);
        assert!(!fields.is_empty());
    }

    #[test]
    fn a_document_that_is_no_object_is_wrong_as_a_whole() {
        assert_eq!(told(json!([1])), [(String::new(), Wrong::Type)]);
        assert_eq!(told(json!(null)), [(String::new(), Wrong::Type)]);
    }

    #[test]
    fn nul_is_refused_wherever_it_stands() {
        assert_eq!(told(json!({"label": "a\0b"})), [("/label".to_owned(), Wrong::Format)]);
        assert_eq!(told(json!({"by_key": {"\0": 1}})), [("/by_key".to_owned(), Wrong::Format)]);
    }

    #[test]
    fn broken_json_says_where() {
        let broken = parse(b"{\n  \"slug\": oops\n}").unwrap_err();
        assert_eq!((broken.line, broken.column), (2, 11));
        assert_eq!(broken.reason, "expected value");
        assert!(parse(b"{} {}").is_err());
        assert!(parse(b"\"\xff\"").is_err());
    }

    #[test]
    fn what_is_parsed_is_what_was_written() {
        let text = r#"{"a":[null,true,-1,18446744073709551615,0.5,"x\u00e4",{}],"b":{"a":[]}}"#;
        assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        for number in (1..10_000).map(|number| f64::from(number).sqrt()) {
            assert_eq!(parse(format!("{number:?}").as_bytes()).unwrap(), json!(number), "{number}");
        }
    }

    #[test]
    fn a_member_that_is_named_twice_is_broken() {
        let broken = parse(b"{\"a\": {},\n \"b\": [{\"c\": 1, \"d\": 2, \"c\": 1}]}").unwrap_err();
        assert_eq!(broken.reason, "the member `c` is named twice");
        assert_eq!((broken.line, broken.column), (2, 27));
        assert!(parse(b"[{\"a\": 1}, {\"a\": 1}]").is_ok());
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(127).as_bytes()).is_ok());
        assert!(parse(nested(128).as_bytes()).is_err());
    }
}
