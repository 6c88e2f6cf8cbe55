//! Caches that forget what was used least recently, without simulating them.
//!
//! Source: H. Che, Y. Tung and Z. Wang, "Hierarchical Web Caching Systems: Modeling, Design and Experimental
//! Results", IEEE Journal on Selected Areas in Communications 20 (7), 2002; why it is so exact: C. Fricker,
//! P. Robert and J. Roberts, "A versatile and accurate approximation for LRU cache performance", 2012,
//! arXiv:1202.3974. All of a cache share one characteristic time: whatever is not used for so long is gone.

/// Things that are used at the same rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Uses {
    /// How many things.
    pub(super) things: f64,
    /// How often each of them is used, a second.
    pub(super) rate: f64,
}

/// The share of the time for which something is in the cache that is used at `rate`, which by independent
/// uses is also the share of its uses that find it. It leaves when it was not used for `time`, or after
/// `life`, however often it is used; the least of both means stands for the mean of the least.
pub(super) fn presence(rate: f64, time: f64, life: f64) -> f64 {
    if rate <= 0.0 {
        return 0.0;
    }
    // Until the first pause between two uses that is longer than `time`, in the mean.
    let until_unused = (rate * time).exp_m1() / rate;
    1.0 - 1.0 / (1.0 + rate * until_unused.min(life))
}

/// The characteristic time, in seconds, of a cache for so many things, each of which it keeps for `life`
/// at the most. Infinite when all of them fit.
pub(super) fn characteristic_time(uses: &[Uses], capacity: f64, life: f64) -> f64 {
    let held =
        |time: f64| uses.iter().map(|it| it.things * presence(it.rate, time, life)).sum::<f64>();
    if held(f64::INFINITY) <= capacity {
        return f64::INFINITY;
    }
    let (mut less, mut more) = (1e-9_f64, 1e12_f64);
    for _ in 0..100 {
        let middle = (less * more).sqrt();
        if held(middle) < capacity {
            less = middle;
        } else {
            more = middle;
        }
    }
    more
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use rand::{SeedableRng as _, rngs::SmallRng};

    use super::*;
    use crate::scale::{
        Plan,
        popularity::{Popularity, classes},
    };

    const EVER: f64 = f64::INFINITY;

    #[test]
    fn of_things_used_alike_a_cache_finds_the_part_that_it_holds() {
        let uses = [Uses { things: 1_000.0, rate: 1.0 }];
        let time = characteristic_time(&uses, 250.0, EVER);
        assert!((time + 0.75_f64.ln()).abs() < 1e-9, "{time}");
        assert!((presence(1.0, time, EVER) - 0.25).abs() < 1e-9);
        assert!(characteristic_time(&uses, 1_000.0, EVER).is_infinite());
    }

    #[test]
    fn what_always_fits_is_missed_once_in_a_life() {
        assert!((presence(0.5, EVER, 6.0) - 0.75).abs() < 1e-9);
        assert!((presence(0.5, EVER, EVER) - 1.0).abs() < 1e-9);
        assert!(presence(0.0, EVER, EVER).abs() < 1e-9);
    }

    #[test]
    fn it_tells_what_a_simulated_cache_finds() {
        let plan = Plan { products: 10_000, ..Plan::STANDARD };
        let classes = classes(&plan);
        let uses: Vec<_> =
            classes.iter().map(|it| Uses { things: it.products, rate: it.share }).collect();
        let time = characteristic_time(&uses, 1_000.0, EVER);
        let expected: f64 =
            uses.iter().map(|it| it.things * it.rate * presence(it.rate, time, EVER)).sum();

        let popularity = Popularity::of(&plan).unwrap();
        let mut random = SmallRng::seed_from_u64(1);
        let (mut last_use, mut order) = (HashMap::new(), BTreeMap::new());
        let mut found = 0_u32;
        for turn in 0..150_000_u32 {
            let product = popularity.choose(&mut random);
            match last_use.insert(product, turn) {
                Some(before) => {
                    order.remove(&before);
                    found += u32::from(turn >= 50_000);
                }
                None if last_use.len() > 1_000 => {
                    let (_, oldest) = order.pop_first().unwrap();
                    last_use.remove(&oldest);
                }
                None => {}
            }
            order.insert(turn, product);
        }
        let found = f64::from(found) / 100_000.0;
        assert!((found - expected).abs() < 0.01, "{found} and {expected}");
    }
}
