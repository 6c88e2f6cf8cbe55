//! `If-None-Match` (RFC 9110, 13.1.2).

use http::{HeaderMap, HeaderValue, header::IF_NONE_MATCH};

/// Whether the caller has this very representation already.
pub fn is_unchanged(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    headers.get_all(IF_NONE_MATCH).iter().any(|value| names(value.as_bytes(), etag.as_bytes()))
}

/// Compared weakly, as the RFC wants it here. Our tags have no comma inside.
fn names(list: &[u8], etag: &[u8]) -> bool {
    list.split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unchanged(list: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, list.parse().unwrap());
        is_unchanged(&headers, &HeaderValue::from_static("\"abc-br\""))
    }

    #[test]
    fn any_tag_of_the_list_will_do() {
        assert!(unchanged("\"abc-br\""));
        assert!(unchanged("\"x\", W/\"abc-br\""));
        assert!(unchanged("*"));
        assert!(!unchanged("\"abc\""));
        assert!(!is_unchanged(&HeaderMap::new(), &HeaderValue::from_static("\"a\"")));
    }
}
