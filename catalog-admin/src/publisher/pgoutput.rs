//! Row messages of `pgoutput`, protocol version 1, in text format.
//!
//! Begin, Commit and Message are read by the replication client; this reads what it hands on.
//! Source: PostgreSQL's documentation, "Logical Replication Message Formats".

/// A message that does not have the documented form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message of the log is malformed: {0}")]
pub(super) struct Malformed(pub(super) &'static str);

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message<'a> {
    /// How the rows of a table that follow are laid out.
    Relation(Relation<'a>),
    /// A row as it stands after an insert or an update.
    Row { relation: u32, cells: Vec<Cell<'a>> },
    /// Something that tells of no row's content: deletes, truncates, types, origins.
    Other,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation<'a> {
    pub(super) id: u32,
    pub(super) schema: &'a str,
    pub(super) table: &'a str,
    pub(super) columns: Vec<&'a str>,
}

/// One column of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    Null,
    /// A long value that the update did not touch and the log does not repeat.
    Unchanged,
    Text(&'a str),
}

/// Reads one message.
pub(super) fn parse(bytes: &[u8]) -> Result<Message<'_>, Malformed> {
    let mut input = Input(bytes);
    match input.byte()? {
        b'R' => input.relation().map(Message::Relation),
        b'I' => {
            let relation = input.u32()?;
            input.expect_tag(b'N')?;
            Ok(Message::Row { relation, cells: input.tuple()? })
        }
        b'U' => input.update(),
        b'D' | b'T' | b'Y' | b'O' => Ok(Message::Other),
        _ => Err(Malformed("its kind is unknown")),
    }
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed("it is cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed("it is cut short"))?;
        self.0 = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, Malformed> {
        self.array().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    fn text(bytes: &'a [u8]) -> Result<&'a str, Malformed> {
        str::from_utf8(bytes).map_err(|_| Malformed("a text is not UTF-8"))
    }

    /// A text that ends with a zero byte.
    fn name(&mut self) -> Result<&'a str, Malformed> {
        let end =
            self.0.iter().position(|&byte| byte == 0).ok_or(Malformed("a name has no end"))?;
        let name = Self::text(self.take(end)?)?;
        self.take(1)?;
        Ok(name)
    }

    fn expect_tag(&mut self, expected: u8) -> Result<(), Malformed> {
        if self.byte()? == expected { Ok(()) } else { Err(Malformed("its new row is missing")) }
    }

    fn relation(&mut self) -> Result<Relation<'a>, Malformed> {
        let (id, schema, table) = (self.u32()?, self.name()?, self.name()?);
        let _replica_identity = self.byte()?;
        let columns = (0..self.u16()?).map(|_| self.column()).collect::<Result<_, _>>()?;
        Ok(Relation { id, schema, table, columns })
    }

    fn column(&mut self) -> Result<&'a str, Malformed> {
        let _flags = self.byte()?;
        let name = self.name()?;
        let _type_and_modifier = self.take(8)?;
        Ok(name)
    }

    fn update(&mut self) -> Result<Message<'a>, Malformed> {
        let relation = self.u32()?;
        match self.byte()? {
            b'N' => {}
            b'K' | b'O' => {
                let _old = self.tuple()?;
                self.expect_tag(b'N')?;
            }
            _ => return Err(Malformed("its new row is missing")),
        }
        Ok(Message::Row { relation, cells: self.tuple()? })
    }

    fn tuple(&mut self) -> Result<Vec<Cell<'a>>, Malformed> {
        (0..self.u16()?).map(|_| self.cell()).collect()
    }

    fn cell(&mut self) -> Result<Cell<'a>, Malformed> {
        match self.byte()? {
            b'n' => Ok(Cell::Null),
            b'u' => Ok(Cell::Unchanged),
            b't' => {
                let length = usize::try_from(self.u32()?).map_err(|_| Malformed("too long"))?;
                Ok(Cell::Text(Self::text(self.take(length)?)?))
            }
            _ => Err(Malformed("a column is not in text format")),
        }
    }
}

#[cfg(test)]
#[path = "pgoutput_tests.rs"]
mod tests;
