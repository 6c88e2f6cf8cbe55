//! `Accept-Encoding` (RFC 9110, 12.5.3).

use http::{HeaderMap, header::ACCEPT_ENCODING};

use crate::cache::Encoding;

/// The encoding that the caller likes best of those that we make; of equals the one that we do.
pub fn accepted(headers: &HeaderMap) -> Encoding {
    let codings = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut best = (Encoding::Identity, 0);
    for coding in codings.flat_map(|value| value.split(',')) {
        let (name, weight) = weighted(coding);
        if let Some(encoding) = known(name)
            && (weight > best.1 || (weight == best.1 && weight > 0 && precedes(encoding, best.0)))
        {
            best = (encoding, weight);
        }
    }
    best.0
}

fn known(name: &str) -> Option<Encoding> {
    [Encoding::Brotli, Encoding::Zstd, Encoding::Gzip]
        .into_iter()
        .find(|encoding| encoding.name().is_some_and(|own| own.eq_ignore_ascii_case(name)))
}

const fn precedes(one: Encoding, other: Encoding) -> bool {
    (one as u8) < (other as u8)
}

/// The coding's name and its weight in thousandths.
fn weighted(coding: &str) -> (&str, u16) {
    let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
    let weight = parameters.trim().strip_prefix("q=").map_or(1000, thousandths);
    (name.trim(), weight)
}

/// `0.8` is 800. What is not a weight is none.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = fraction.bytes().chain([b'0'; 3]).take(3);
    let fraction = digits.fold(0, |sum, digit| sum * 10 + u16::from(digit.wrapping_sub(b'0') % 10));
    match whole {
        "1" => 1000,
        "0" => fraction,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(value: &str) -> Encoding {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, value.parse().unwrap());
        accepted(&headers)
    }

    #[test]
    fn the_callers_weights_decide_and_then_our_preference() {
        assert_eq!(chosen("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(chosen("gzip;q=1.0, br;q=0.5"), Encoding::Gzip);
        assert_eq!(chosen("gzip, zstd"), Encoding::Zstd);
        assert_eq!(chosen("GZIP ;q=0.001"), Encoding::Gzip);
    }

    #[test]
    fn what_is_refused_or_unknown_is_not_used() {
        assert_eq!(chosen("gzip;q=0"), Encoding::Identity);
        assert_eq!(chosen("deflate, *"), Encoding::Identity);
        assert_eq!(chosen(""), Encoding::Identity);
        assert_eq!(accepted(&HeaderMap::new()), Encoding::Identity);
    }
}
