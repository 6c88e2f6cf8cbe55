//! Messages of the log made into changes.

use std::collections::HashMap;

use super::{
    change::{Change, UnreadableRow},
    pgoutput::{self, Cell, Malformed, Message, Relation},
};

const COLUMNS: [&str; 5] = ["kind", "id", "version", "deleted", "xid"];

/// A version row, or one of a kind that a later release has added.
pub(super) type Row = Result<Change, UnreadableRow>;

/// Knows how the tables are laid out that the log has told of.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// Where the columns of `version` are; nothing for any other table.
    layouts: HashMap<u32, Option<[usize; 5]>>,
}

impl Decoder {
    /// What a message says about a version row, if it is about one.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<Option<Row>, Malformed> {
        match pgoutput::parse(bytes)? {
            Message::Other => Ok(None),
            Message::Relation(relation) => {
                self.layouts.insert(relation.id, layout(&relation)?);
                Ok(None)
            }
            Message::Row { relation, cells } => {
                let layout = self
                    .layouts
                    .get(&relation)
                    .ok_or(Malformed("its table has not been described"))?;
                layout.map(|layout| row(layout, &cells)).transpose()
            }
        }
    }
}

fn layout(relation: &Relation<'_>) -> Result<Option<[usize; 5]>, Malformed> {
    if (relation.schema, relation.table) != ("public", "version") {
        return Ok(None);
    }
    let mut positions = [0; 5];
    for (position, name) in positions.iter_mut().zip(COLUMNS) {
        *position = relation
            .columns
            .iter()
            .position(|column| *column == name)
            .ok_or(Malformed("the version table lacks a column"))?;
    }
    Ok(Some(positions))
}

fn row(layout: [usize; 5], cells: &[Cell<'_>]) -> Result<Row, Malformed> {
    let mut texts = [""; 5];
    for (text, position) in texts.iter_mut().zip(layout) {
        match cells.get(position) {
            Some(Cell::Text(value)) => *text = value,
            _ => return Err(Malformed("a version row lacks a value")),
        }
    }
    Ok(Change::from_texts(texts))
}

#[cfg(test)]
mod tests {
    use catalog_core::{
        freshness::{Version, Xid},
        key::EntityKey,
    };
    use uuid::Uuid;

    use super::*;

    fn described(table: &str, columns: &[&str]) -> Vec<u8> {
        let mut bytes = [b"R\0\0\0\x07public\0", table.as_bytes(), b"\0d\0"].concat();
        bytes.push(u8::try_from(columns.len()).unwrap());
        for column in columns {
            bytes.extend([b"\0", column.as_bytes(), b"\0\0\0\0\x01\xff\xff\xff\xff"].concat());
        }
        bytes
    }

    fn inserted(values: &[&str]) -> Vec<u8> {
        let mut bytes = b"I\0\0\0\x07N\0".to_vec();
        bytes.push(u8::try_from(values.len()).unwrap());
        for value in values {
            bytes.extend([b"t\0\0\0", &[u8::try_from(value.len()).unwrap()][..]].concat());
            bytes.extend(value.as_bytes());
        }
        bytes
    }

    #[test]
    fn finds_the_columns_by_their_names() {
        let mut decoder = Decoder::default();
        let columns = ["xid", "added_later", "deleted", "version", "id", "kind"];
        assert!(decoder.read(&described("version", &columns)).unwrap().is_none());
        let id = Uuid::from_u128(9);
        let row = inserted(&["18014398509481985", "?", "t", "3", &id.to_string(), "product"]);
        let expected = Change {
            entity: EntityKey::product(id),
            version: Version(3),
            deleted: true,
            xid: Xid(18_014_398_509_481_985),
        };
        assert_eq!(decoder.read(&row).unwrap().unwrap().unwrap(), expected);
    }

    #[test]
    fn passes_over_other_tables_and_kinds_of_later_releases() {
        let mut decoder = Decoder::default();
        decoder.read(&described("history", &["epoch"])).unwrap();
        assert!(decoder.read(&inserted(&["1"])).unwrap().is_none());
        decoder.read(&described("version", &COLUMNS)).unwrap();
        let id = Uuid::nil().to_string();
        let unknown = decoder.read(&inserted(&["banner", &id, "1", "f", "7"]));
        assert!(unknown.unwrap().unwrap().is_err());
    }

    #[test]
    fn refuses_rows_of_tables_that_it_was_not_told_of() {
        assert!(Decoder::default().read(&inserted(&["1"])).is_err());
    }
}
