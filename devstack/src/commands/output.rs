//! Writing what was asked for to the standard output.

use std::io::{self, BufWriter, ErrorKind, StdoutLock, Write as _};

/// Writes it all at once. A reader that has seen enough, such as head(1), is no failure.
pub(super) fn show(text: &str) -> anyhow::Result<()> {
    unless_read_enough(io::stdout().write_all(text.as_bytes()).map_err(Into::into))
}

/// Writes much, bit by bit. A reader that has seen enough is no failure here either.
pub(super) fn stream(
    write: impl FnOnce(&mut BufWriter<StdoutLock<'static>>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let written = write(&mut out).and_then(|()| Ok(out.flush()?));
    // What could not be written is not tried once more.
    let _ = out.into_parts();
    unless_read_enough(written)
}

fn unless_read_enough(written: anyhow::Result<()>) -> anyhow::Result<()> {
    written.or_else(|error| {
        let io = error.root_cause().downcast_ref::<io::Error>();
        let read_enough = io.is_some_and(|io| io.kind() == ErrorKind::BrokenPipe);
        if read_enough { Ok(()) } else { Err(error) }
    })
}
