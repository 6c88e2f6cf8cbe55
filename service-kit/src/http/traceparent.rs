use std::fmt;

use axum::http::HeaderMap;

/// A caller's trace context: the `traceparent` header of W3C Trace Context, version 00.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traceparent(Box<str>);

impl Traceparent {
    /// The header's name, in HTTP and in Kafka's records.
    pub const HEADER: &'static str = "traceparent";

    /// The request's, unless it has none or one that is not well formed.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        Self::parse(headers.get(Self::HEADER)?.to_str().ok()?)
    }

    /// `00-<32 hex digits>-<16 hex digits>-<2 hex digits>`, ids not all zero.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let ["00", trace, span, flags] = parts[..] else {
            return None;
        };
        let id =
            |part: &str, length| is_hex(part, length) && part.bytes().any(|digit| digit != b'0');
        (id(trace, 32) && id(span, 16) && is_hex(flags, 2)).then(|| Self(text.into()))
    }

    /// The header's value.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The trace's id, 32 hex digits.
    pub fn trace_id(&self) -> &str {
        &self.0[3..35]
    }
}

impl fmt::Display for Traceparent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_well_formed_one_is_taken_whole() {
        let parent = Traceparent::parse(GOOD).expect("well formed");
        assert_eq!(parent.as_str(), GOOD);
        assert_eq!(parent.trace_id(), "0af7651916cd43dd8448eb211c80319c");
    }

    #[test]
    fn others_are_left_out() {
        let zero = "0".repeat(32);
        for bad in [
            "",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
            &format!("00-{zero}-b7ad6b7169203331-01"),
        ] {
            assert_eq!(Traceparent::parse(bad), None, "{bad:?}");
        }
    }
}
