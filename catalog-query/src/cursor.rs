//! Cursors: where the next page of a list begins, sealed so that only what this service handed out
//! comes back, and only to the list that it was handed out for.
//!
//! ```text
//! base64url( 1 | sort key, big endian i64 | id, 16 bytes | HMAC-SHA256(key, version, list, position) )
//! ```
//!
//! The first byte is the layout's version: a cursor of a layout that this release does not know is
//! refused like one that was tampered with, and the caller begins at the first page again.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use uuid::Uuid;

use crate::listing::{Listing, Position};

const LAYOUT: u8 = 1;
const POSITION: usize = 1 + 8 + 16;
const SEAL: usize = 32;

/// A cursor that this service did not hand out for this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list: begin again without one")]
pub struct InvalidCursor;

/// Seals and opens cursors. All processes that serve one catalog share the key.
#[derive(Clone)]
pub struct CursorKey(Hmac<Sha256>);

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey(..)")
    }
}

impl CursorKey {
    /// The key that this secret stands for.
    pub fn new(secret: &SecretString) -> Self {
        let key = secret.expose_secret().as_bytes();
        Self(Hmac::new_from_slice(key).expect("HMAC takes keys of any length"))
    }

    /// The cursor of the page of `listing` that begins after `position`.
    pub fn seal(&self, listing: &Listing, position: Position) -> String {
        let mut bytes = Vec::with_capacity(POSITION + SEAL);
        bytes.push(LAYOUT);
        bytes.extend_from_slice(&position.key.to_be_bytes());
        bytes.extend_from_slice(position.id.as_bytes());
        let seal = self.mac(listing, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&seal);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position that `cursor` stands for in `listing`.
    pub fn open(&self, listing: &Listing, cursor: &str) -> Result<Position, InvalidCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| InvalidCursor)?;
        let (sealed, seal) = bytes.split_at_checked(POSITION).ok_or(InvalidCursor)?;
        self.mac(listing, sealed).verify_slice(seal).map_err(|_| InvalidCursor)?;
        read(sealed).ok_or(InvalidCursor)
    }

    /// Everything that tells one list from another goes in; codes and ids hold no line breaks.
    fn mac(&self, listing: &Listing, sealed: &[u8]) -> Hmac<Sha256> {
        let Listing { category, sort, view } = listing;
        let mut mac = self.0.clone();
        mac.update(sealed);
        mac.update(
            format!(
                "{sort}\n{}\n{}\n{}\n{}",
                category.unwrap_or(Uuid::nil()),
                view.channel,
                view.locale,
                view.currency,
            )
            .as_bytes(),
        );
        mac
    }
}

fn read(sealed: &[u8]) -> Option<Position> {
    let (layout, rest) = sealed.split_first()?;
    let (key, id) = rest.split_first_chunk::<8>()?;
    let position =
        Position { key: i64::from_be_bytes(*key), id: Uuid::from_bytes(id.try_into().ok()?) };
    (*layout == LAYOUT).then_some(position)
}

#[cfg(test)]
mod tests {
    use catalog_core::view::View;

    use super::*;
    use crate::listing::Sort;

    fn key(secret: &str) -> CursorKey {
        CursorKey::new(&SecretString::from(secret))
    }

    fn listing() -> Listing {
        Listing {
            category: Some(Uuid::from_u128(7)),
            sort: Sort::Price,
            view: View {
                channel: "web".parse().unwrap(),
                locale: "en".parse().unwrap(),
                currency: "EUR".parse().unwrap(),
            },
        }
    }

    const POSITION: Position = Position { key: -1_763_800_000_000_001, id: Uuid::from_u128(42) };

    #[test]
    fn a_cursor_opens_where_it_was_sealed() {
        let key = key("one secret");
        let cursor = key.seal(&listing(), POSITION);
        assert_eq!(key.open(&listing(), &cursor), Ok(POSITION));
        assert_eq!(cursor.len(), 76);
    }

    #[test]
    fn another_list_another_view_and_another_key_refuse_it() {
        let view = listing().view;
        let cursor = key("one secret").seal(&listing(), POSITION);
        for other in [
            Listing { category: None, ..listing() },
            Listing { category: Some(Uuid::from_u128(8)), ..listing() },
            Listing { sort: Sort::Newest, ..listing() },
            Listing { view: View { currency: "USD".parse().unwrap(), ..view }, ..listing() },
            Listing { view: View { locale: "de".parse().unwrap(), ..view }, ..listing() },
            Listing { view: View { channel: "pos".parse().unwrap(), ..view }, ..listing() },
        ] {
            assert_eq!(key("one secret").open(&other, &cursor), Err(InvalidCursor), "{other:?}");
        }
        assert_eq!(key("another").open(&listing(), &cursor), Err(InvalidCursor));
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_noticed() {
        let key = key("one secret");
        let whole = URL_SAFE_NO_PAD.decode(key.seal(&listing(), POSITION)).unwrap();
        for index in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[index] ^= 1;
            let tampered = URL_SAFE_NO_PAD.encode(bytes);
            assert_eq!(key.open(&listing(), &tampered), Err(InvalidCursor), "byte {index}");
            let cut = URL_SAFE_NO_PAD.encode(&whole[..index]);
            assert_eq!(key.open(&listing(), &cut), Err(InvalidCursor), "cut at {index}");
        }
        for nonsense in ["", "?", "AAAA", "e30="] {
            assert_eq!(key.open(&listing(), nonsense), Err(InvalidCursor), "{nonsense}");
        }
    }
}
