use proptest::prelude::*;

use super::*;

/// As PostgreSQL 15 sends it for `version`, the first two columns being the key.
fn relation() -> Vec<u8> {
    let mut bytes = b"R\0\0\x40\x01public\0version\0d\0\x02".to_vec();
    bytes.extend(b"\x01kind\0\0\0\x40\x02\xff\xff\xff\xff");
    bytes.extend(b"\x01id\0\0\0\x0b\x86\xff\xff\xff\xff");
    bytes
}

const ROW: &[u8] = b"\0\x03t\0\0\0\x04slugnu";
const CELLS: [Cell<'_>; 3] = [Cell::Text("slug"), Cell::Null, Cell::Unchanged];

fn message(head: &[u8], rows: &[&[u8]]) -> Vec<u8> {
    [head, &rows.concat()].concat()
}

#[test]
fn reads_a_relation() {
    let expected =
        Relation { id: 16385, schema: "public", table: "version", columns: vec!["kind", "id"] };
    assert_eq!(parse(&relation()), Ok(Message::Relation(expected)));
}

#[test]
fn reads_the_new_row_of_inserts_and_updates() {
    let expected = Ok(Message::Row { relation: 16385, cells: CELLS.to_vec() });
    let old: &[u8] = b"\0\x01t\0\0\0\x01x";
    assert_eq!(parse(&message(b"I\0\0\x40\x01", &[b"N", ROW])), expected);
    assert_eq!(parse(&message(b"U\0\0\x40\x01", &[b"N", ROW])), expected);
    assert_eq!(parse(&message(b"U\0\0\x40\x01", &[b"K", old, b"N", ROW])), expected);
    assert_eq!(parse(&message(b"U\0\0\x40\x01", &[b"O", old, b"N", ROW])), expected);
}

#[test]
fn passes_over_what_tells_of_no_row() {
    for bytes in [&b"D\0\0\x40\x01K\0\x01n"[..], b"T\0\0\0\x01\0\0\0\x40\x01", b"Y", b"O"] {
        assert_eq!(parse(bytes), Ok(Message::Other));
    }
}

#[test]
fn refuses_what_is_not_of_the_protocol() {
    let bad: [&[u8]; 6] = [
        b"",
        b"Z",
        b"I\0\0\x40\x01K\0\0",
        b"I\0\0\x40\x01N\0\x01b\0\0\0\0",
        b"I\0\0\x40\x01N\0\x01t\xff\xff\xff\xffx",
        b"I\0\0\x40\x01N\0\x01t\0\0\0\x01\xff",
    ];
    for bytes in bad {
        assert!(parse(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn refuses_every_message_that_is_cut_short() {
    let insert = message(b"I\0\0\x40\x01", &[b"N", ROW]);
    for whole in [relation(), insert] {
        for end in 0..whole.len() {
            assert!(parse(&whole[..end]).is_err(), "{end} of {whole:?}");
        }
    }
}

proptest! {
    #[test]
    fn whatever_comes_it_answers(tag in prop::sample::select(b"RIUDTYO".to_vec()), rest: Vec<u8>) {
        let _ = parse(&[&[tag], &rest[..]].concat());
    }

    #[test]
    fn a_damaged_message_is_read_or_refused(at in 0_usize..60, byte: u8) {
        let mut bytes = [relation(), message(b"", &[ROW])].concat();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = parse(&bytes);
    }
}
