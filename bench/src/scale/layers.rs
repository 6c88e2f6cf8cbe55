//! Which layer answers how much, and what that asks of Redis and the replicas.

use super::{
    Behaviour, Plan,
    che::{Uses, characteristic_time, presence},
    popularity::{Class, classes},
};
use crate::report::as_figure;

/// Which layer answers how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Layers {
    /// The share of the answers that come out of the process's memory.
    pub memory: f64,
    /// The share that Redis gives.
    pub redis: f64,
    /// The share that a replica gives.
    pub replica: f64,
    /// Loads a second, of all processes, beside the requests too.
    pub loads: f64,
    /// Of these, those that find nothing in Redis that can be proven.
    pub missed: f64,
    /// Edits a second of what Redis holds: each is loaded once more, for all.
    pub reloaded: f64,
    /// For how many seconds a body in Redis can be proven: so long processes remember changes.
    pub window: f64,
    /// For how many seconds Redis keeps what is not used.
    pub redis_time: f64,
    /// What memory would find if it forgot what was used least recently, by Che's approximation.
    pub least_recently_used: f64,
}

impl Layers {
    /// With so many bytes of Redis.
    ///
    /// Redis is not simulated. What many processes ask of it is the sum of many sparse streams, which is nearly
    /// a Poisson process for each product (the theorem of Palm and Khinchin), of a rate that the simulated
    /// processes show. Redis forgets nearly what was used least recently (`allkeys-lru`), so Che's
    /// approximation tells what it holds.
    pub fn of(plan: &Plan, behaviour: &Behaviour, redis_bytes: u64) -> Self {
        let classes = classes(plan);
        let window = window_of(plan, &classes);
        let life = window.min(as_figure(plan.redis_life));
        let reads = as_figure(plan.reads);
        let loads = |class: &Class| {
            let octave = behaviour.of(class.first);
            let rate = reads * class.share * octave.part(octave.loads());
            Uses { things: class.products, rate }
        };
        let uses: Vec<Uses> = classes.iter().map(loads).collect();
        let room = as_figure(redis_bytes) / as_figure(plan.document_bytes);
        let redis_time = characteristic_time(&uses, room, life);

        let whole = behaviour.whole();
        let mut layers = Self {
            memory: 1.0 - whole.part(whole.waited()),
            redis: 0.0,
            replica: 0.0,
            loads: 0.0,
            missed: 0.0,
            reloaded: 0.0,
            window,
            redis_time,
            least_recently_used: least_recently_used(plan, &classes),
        };
        let mut waited = 0.0;
        for (class, uses) in classes.iter().zip(&uses) {
            let present = presence(uses.rate, redis_time, life);
            let octave = behaviour.of(class.first);
            let waits = class.products * class.share * octave.part(octave.waited());
            waited += waits;
            layers.redis += waits * present;
            layers.loads += uses.things * uses.rate;
            layers.missed += uses.things * uses.rate * (1.0 - present);
            layers.reloaded += class.products * edits(plan, class) * present;
        }
        // Both are sums over the same reads, one by the law and one as they were drawn.
        layers.redis *= (1.0 - layers.memory) / waited.max(f64::MIN_POSITIVE);
        layers.replica = 1.0 - layers.memory - layers.redis;
        layers
    }

    /// Products that replicas are asked for, a second.
    pub fn replica_loads(&self) -> f64 {
        self.missed + self.reloaded
    }
}

/// For how many seconds back changes are remembered; infinite when the limit is not reached. The changes that
/// are remembered are a cache too, in which each edit uses its product.
pub(super) fn window(plan: &Plan) -> f64 {
    window_of(plan, &classes(plan))
}

fn window_of(plan: &Plan, classes: &[Class]) -> f64 {
    let edits = |class: &Class| Uses { things: class.products, rate: edits(plan, class) };
    let uses: Vec<Uses> = classes.iter().map(edits).collect();
    characteristic_time(&uses, as_figure(plan.recent_limit as u64), f64::INFINITY)
}

/// Edits a second of each product of a class.
fn edits(plan: &Plan, class: &Class) -> f64 {
    let popular = plan.popular_edits * class.share;
    let any = (1.0 - plan.popular_edits) / as_figure(plan.products);
    as_figure(plan.edits) * (popular + any)
}

fn least_recently_used(plan: &Plan, classes: &[Class]) -> f64 {
    let reads = |class: &Class| Uses { things: class.products, rate: class.share };
    let uses: Vec<Uses> = classes.iter().map(reads).collect();
    let reads = characteristic_time(&uses, plan.entries(), f64::INFINITY);
    uses.iter().map(|it| it.things * it.rate * presence(it.rate, reads, f64::INFINITY)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::pod::Served;

    const PLAN: Plan = Plan { products: 1_000, reads: 1_000, edits: 0, ..Plan::STANDARD };

    /// Of every product one read in two waits for its load.
    fn half() -> Behaviour {
        let mut behaviour = Behaviour::new();
        for product in 1..=PLAN.products {
            behaviour.count(product, Served::Current);
            behaviour.count(product, Served::Absent);
        }
        behaviour
    }

    #[test]
    fn with_room_for_all_only_the_end_of_a_life_is_a_miss() {
        let layers = Layers::of(&PLAN, &half(), 1 << 40);
        assert!(layers.redis_time.is_infinite() && layers.window.is_infinite());
        assert!((layers.memory - 0.5).abs() < 1e-9);
        assert!((layers.loads - 500.0).abs() < 1e-6);
        // At most each product once a life.
        assert!(layers.missed > 0.0 && layers.missed < 1_000.0 / 3_600.0, "{}", layers.missed);
        assert!((layers.memory + layers.redis + layers.replica - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_redis_without_room_gives_nothing() {
        let layers = Layers::of(&PLAN, &half(), 0);
        assert!(layers.redis < 1e-3 && (layers.replica - 0.5).abs() < 1e-3);
        assert!((layers.replica_loads() - 500.0).abs() < 1.0);
    }

    #[test]
    fn what_processes_no_longer_remember_redis_holds_in_vain() {
        let few = Plan { edits: 100, popular_edits: 0.0, recent_limit: 500, ..PLAN };
        // As many seconds as it takes to edit half of a thousand products, each as likely.
        let expected = 10.0 * 2.0_f64.ln();
        assert!((window(&few) - expected).abs() < 1e-6, "{}", window(&few));
        let all = Plan { recent_limit: 1_000, ..few };
        let missed = |plan: &Plan| Layers::of(plan, &half(), 1 << 40).missed;
        assert!(missed(&few) > 10.0 * missed(&all));
    }
}
