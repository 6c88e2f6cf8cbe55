//! A body cut into lines, whatever pieces it arrives in.

/// The longest line that is read.
pub(crate) const LONGEST_LINE: usize = 1 << 20;

/// A line as it was sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RawLine {
    /// Its number in the body, from 1; blank lines count, but are not given out.
    pub(crate) number: u64,
    pub(crate) content: Content,
}

/// What a line holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// All of it, without its end.
    Whole(Vec<u8>),
    /// The last one of a body that did not end it; it may have been cut short.
    Unended(Vec<u8>),
    /// More than [`LONGEST_LINE`]; what it was has not been kept.
    TooLong,
}

/// Cuts what it is fed at each newline. Holds one line at most.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    ended: u64,
    begun: Vec<u8>,
    too_long: bool,
}

impl Splitter {
    /// Takes the next piece of the body, and gives out each line that ends in it.
    pub(crate) fn feed(&mut self, piece: &[u8], mut give: impl FnMut(RawLine)) {
        let mut parts = piece.split(|byte| *byte == b'\n');
        let last = parts.next_back().unwrap_or_default();
        for part in parts {
            self.append(part);
            self.ended += 1;
            let content = if std::mem::take(&mut self.too_long) {
                Content::TooLong
            } else {
                Content::Whole(std::mem::take(&mut self.begun))
            };
            if let Some(line) = line(self.ended, content) {
                give(line);
            }
        }
        self.append(last);
    }

    /// What stands after the last newline.
    pub(crate) fn finish(self) -> Option<RawLine> {
        let number = self.ended + 1;
        let content = if self.too_long { Content::TooLong } else { Content::Unended(self.begun) };
        line(number, content)
    }

    fn append(&mut self, part: &[u8]) {
        if self.too_long || self.begun.len() + part.len() > LONGEST_LINE {
            self.too_long = true;
            self.begun = Vec::new();
        } else {
            self.begun.extend_from_slice(part);
        }
    }
}

/// The line, unless it is blank.
fn line(number: u64, content: Content) -> Option<RawLine> {
    match &content {
        Content::Whole(text) | Content::Unended(text) if text.trim_ascii().is_empty() => None,
        _ => Some(RawLine { number, content }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(pieces: &[&[u8]]) -> Vec<RawLine> {
        let mut splitter = Splitter::default();
        let mut lines = Vec::new();
        for piece in pieces {
            splitter.feed(piece, |line| lines.push(line));
        }
        lines.extend(splitter.finish());
        lines
    }

    fn whole(number: u64, text: &str) -> RawLine {
        RawLine { number, content: Content::Whole(text.into()) }
    }

    #[test]
    fn lines_do_not_depend_on_the_pieces() {
        let body = b"one\n\ntwo\r\n three";
        let expected = vec![
            whole(1, "one"),
            whole(3, "two\r"),
            RawLine { number: 4, content: Content::Unended(" three".into()) },
        ];
        assert_eq!(split(&[body]), expected);
        let bytes: Vec<&[u8]> = body.chunks(1).collect();
        assert_eq!(split(&bytes), expected);
    }

    #[test]
    fn a_body_that_ends_its_last_line_has_nothing_after_it() {
        assert_eq!(split(&[b"one\n", b"  \n"]), [whole(1, "one")]);
        assert_eq!(split(&[]), []);
    }

    #[test]
    fn a_line_over_the_limit_is_told_and_its_neighbours_are_whole() {
        let longest = vec![b'x'; LONGEST_LINE];
        let mut body = b"before\n".to_vec();
        body.extend(&longest);
        body.extend(b"\n");
        body.extend(&longest);
        body.extend(b"y\nafter\n");
        let pieces: Vec<&[u8]> = body.chunks(65_536).collect();
        let lines = split(&pieces);
        assert_eq!(lines[0], whole(1, "before"));
        assert_eq!(lines[1].content, Content::Whole(longest));
        assert_eq!(lines[2], RawLine { number: 3, content: Content::TooLong });
        assert_eq!(lines[3], whole(4, "after"));
    }
}
