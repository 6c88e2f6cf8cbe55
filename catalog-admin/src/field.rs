//! What is wrong with a document, field by field.

use std::fmt;

/// At most so many errors are told of one document; who has more has another kind of problem.
pub const MAX_ERRORS: usize = 100;

/// In what way a field is wrong; what a program may branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wrong {
    /// It must be there and is not.
    Required,
    /// There is no such field.
    UnknownField,
    /// It has another JSON type than it should.
    Type,
    /// It has not the form of its kind.
    Format,
    /// It is too short, too long, or has too many elements.
    Length,
    /// It is too small or too great, or stands in the wrong order to another field.
    Range,
    /// It says again what must be said once.
    Duplicate,
    /// It names a locale, currency, channel, option or SKU that there is not.
    UnknownName,
    /// It refers to a product or category that there is not.
    UnknownReference,
}

impl Wrong {
    /// Its name in import errors.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::UnknownField => "unknown_field",
            Self::Type => "type",
            Self::Format => "format",
            Self::Length => "length",
            Self::Range => "range",
            Self::Duplicate => "duplicate",
            Self::UnknownName => "unknown_name",
            Self::UnknownReference => "unknown_reference",
        }
    }
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where: a JSON Pointer (RFC 6901).
    pub pointer: String,
    /// In what way.
    pub wrong: Wrong,
    /// What is wrong, and what would be right.
    pub detail: String,
}

/// A place in a document. Made on the stack while a document is walked, and written out only when
/// something is wrong there.
#[derive(Debug, Clone, Copy)]
pub enum At<'a> {
    /// The document.
    Root,
    /// A member of an object.
    Member(&'a At<'a>, &'a str),
    /// An element of an array.
    Element(&'a At<'a>, usize),
}

impl<'a> At<'a> {
    /// The member `name` of what is here.
    #[must_use]
    pub const fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    /// The element `index` of what is here.
    #[must_use]
    pub const fn element(&'a self, index: usize) -> Self {
        Self::Element(self, index)
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(parent, name) => write!(f, "{parent}/{}", escape(name)),
            Self::Element(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// RFC 6901: `~` and `/` inside a name.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Collects what is wrong with one document.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Notes that the field there is wrong.
    pub fn wrong(&mut self, at: At<'_>, wrong: Wrong, detail: impl Into<String>) {
        self.push(FieldError { pointer: at.to_string(), wrong, detail: detail.into() });
    }

    /// Notes an error, unless the same field, or one that it is in, was called wrong before: what
    /// follows from one mistake is not a second one.
    pub fn push(&mut self, error: FieldError) {
        if self.0.len() < MAX_ERRORS && !self.0.iter().any(|told| covers(told, &error)) {
            self.0.push(error);
        }
    }

    /// Notes all of these, as [`push`](Self::push) does.
    pub fn extend(&mut self, errors: impl IntoIterator<Item = FieldError>) {
        errors.into_iter().for_each(|error| self.push(error));
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value`, unless something was wrong.
    pub fn finish<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }

    /// All that is wrong.
    pub fn into_errors(self) -> Vec<FieldError> {
        self.0
    }
}

fn covers(told: &FieldError, error: &FieldError) -> bool {
    let below = error.pointer.strip_prefix(told.pointer.as_str());
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_a_json_pointer() {
        let variants = At::Root.member("variants");
        let second = variants.element(1);
        let options = second.member("options");
        assert_eq!(options.member("a/b~c").to_string(), "/variants/1/options/a~1b~0c");
        assert_eq!(At::Root.to_string(), "");
    }

    #[test]
    fn what_follows_from_a_mistake_is_not_told_again() {
        let mut fields = Fields::default();
        let variants = At::Root.member("variants");
        let second = variants.element(1);
        fields.wrong(second, Wrong::Type, "expected an object");
        fields.wrong(second.member("sku"), Wrong::Required, "missing");
        fields.wrong(variants.element(10), Wrong::Type, "expected an object");
        let pointers: Vec<_> = fields.into_errors().into_iter().map(|e| e.pointer).collect();
        assert_eq!(pointers, ["/variants/1", "/variants/10"]);
    }
}
