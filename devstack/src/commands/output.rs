//! Writing what was asked for to the standard output.

use std::io::{self, ErrorKind, Write as _};

/// Writes it all at once. A reader that has seen enough, such as head(1), is no failure.
pub(super) fn show(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
