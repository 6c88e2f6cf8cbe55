//! The demonstration catalog: a shop of invented things, the same bytes for the same seed.

mod departments;
mod dice;
mod pricing;
mod product;
mod taxonomy;
mod variants;
mod wording;
mod words;

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use jiff::Timestamp;

use crate::line::Line;
use taxonomy::{Leaf, Taxonomy};

/// How many products are made at a time by one thread.
const CHUNK: u32 = 1_000;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoCatalog {
    /// How many products.
    pub products: u32,
    /// What the dice begin with.
    pub seed: u64,
    /// The day on which some campaigns run, some are over and some are to come.
    pub date: Timestamp,
}

impl DemoCatalog {
    /// How many the catalog has that `make up` loads, for the day on which it does.
    pub const PRODUCTS: u32 = 10_000;
    /// Its seed.
    pub const SEED: u64 = 1;
    /// The day when none is named, in RFC 3339: always the same, so that the bytes are.
    pub const DATE: &str = "2026-11-01T00:00:00Z";

    /// Writes the catalog as the lines of an import: categories, parents first, then products.
    /// The threads only divide the work; the bytes do not depend on them.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_from(0, out)
    }

    /// The same without the products before `first`, a whole number of thousands: what a catalog of so
    /// many lacks of this one.
    pub fn write_from(&self, first: u32, out: &mut impl Write) -> io::Result<()> {
        let skipped = (first / CHUNK) as usize;
        let tree = Taxonomy::new();
        for line in tree.lines {
            Line::from(line).write(out)?;
        }
        let leaves = &tree.leaves;
        let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        thread::scope(|scope| {
            let mut made = Vec::with_capacity(threads);
            for thread in 0..threads {
                let (send, receive) = sync_channel(2);
                scope.spawn(move || self.make_chunks(leaves, skipped + thread, threads, &send));
                made.push(receive);
            }
            for chunk in skipped..self.chunks() {
                // A closed channel is a thread that panicked; leaving the scope tells of it.
                let Ok(bytes) = made[(chunk - skipped) % threads].recv() else { break };
                out.write_all(&bytes)?;
            }
            Ok(())
        })
    }

    fn chunks(&self) -> usize {
        self.products.div_ceil(CHUNK) as usize
    }

    /// Makes every chunk whose turn is this thread's, in order.
    fn make_chunks(&self, leaves: &[Leaf], first: usize, step: usize, out: &SyncSender<Vec<u8>>) {
        for chunk in (0..self.chunks()).skip(first).step_by(step) {
            let bytes = self.make_chunk(leaves, chunk);
            // Nobody listens any more when the writing failed.
            if out.send(bytes).is_err() {
                return;
            }
        }
    }

    fn make_chunk(&self, leaves: &[Leaf], chunk: usize) -> Vec<u8> {
        let start = u32::try_from(chunk).expect("chunks are fewer than products") * CHUNK;
        let end = start.saturating_add(CHUNK).min(self.products);
        let mut bytes = Vec::with_capacity(4 << 20);
        for number in start..end {
            let line = Line::from(product::product(self.seed, number, leaves, self.date));
            line.write(&mut bytes).expect("a growing buffer takes every byte");
        }
        bytes
    }
}

#[cfg(test)]
mod tests;
