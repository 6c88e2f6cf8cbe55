//! How unevenly products are read.

use anyhow::Context as _;
use rand::Rng;
use rand_distr::{Distribution as _, Zipf};

use super::Plan;
use crate::report::as_figure;

/// Chooses products by Zipf's law. A product is known by its rank, from 1 on.
#[derive(Debug, Clone)]
pub(super) struct Popularity {
    zipf: Zipf<f64>,
    products: u64,
}

impl Popularity {
    pub(super) fn of(plan: &Plan) -> anyhow::Result<Self> {
        let zipf = Zipf::new(as_figure(plan.products), plan.skew)
            .context("Zipf's law needs an exponent of 0 or more")?;
        Ok(Self { zipf, products: plan.products })
    }

    /// A product.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "Zipf gives whole numbers from 1 to the number of products"
    )]
    pub(super) fn choose(&self, random: &mut impl Rng) -> u64 {
        (self.zipf.sample(random) as u64).min(self.products)
    }
}

/// Products of neighbouring ranks, which are read about alike: there are too many to sum over each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Class {
    /// The first of their ranks.
    pub(super) first: u64,
    /// How many they are.
    pub(super) products: f64,
    /// Each one's share of the choices.
    pub(super) share: f64,
}

/// A class has at most one in so many of the ranks before it.
const FINENESS: u64 = 16;

/// All products by class, the most popular first. No class reaches over a power of two.
pub(super) fn classes(plan: &Plan) -> Vec<Class> {
    let mut classes = Vec::new();
    let mut first = 1;
    while first <= plan.products {
        let wanted = first + (first / FINENESS).max(1);
        let end = wanted.min((first + 1).next_power_of_two()).min(plan.products + 1);
        let products = as_figure(end - first);
        classes.push(Class { first, products, share: weight(first, end, plan.skew) / products });
        first = end;
    }
    let whole: f64 = classes.iter().map(|class| class.products * class.share).sum();
    for class in &mut classes {
        class.share /= whole;
    }
    classes
}

/// The sum of rank^-skew from `first` until before `end`: of more than one by the integral between the
/// middles, which differs from the sum by less than one in a thousand.
fn weight(first: u64, end: u64, skew: f64) -> f64 {
    if end == first + 1 {
        return as_figure(first).powf(-skew);
    }
    let (from, to) = (as_figure(first) - 0.5, as_figure(end) - 0.5);
    let power = 1.0 - skew;
    if power.abs() < 1e-9 { (to / from).ln() } else { (to.powf(power) - from.powf(power)) / power }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng as _, rngs::SmallRng};

    use super::*;

    #[test]
    fn classes_have_every_product_once_and_share_as_the_law_says() {
        for products in [1, 2, 17, 10_000] {
            let plan = Plan { products, ..Plan::STANDARD };
            let classes = classes(&plan);
            let sum = |of: fn(&Class) -> f64| classes.iter().map(of).sum::<f64>();
            assert!((sum(|it| it.products) - as_figure(products)).abs() < 1e-6);
            assert!((sum(|it| it.products * it.share) - 1.0).abs() < 1e-9);
            let exact: f64 = (1..=products).map(|rank| as_figure(rank).powf(-plan.skew)).sum();
            assert!((classes[0].share * exact - 1.0).abs() < 1e-3, "{products}");
        }
    }

    #[test]
    fn the_most_popular_product_is_chosen_as_often_as_its_class_says() {
        let plan = Plan { products: 10_000, ..Plan::STANDARD };
        let popularity = Popularity::of(&plan).unwrap();
        let mut random = SmallRng::seed_from_u64(1);
        let times = (0..100_000).filter(|_| popularity.choose(&mut random) == 1).count();
        let expected = classes(&plan)[0].share * 100_000.0;
        assert!((as_figure(times as u64) / expected - 1.0).abs() < 0.05, "{times} of {expected}");
    }
}
