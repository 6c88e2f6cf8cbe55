//! Entity tags: `"<version>-<16 hex digits of the document's hash>"`.

use std::fmt;

use xxhash_rust::xxh3::xxh3_64;

/// What names one state of a product or category. The hash stands beside the version because after
/// a crash or a restore the same version can be given out again for another content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Etag {
    /// The version.
    pub version: i64,
    /// The hash of the document as the database writes it.
    pub hash: u64,
}

impl Etag {
    /// The tag of a document in a version.
    pub fn of(version: i64, document: &str) -> Self {
        Self { version, hash: xxh3_64(document.as_bytes()) }
    }

    /// The version that a tag names, if it is of this form.
    pub fn version_of(tag: &str) -> Option<i64> {
        tag.trim().strip_prefix('"')?.split_once('-')?.0.parse().ok()
    }
}

impl fmt::Display for Etag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}-{:016x}\"", self.version, self.hash)
    }
}

/// What `If-Match` asks for (RFC 9110, section 13.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(String);

impl IfMatch {
    /// The header's value; `None` when it is neither `*` nor a list of tags.
    pub fn parse(value: &str) -> Option<Self> {
        let is_tag = |tag: &str| {
            let tag = tag.trim();
            let quoted = tag.strip_prefix("W/").unwrap_or(tag);
            tag == "*" || quoted.len() >= 2 && quoted.starts_with('"') && quoted.ends_with('"')
        };
        // Our tags have no commas; of others it is enough to know that they are not ours.
        value.split(',').all(is_tag).then(|| Self(value.to_owned()))
    }

    /// Whether it names `current`. Weak tags never do: two weakly equal documents may differ.
    pub fn allows(&self, current: Etag) -> bool {
        let current = current.to_string();
        self.0.split(',').map(str::trim).any(|tag| tag == "*" || tag == current)
    }

    /// As the caller wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_version_and_content() {
        let tag = Etag::of(7, r#"{"slug": "a"}"#);
        assert_ne!(tag, Etag::of(7, r#"{"slug": "b"}"#));
        assert_eq!(Etag::version_of(&tag.to_string()), Some(7));
        assert_eq!(tag.to_string().len(), "\"7-0123456789abcdef\"".len());
        for odd in ["", "*", "W/\"7-0\"", "\"seven-0\""] {
            assert_eq!(Etag::version_of(odd), None, "{odd}");
        }
    }

    #[test]
    fn if_match_is_a_list_of_strong_tags() {
        let tag = Etag { version: 3, hash: 5 };
        for good in ["*", "\"3-0000000000000005\"", "\"1-0\", \"3-0000000000000005\""] {
            assert!(IfMatch::parse(good).is_some_and(|it| it.allows(tag)), "{good}");
        }
        for other in ["\"3-0000000000000006\"", "W/\"3-0000000000000005\""] {
            assert!(IfMatch::parse(other).is_some_and(|it| !it.allows(tag)), "{other}");
        }
        for bad in ["", "3", "3-0000000000000005", "\"", "\"3-0000000000000005\", 3"] {
            assert_eq!(IfMatch::parse(bad), None, "{bad}");
        }
    }
}
