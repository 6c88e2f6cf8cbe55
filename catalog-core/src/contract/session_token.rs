//! How a caller carries what it has written and seen from one request to the next: a token that
//! `catalog-admin` gives with every write and `catalog-query` gives back with every answer to one that
//! it was brought. Sealed, so that only what the services handed out comes back.
//!
//! ```text
//! base64url( 1 | epoch | folded | folded_unseen | n | n × (kind, u8 | id, 16 bytes | version | xid)
//!            | the first 16 bytes of HMAC-SHA256(key, all before) )
//! ```
//!
//! Numbers are big endian u64, `n` is a u8. The first byte is the layout's version: a token of a layout
//! that this release does not know is refused like one that was tampered with.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    freshness::{Epoch, Part, Token, Version, Xid},
    key::{EntityKey, Kind},
};

/// The header of requests and answers.
pub const HEADER: &str = "vitrina-session";
/// The cookie that browsers send by themselves.
pub const COOKIE: &str = "vitrina_session";
/// The answer's header that says that the request's token was of an earlier epoch: what it told of may be
/// lost. A boolean of RFC 9651.
pub const LOST_HEADER: &str = "vitrina-session-lost";

/// The request's header that says how sure its answer is to be: [`STRONG`].
pub const CONSISTENCY_HEADER: &str = "vitrina-consistency";
/// As of a moment since the request, or no answer.
pub const STRONG: &str = "strong";

const LAYOUT: u8 = 1;
const SEAL: usize = 16;
/// Longer than any token, so that nothing longer is decoded.
const LONGEST: usize = 4096;

/// What is no token of these services: begin again without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a session token of this catalog: send the request without it")]
pub struct InvalidToken;

/// Seals and opens tokens. All processes of one catalog share the secret.
#[derive(Clone)]
pub struct SessionKey(Hmac<Sha256>);

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

impl SessionKey {
    /// The key that this secret stands for.
    pub fn new(secret: &[u8]) -> Self {
        Self(Hmac::new_from_slice(secret).expect("HMAC takes keys of any length"))
    }

    /// The token as text: characters of base64url, fit for a header and a cookie.
    pub fn seal(&self, token: &Token) -> String {
        let mut bytes = write(token);
        let seal = self.0.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&seal[..SEAL]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The token that this text stands for.
    pub fn open(&self, text: &[u8]) -> Result<Token, InvalidToken> {
        if text.len() > LONGEST {
            return Err(InvalidToken);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidToken)?;
        let end = bytes.len().checked_sub(SEAL).ok_or(InvalidToken)?;
        let (sealed, seal) = bytes.split_at(end);
        let mac = self.0.clone().chain_update(sealed);
        mac.verify_truncated_left(seal).map_err(|_| InvalidToken)?;
        read(sealed).ok_or(InvalidToken)
    }
}

fn write(token: &Token) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(26 + 33 * token.named.len() + SEAL);
    bytes.push(LAYOUT);
    for number in [token.epoch.0, token.folded.0, token.folded_unseen.0] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    bytes.push(u8::try_from(token.named.len()).expect("it never names so many"));
    for part in &token.named {
        bytes.push(number(part.key.kind));
        bytes.extend_from_slice(part.key.id.as_bytes());
        bytes.extend_from_slice(&part.version.0.to_be_bytes());
        bytes.extend_from_slice(&part.xid.0.to_be_bytes());
    }
    bytes
}

/// `None` for another layout, and for a kind of a later release.
fn read(bytes: &[u8]) -> Option<Token> {
    let mut rest = Rest(bytes);
    if rest.byte()? != LAYOUT {
        return None;
    }
    let mut token = Token::new(Epoch(rest.number()?));
    (token.folded, token.folded_unseen) = (Xid(rest.number()?), Xid(rest.number()?));
    for _ in 0..rest.byte()? {
        let kind = kind(rest.byte()?)?;
        let id = Uuid::from_bytes(rest.take()?);
        let (version, xid) = (Version(rest.number()?), Xid(rest.number()?));
        token.named.push(Part { key: EntityKey { kind, id }, version, xid });
    }
    rest.0.is_empty().then_some(token)
}

struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take().map(|[byte]| byte)
    }

    fn number(&mut self) -> Option<u64> {
        self.take().map(u64::from_be_bytes)
    }
}

const KINDS: [Kind; 5] = [Kind::Product, Kind::Category, Kind::Slug, Kind::Sku, Kind::Rules];

fn number(kind: Kind) -> u8 {
    match kind {
        Kind::Product => 0,
        Kind::Category => 1,
        Kind::Slug => 2,
        Kind::Sku => 3,
        Kind::Rules => 4,
    }
}

fn kind(number: u8) -> Option<Kind> {
    KINDS.get(usize::from(number)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::freshness::{MOST_NAMED, NAMED, Unseen};

    fn key() -> SessionKey {
        SessionKey::new(b"one secret")
    }

    fn part(number: u128) -> Part {
        let kind = KINDS[usize::try_from(number).unwrap() % KINDS.len()];
        let key = EntityKey { kind, id: Uuid::from_u128(number) };
        Part { key, version: Version(7), xid: Xid(1_000) }
    }

    /// As large as one becomes: a hundred things of which no poll has seen any.
    fn largest() -> Token {
        let epoch = Epoch(1_763_800_000_000_001);
        let mut token = Token::new(epoch);
        token.listed(Xid(1_000), true);
        let parts: Vec<_> = (0..100).map(part).collect();
        token.carry(&parts, &Unseen::EVERYTHING, NAMED);
        token
    }

    #[test]
    fn what_was_sealed_is_opened() {
        for token in [Token::new(Epoch(5)), largest()] {
            assert_eq!(key().open(key().seal(&token).as_bytes()), Ok(token));
        }
    }

    #[test]
    fn the_largest_fits_into_a_cookie() {
        assert_eq!(largest().named.len(), MOST_NAMED);
        assert_eq!(key().seal(&largest()).len(), 2168);
    }

    #[test]
    fn every_kind_keeps_its_number() {
        for (place, kind_of) in KINDS.into_iter().enumerate() {
            assert_eq!(usize::from(number(kind_of)), place);
        }
        assert_eq!(kind(5), None);
    }

    #[test]
    fn every_changed_byte_every_cut_and_another_key_are_noticed() {
        let mut token = Token::new(Epoch(5));
        token.carry(&[part(1)], &Unseen::NOTHING, NAMED);
        let text = key().seal(&token);
        let whole = URL_SAFE_NO_PAD.decode(&text).unwrap();
        for index in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[index] ^= 1;
            for wrong in [&bytes, &whole[..index]] {
                let wrong = URL_SAFE_NO_PAD.encode(wrong);
                assert_eq!(key().open(wrong.as_bytes()), Err(InvalidToken), "byte {index}");
            }
        }
        assert_eq!(SessionKey::new(b"another").open(text.as_bytes()), Err(InvalidToken));
        for nonsense in ["", "?", "AAAA", "e30="] {
            assert_eq!(key().open(nonsense.as_bytes()), Err(InvalidToken), "{nonsense}");
        }
        assert_eq!(key().open("A".repeat(LONGEST + 4).as_bytes()), Err(InvalidToken));
    }

    #[test]
    fn another_layout_is_refused_though_it_is_sealed() {
        let mut bytes = write(&Token::new(Epoch(5)));
        bytes[0] = LAYOUT + 1;
        let seal = key().0.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&seal[..SEAL]);
        let text = URL_SAFE_NO_PAD.encode(bytes);
        assert_eq!(key().open(text.as_bytes()), Err(InvalidToken));
    }
}
