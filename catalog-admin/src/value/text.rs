use crate::field::{At, Fields, Wrong};

/// A text that must be there: neither blank nor longer than `longest` characters.
pub fn required_text(
    given: Option<String>,
    longest: usize,
    at: At<'_>,
    fields: &mut Fields,
) -> Option<String> {
    if given.is_none() {
        fields.wrong(at, Wrong::Required, "is required");
    }
    optional_text(given, longest, at, fields)
}

/// A text that may be left out, and is checked as [`required_text`] when it is not.
pub fn optional_text(
    given: Option<String>,
    longest: usize,
    at: At<'_>,
    fields: &mut Fields,
) -> Option<String> {
    let text = given?;
    if text.trim().is_empty() {
        fields.wrong(at, Wrong::Length, "must not be blank");
        return None;
    }
    if is_longer(&text, longest) {
        fields.wrong(at, Wrong::Length, format!("must have at most {longest} characters"));
        return None;
    }
    Some(text)
}

/// Whether `text` has more than `longest` characters, as PostgreSQL counts them.
pub(super) fn is_longer(text: &str, longest: usize) -> bool {
    text.len() > longest && text.chars().count() > longest
}

/// The first `most` elements; notes when there are more. Those are not looked at: a body full of them
/// would take long, and what is wrong with them follows from their being there.
pub fn at_most<T>(mut given: Vec<T>, most: usize, at: At<'_>, fields: &mut Fields) -> Vec<T> {
    count(given.len(), most, at, fields);
    given.truncate(most);
    given
}

/// Notes when there are more than `most` elements.
pub fn count(elements: usize, most: usize, at: At<'_>, fields: &mut Fields) {
    if elements > most {
        let detail = format!("has {elements} elements, and may have {most}");
        fields.wrong(at, Wrong::Length, detail);
    }
}
