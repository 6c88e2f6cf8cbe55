//! What simulated processes do with their reads.

use super::pod::Served;
use crate::report::as_figure;

/// Ranks are counted together from each power of two to the next.
const OCTAVES: usize = u64::BITS as usize;

/// What became of reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Octave {
    /// All of them.
    pub reads: u64,
    /// Answered from memory and loaded again beside.
    pub refreshed: u64,
    /// Loaded first, because a change had overtaken what was in memory.
    pub overtaken: u64,
    /// Loaded first, because there was nothing in memory.
    pub absent: u64,
}

/// What became of the reads of all simulated processes.
#[derive(Debug, Clone, PartialEq)]
pub struct Behaviour {
    octaves: [Octave; OCTAVES],
    /// Products in one process's memory at the end.
    pub entries: f64,
    /// For how many seconds back changes were remembered at the end.
    pub remembered: f64,
}

impl Octave {
    /// Reads that waited for their load.
    pub fn waited(&self) -> u64 {
        self.overtaken + self.absent
    }

    /// Loads.
    pub fn loads(&self) -> u64 {
        self.waited() + self.refreshed
    }

    /// The part of the reads that something is. What none of the simulated processes has read is in no
    /// memory, so is counted as the whole.
    pub fn part(&self, some: u64) -> f64 {
        if self.reads == 0 { 1.0 } else { as_figure(some) / as_figure(self.reads) }
    }
}

impl Behaviour {
    /// Nothing has been read yet.
    pub(super) fn new() -> Self {
        Self { octaves: [Octave::default(); OCTAVES], entries: 0.0, remembered: 0.0 }
    }

    /// A product was read.
    pub(super) fn count(&mut self, product: u64, served: Served) {
        let octave = &mut self.octaves[index(product)];
        octave.reads += 1;
        match served {
            Served::Current => {}
            Served::Refreshed => octave.refreshed += 1,
            Served::Overtaken => octave.overtaken += 1,
            Served::Absent => octave.absent += 1,
        }
    }

    /// What became of reads of products about as popular as this one.
    pub fn of(&self, product: u64) -> &Octave {
        &self.octaves[index(product)]
    }

    /// What became of all reads.
    pub fn whole(&self) -> Octave {
        let sum = |of: fn(&Octave) -> u64| self.octaves.iter().map(of).sum::<u64>();
        Octave {
            reads: sum(|it| it.reads),
            refreshed: sum(|it| it.refreshed),
            overtaken: sum(|it| it.overtaken),
            absent: sum(|it| it.absent),
        }
    }
}

/// Ranks begin at 1.
fn index(product: u64) -> usize {
    product.max(1).ilog2() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_are_counted_by_popularity_and_what_was_not_read_is_in_no_memory() {
        let mut behaviour = Behaviour::new();
        for (product, served) in [
            (1, Served::Current),
            (4, Served::Refreshed),
            (7, Served::Overtaken),
            (5, Served::Absent),
            (6, Served::Current),
        ] {
            behaviour.count(product, served);
        }
        let octave = behaviour.of(5);
        assert_eq!((octave.reads, octave.waited(), octave.loads()), (4, 2, 3));
        assert!((octave.part(octave.waited()) - 0.5).abs() < 1e-9);
        assert!((behaviour.of(100).part(0) - 1.0).abs() < 1e-9);
        assert_eq!(behaviour.whole().reads, 5);
    }
}
