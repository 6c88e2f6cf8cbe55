//! One process: what it has in memory, and what the rule makes of each read.

use std::{
    hash::{BuildHasherDefault, DefaultHasher},
    slice,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use catalog_core::freshness::{Moment, Part, Proof, Published, Verdict, Xid, judge};
use moka::{ops::compute::Op, sync::Cache};

use super::{
    Plan,
    known::Known,
    primary::{EPOCH, Primary},
};

/// The cache's usual hasher is seeded anew in each process, so that no run would repeat another.
type Hasher = BuildHasherDefault<DefaultHasher>;

/// What became of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Served {
    /// Answered from memory.
    Current,
    /// Answered from memory, within the bound, and loaded again beside: a change has overtaken it.
    Refreshed,
    /// Loaded first: a change has overtaken it, and it was last proven longer ago than the bound.
    Overtaken,
    /// Loaded first: it was not in memory.
    Absent,
}

/// A process, with the cache that catalog-query's `RenderedCache` is.
#[derive(Debug)]
pub(super) struct Pod {
    memory: Cache<u64, Arc<Held>, Hasher>,
    bound: Duration,
}

/// What is in memory of a product.
#[derive(Debug)]
struct Held {
    part: Part,
    horizon: AtomicU64,
    proven_at: AtomicU64,
}

impl Pod {
    /// Nothing is in memory yet.
    pub(super) fn new(plan: &Plan) -> Self {
        let weight = plan.entry_bytes;
        let memory = Cache::builder()
            .max_capacity(plan.rendered_bytes())
            .weigher(move |_: &u64, _: &Arc<Held>| weight)
            .build_with_hasher(Hasher::default());
        Self { memory, bound: plan.bound() }
    }

    /// Reads a product. A load takes no time here.
    pub(super) fn read(
        &self,
        product: u64,
        now: Moment,
        known: &Known,
        primary: &Primary,
    ) -> Served {
        let held = self.memory.get(&product);
        let served = held.map_or(Served::Absent, |held| held.served(now, self.bound, known));
        if served != Served::Current {
            // The fast path has looked in vain, so the router looks, and whoever renders what was loaded.
            // What stays in memory is decided by how often it is looked for.
            self.memory.get(&product);
            self.memory.get(&product);
            let loaded = Arc::new(Held::loaded(primary.part(product), known.published()));
            self.memory.entry(product).and_compute_with(|_| Op::Put(loaded));
        }
        // The cache puts this off until there are some dozens of reads, or until time has passed, on which
        // no run may depend.
        self.memory.run_pending_tasks();
        served
    }

    /// How many products are in memory.
    pub(super) fn entries(&self) -> u64 {
        self.memory.entry_count()
    }
}

impl Held {
    fn loaded(part: Part, poll: Published) -> Self {
        let (horizon, proven_at) = (poll.horizon.0.into(), poll.sent.0.into());
        Self { part, horizon, proven_at }
    }

    /// As `read/decision.rs` in catalog-query decides.
    fn served(&self, now: Moment, bound: Duration, known: &Known) -> Served {
        let horizon = Xid(self.horizon.load(Relaxed));
        let proof = Proof { epoch: EPOCH, horizon, parts: slice::from_ref(&self.part) };
        if judge(proof, known) == Verdict::Current {
            let poll = known.published();
            self.horizon.fetch_max(poll.horizon.0, Relaxed);
            self.proven_at.fetch_max(poll.sent.0, Relaxed);
            Served::Current
        } else if now.since(Moment(self.proven_at.load(Relaxed))) <= bound {
            Served::Refreshed
        } else {
            Served::Overtaken
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    struct World {
        plan: Plan,
        primary: Primary,
        known: Known,
    }

    impl World {
        fn new(recent_limit: usize) -> Self {
            let plan = Plan { products: 100, recent_limit, ..Plan::STANDARD };
            let primary = Primary::new(&plan).unwrap();
            let mut world = Self { known: Known::new(recent_limit), primary, plan };
            // The first shows the epoch, the second counts.
            world.poll(0);
            world.poll(0);
            world
        }

        fn poll(&mut self, at: u64) {
            self.known.polled(Moment(at), self.primary.answer());
        }

        fn edit(&mut self, product: u64) {
            let row = self.primary.change(product);
            self.known.hear(row);
        }

        fn read(&self, pod: &Pod, product: u64, at: u64) -> Served {
            pod.read(product, Moment(at), &self.known, &self.primary)
        }
    }

    #[test]
    fn an_edit_makes_one_refresh_in_each_process_that_reads_it() {
        let mut world = World::new(10);
        let pods = [Pod::new(&world.plan), Pod::new(&world.plan)];
        for pod in &pods {
            assert_eq!(world.read(pod, 7, 0), Served::Absent);
            assert_eq!(world.read(pod, 7, 0), Served::Current);
        }
        world.edit(7);
        for pod in &pods {
            assert_eq!(world.read(pod, 7, SECOND), Served::Refreshed);
            assert_eq!(world.read(pod, 7, SECOND), Served::Current);
        }
    }

    #[test]
    fn past_the_bound_what_is_overtaken_is_loaded_first_and_what_is_not_is_proven() {
        let mut world = World::new(10);
        let pod = Pod::new(&world.plan);
        for product in [7, 8] {
            assert_eq!(world.read(&pod, product, 0), Served::Absent);
        }
        world.edit(7);
        world.poll(3 * SECOND);
        assert_eq!(world.read(&pod, 7, 3 * SECOND), Served::Overtaken);
        assert_eq!(world.read(&pod, 8, 3 * SECOND), Served::Current);
    }

    #[test]
    fn what_was_last_proven_before_all_that_is_remembered_is_loaded_again() {
        let mut world = World::new(2);
        let pod = Pod::new(&world.plan);
        assert_eq!(world.read(&pod, 7, 0), Served::Absent);
        for product in 20..30 {
            world.edit(product);
        }
        world.poll(SECOND);
        assert_eq!(world.read(&pod, 7, SECOND), Served::Refreshed);
    }

    #[test]
    fn memory_holds_no_more_than_its_budget() {
        let mut world = World::new(10);
        world.plan.memory_bytes = 16 * 10_000;
        world.plan.entry_bytes = 6_000;
        let pod = Pod::new(&world.plan);
        for product in 1..=100 {
            world.read(&pod, product, 0);
        }
        assert_eq!(pod.entries(), 20);
    }
}
