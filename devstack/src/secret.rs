//! Passwords and other random text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Random letters and digits, which need no quoting in URLs, SQL or shells.
pub(crate) fn letters(length: usize) -> String {
    (0..length).map(|_| char::from(ALPHABET[rand::random_range(0..ALPHABET.len())])).collect()
}

/// A short random name in lower case, for databases, slots and topics.
pub(crate) fn name(length: usize) -> String {
    letters(length).to_lowercase()
}

/// Sixteen random bytes as Kafka writes its ids.
pub(crate) fn uuid_base64() -> String {
    let mut bytes: [u8; 16] = rand::random();
    // The tool takes an id that begins with a dash for an option.
    bytes[0] &= 0x7f;
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_hold_only_letters_and_digits() {
        let (one, two) = (letters(32), letters(32));
        assert_ne!(one, two);
        assert!(one.chars().all(|c| c.is_ascii_alphanumeric()));
        assert_eq!(one.len(), 32);
    }

    #[test]
    fn an_id_never_begins_with_a_dash() {
        for _ in 0..1_000 {
            let id = uuid_base64();
            assert_eq!(id.len(), 22);
            assert!(!id.starts_with('-'), "{id}");
        }
    }
}
