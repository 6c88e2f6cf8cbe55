//! The Redis entry: keys, the body's layout, and the scripts that keep it honest.
//!
//! All keys of one entity share a hash tag, so that each script runs on one node of a cluster. The
//! body begins with fixed-width decimal fields, because Lua's numbers lose precision above 2^53:
//! scripts compare the fields as text.
//!
//! Two releases whose layouts differ run beside each other while one takes the other's place. The
//! keys of the body and of its lease name the layout, so neither drops or waits for the other's
//! bodies; each release that changes the layout, or the document in it so that the other cannot
//! read it, counts it up. The floor is of the entity, whatever the layout, and all releases raise
//! the same one: an invalidator protects the bodies of both. The scripts take a body that does
//! not begin with the layout of its key for a damaged one.
//!
//! ```text
//! 1 <epoch:20> <version:20> <xid:20> <horizon:20> <p|a>\n<document as JSON, empty when absent>
//! ```

use std::fmt::Write as _;

use crate::{
    freshness::{Epoch, Version, Xid},
    key::EntityKey,
};

/// Raises the floor, unless the wanted version is 0, and gives one caller in a lease's life the lease.
/// Keys: body, floor, lease. Arguments: wanted position, token, lease's life in ms, floor's life in ms,
/// the least horizon that the caller can prove ([`fixed_width`]; [`ANY_HORIZON`] if it proves nothing).
/// Answers the body, `lease`, or `wait`. A body with a lesser horizon is to be loaded again, and stays
/// meanwhile for those who can prove it.
pub const FETCH: &str = include_str!("redis_scripts/fetch.lua");
/// Stores a body, unless the lease is not the live one, the floor is higher, or a newer body is there.
/// Keys: body, floor, lease. Arguments: position, token, body, body's life in ms.
/// Answers `filled`, or why it was refused: `lease`, `floor`, `newer`.
pub const FILL: &str = include_str!("redis_scripts/fill.lua");
/// Ends a lease whose load will bring nothing, unless it is another's by now, so that the next
/// caller need not wait until it has lived out its life.
/// Keys: body, floor, lease. Arguments: token. Answers 1 when the lease was ended, or 0.
pub const RELEASE: &str = include_str!("redis_scripts/release.lua");
/// Raises the floor and drops an older body.
/// Keys: body, floor, lease. Arguments: position, floor's life in ms. Answers 1 when a body was dropped, or 0.
pub const INVALIDATE: &str = include_str!("redis_scripts/invalidate.lua");

const WIDTH: usize = 20;
/// Named in the scripts too.
const LAYOUT: &str = "1";
const HEADER: usize = LAYOUT.len() + 1 + 4 * (WIDTH + 1) + 2;

/// The three keys of one entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Holds the body of this layout.
    pub body: String,
    /// Holds the least position that a body may have.
    pub floor: String,
    /// Held by whoever loads the body of this layout.
    pub lease: String,
}

impl Keys {
    /// The keys of `entity` behind the installation's prefix.
    pub fn new(prefix: &str, entity: &EntityKey) -> Self {
        let tagged = format!("{prefix}:{{{entity}}}");
        Self {
            body: format!("{tagged}:body:{LAYOUT}"),
            floor: format!("{tagged}:floor"),
            lease: format!("{tagged}:lease:{LAYOUT}"),
        }
    }
}

/// Epoch and version as the scripts compare them: greater text is later.
pub fn position(epoch: Epoch, version: Version) -> String {
    format!("{epoch:0WIDTH$} {version:0WIDTH$}")
}

/// A horizon as the scripts compare it: greater text is later.
pub fn fixed_width(horizon: Xid) -> String {
    format!("{horizon:0WIDTH$}")
}

/// Below every other horizon.
pub const ANY_HORIZON: Xid = Xid(0);

/// A body taken apart; the document is not yet parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body<'a> {
    /// The epoch that the load's snapshot showed.
    pub epoch: Epoch,
    /// The version loaded; 0 when it never existed.
    pub version: Version,
    /// The transaction that made the version.
    pub xid: Xid,
    /// The horizon of the load's snapshot.
    pub horizon: Xid,
    /// The document as JSON; `None` when it does not exist.
    pub document: Option<&'a [u8]>,
}

/// A body that has not this layout, so a damaged one: it is treated as a miss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a Redis entry of a layout that this release reads")]
pub struct MalformedBody;

impl<'a> Body<'a> {
    /// Writes the layout.
    pub fn encode(&self) -> Vec<u8> {
        let mut header = String::with_capacity(HEADER);
        let mark = if self.document.is_some() { 'p' } else { 'a' };
        writeln!(
            header,
            "{LAYOUT} {} {:0WIDTH$} {:0WIDTH$} {mark}",
            position(self.epoch, self.version),
            self.xid,
            self.horizon,
        )
        .expect("writing to a String does not fail");
        let mut bytes = header.into_bytes();
        bytes.extend_from_slice(self.document.unwrap_or_default());
        bytes
    }

    /// Reads the layout.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, MalformedBody> {
        let (header, document) = bytes.split_at_checked(HEADER).ok_or(MalformedBody)?;
        let fields = header
            .strip_prefix(LAYOUT.as_bytes())
            .and_then(|rest| rest.strip_prefix(b" "))
            .ok_or(MalformedBody)?;
        let number = |index: usize| {
            let start = index * (WIDTH + 1);
            let digits = fields.get(start..start + WIDTH).ok_or(MalformedBody)?;
            std::str::from_utf8(digits).ok().and_then(|text| text.parse().ok()).ok_or(MalformedBody)
        };
        let document = match &fields[4 * (WIDTH + 1)..] {
            b"p\n" => Some(document),
            b"a\n" if document.is_empty() => None,
            _ => return Err(MalformedBody),
        };
        Ok(Self {
            epoch: Epoch(number(0)?),
            version: Version(number(1)?),
            xid: Xid(number(2)?),
            horizon: Xid(number(3)?),
            document,
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const PRESENT: Body<'static> = Body {
        epoch: Epoch(1_763_800_000_000_123),
        version: Version(7),
        xid: Xid(u64::MAX),
        horizon: Xid(42),
        document: Some(b"{}"),
    };

    #[test]
    fn a_body_reads_back_as_it_was_written() {
        for body in [PRESENT, Body { document: None, ..PRESENT }] {
            assert_eq!(Body::decode(&body.encode()), Ok(body));
        }
        assert_eq!(
            String::from_utf8(PRESENT.encode()).unwrap(),
            "1 00001763800000000123 00000000000000000007 18446744073709551615 00000000000000000042 p\n{}"
        );
    }

    #[test]
    fn anything_else_is_a_miss() {
        let whole = PRESENT.encode();
        for cut in 0..HEADER {
            assert_eq!(Body::decode(&whole[..cut]), Err(MalformedBody), "{cut}");
        }
        let mut other = whole;
        other[0] = b'2';
        assert_eq!(Body::decode(&other), Err(MalformedBody));
    }

    #[test]
    fn positions_compare_as_text() {
        let less = position(Epoch(9), Version(10));
        assert!(less > position(Epoch(9), Version(9)));
        assert!(less < position(Epoch(10), Version(1)));
    }

    #[test]
    fn the_fetch_script_finds_the_version_where_it_looks() {
        let unknown = position(Epoch(u64::MAX), Version(0));
        assert!(FETCH.contains(&format!("string.sub(floor, 22) ~= '{}'", &unknown[21..])));
    }

    #[test]
    fn the_scripts_take_for_damaged_what_has_not_the_layout_of_its_key() {
        for script in [FETCH, FILL, INVALIDATE] {
            assert_eq!(script.matches(&format!("'{LAYOUT} '")).count(), 1, "{script}");
        }
    }

    #[test]
    fn the_scripts_find_position_and_horizon_where_they_look() {
        let text = String::from_utf8(PRESENT.encode()).unwrap();
        // Lua's string.sub counts from 1 and includes the end.
        assert_eq!(text[2..43], position(PRESENT.epoch, PRESENT.version));
        assert_eq!(text[65..85], fixed_width(PRESENT.horizon));
        assert!(fixed_width(Xid(u64::MAX)) > fixed_width(Xid(9)));
        assert!(fixed_width(ANY_HORIZON) < fixed_width(Xid(1)));
    }

    #[test]
    fn the_keys_of_an_entity_share_its_hash_tag() {
        let keys = Keys::new("vitrina", &EntityKey::product(Uuid::nil()));
        let tagged = "vitrina:{product:00000000-0000-0000-0000-000000000000}";
        assert_eq!(keys.body, format!("{tagged}:body:1"));
        assert_eq!(keys.floor, format!("{tagged}:floor"));
        assert_eq!(keys.lease, format!("{tagged}:lease:1"));
    }
}
