//! The parts of an answer on the wire that a caller needs to know that it is whole.

use anyhow::Context as _;

const LENGTH: &[u8] = b"content-length:";

/// An answer that is there as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    /// Its status.
    pub(super) status: u16,
    /// How many bytes it has, its head included.
    pub(super) length: usize,
}

impl Answer {
    /// What `bytes` begins with; `None` until it is whole. Of the framings of HTTP only a stated length is
    /// understood, which all the servers that are measured use.
    pub(super) fn of(bytes: &[u8]) -> anyhow::Result<Option<Self>> {
        let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let status = bytes.get(9..12).and_then(|digits| str::from_utf8(digits).ok());
        let status = status.and_then(|digits| digits.parse().ok());
        let status = status.context("this is not an answer of HTTP")?;
        let mut body = if status == 304 { Some(0) } else { None };
        for line in bytes[..head].split(|byte| *byte == b'\n') {
            let name = line.get(..LENGTH.len()).unwrap_or_default();
            if status != 304 && name.eq_ignore_ascii_case(LENGTH) {
                let value = str::from_utf8(&line[LENGTH.len()..])?;
                body = Some(value.trim().parse().context("a length is no number")?);
            }
        }
        let length = head + 4 + body.context("an answer does not say how long it is")?;
        Ok((bytes.len() >= length).then_some(Self { status, length }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_with_its_last_byte() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\netag: \"a\"\r\n\r\n{}";
        for short in 0..whole.len() {
            assert_eq!(Answer::of(&whole[..short]).unwrap(), None);
        }
        let answer = Answer { status: 200, length: whole.len() };
        assert_eq!(Answer::of(whole).unwrap(), Some(answer));
    }

    #[test]
    fn an_answer_without_a_body_ends_with_its_head() {
        let whole = b"HTTP/1.1 304 Not Modified\r\ncontent-length: 2048\r\n\r\n";
        let answer = Answer { status: 304, length: whole.len() };
        assert_eq!(Answer::of(whole).unwrap(), Some(answer));
    }

    #[test]
    fn what_does_not_say_how_long_it_is_is_refused() {
        assert!(Answer::of(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(Answer::of(b"SSH-2.0-OpenSSH_9.2\r\n\r\n").is_err());
    }
}
