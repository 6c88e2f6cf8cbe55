//! Chance that is the same for the same seed, on every machine and in every release.

use rand::rand_core::{Rng as _, SeedableRng as _};
use rand::rngs::ChaCha8Rng;

/// The dice of one part of a catalog.
///
/// `ChaCha` because its stream is a published standard, which `StdRng` expressly is not; eight rounds
/// because nothing here is secret. Each part has a stream of its own, so that parts can be made by
/// several threads, and what one of them throws does not move the others. How a number is drawn from
/// the stream stands here too: libraries change that between releases.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of part `stream` under `seed`.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::from_seed(seed_bytes(seed));
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number below `bound`, which is at least one: the upper half of a product of 32-bit numbers.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(bound);
        u32::try_from(wide >> 32).expect("a product of two 32-bit numbers has a 32-bit upper half")
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// True `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of `items`, which are not none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let count = u32::try_from(items.len()).expect("word lists are short");
        &items[self.below(count) as usize]
    }

    /// Two different ones of `items`, which are at least two.
    pub(crate) fn pick_two<'a, T>(&mut self, items: &'a [T]) -> [&'a T; 2] {
        let count = u32::try_from(items.len()).expect("word lists are short");
        let first = self.below(count);
        let second = (first + 1 + self.below(count - 1)) % count;
        [&items[first as usize], &items[second as usize]]
    }
}

fn seed_bytes(seed: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same() {
        let throw = |seed, stream| {
            let mut dice = Dice::new(seed, stream);
            (0..8).map(|_| dice.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(throw(7, 1), throw(7, 1));
        assert_ne!(throw(7, 1), throw(7, 2));
        assert_ne!(throw(7, 1), throw(8, 1));
    }

    #[test]
    fn every_face_comes_up_and_none_beyond() {
        let mut dice = Dice::new(1, 0);
        let mut seen = [0_u32; 6];
        for _ in 0..6_000 {
            seen[dice.below(6) as usize] += 1;
        }
        assert!(seen.iter().all(|times| (800..1_200).contains(times)), "{seen:?}");
        for _ in 0..100 {
            let [one, other] = dice.pick_two(&[1, 2]);
            assert_ne!(one, other);
        }
    }
}
