//! What is simulated.

use std::time::Duration;

use crate::report::as_figure;

/// A catalog, what is asked of it, and what its processes have.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct Plan {
    /// Processes of catalog-query.
    #[arg(long, default_value_t = Plan::STANDARD.pods, value_parser = clap::value_parser!(u32).range(1..))]
    pub pods: u32,
    /// Products.
    #[arg(long, default_value_t = Plan::STANDARD.products, value_parser = clap::value_parser!(u64).range(1..))]
    pub products: u64,
    /// How unevenly they are read: the exponent of Zipf's law.
    #[arg(long, default_value_t = Plan::STANDARD.skew)]
    pub skew: f64,
    /// Reads a second, over all processes.
    #[arg(long, default_value_t = Plan::STANDARD.reads, value_parser = clap::value_parser!(u64).range(1..))]
    pub reads: u64,
    /// Edits a second.
    #[arg(long, default_value_t = Plan::STANDARD.edits)]
    pub edits: u64,
    /// The part of the edits that chooses products as reads do; the rest takes any.
    #[arg(long, default_value_t = Plan::STANDARD.popular_edits)]
    pub popular_edits: f64,
    /// The memory of a process, as its setting `CACHE__MEMORY_BYTES` says.
    #[arg(long, default_value_t = Plan::STANDARD.memory_bytes)]
    pub memory_bytes: u64,
    /// What an answer weighs in it.
    #[arg(long, default_value_t = Plan::STANDARD.entry_bytes, value_parser = clap::value_parser!(u32).range(1..))]
    pub entry_bytes: u32,
    /// What a document takes in Redis, with its keys.
    #[arg(long, default_value_t = Plan::STANDARD.document_bytes, value_parser = clap::value_parser!(u64).range(1..))]
    pub document_bytes: u64,
    /// Seconds for which Redis keeps a document.
    #[arg(long, default_value_t = Plan::STANDARD.redis_life)]
    pub redis_life: u64,
    /// Milliseconds between two polls of a process.
    #[arg(long, default_value_t = Plan::STANDARD.poll_millis, value_parser = clap::value_parser!(u64).range(1..))]
    pub poll_millis: u64,
    /// Milliseconds that an answer may be old without saying so.
    #[arg(long, default_value_t = Plan::STANDARD.bound_millis)]
    pub bound_millis: u64,
    /// How many changed things a process remembers.
    #[arg(long, default_value_t = Plan::STANDARD.recent_limit)]
    pub recent_limit: usize,
    /// How many processes are simulated; all are alike.
    #[arg(long, default_value_t = Plan::STANDARD.simulated_pods, value_parser = clap::value_parser!(u32).range(1..))]
    pub simulated_pods: u32,
    /// How many reads of each; what the first third finds is not counted.
    #[arg(long, default_value_t = Plan::STANDARD.simulated_reads, value_parser = clap::value_parser!(u64).range(1..))]
    pub simulated_reads: u64,
    /// Of the choice of products.
    #[arg(long, default_value_t = Plan::STANDARD.seed)]
    pub seed: u64,
}

impl Plan {
    /// What the project's report is of. A process has the services' defaults.
    pub const STANDARD: Self = Self {
        pods: 1_000,
        products: 100_000_000,
        skew: 0.99,
        reads: 5_000_000,
        edits: 2_000,
        popular_edits: 0.5,
        memory_bytes: 256 << 20,
        entry_bytes: 2_600,
        document_bytes: 4_096,
        redis_life: 3_600,
        poll_millis: 250,
        bound_millis: 2_000,
        recent_limit: 1_000_000,
        simulated_pods: 2,
        simulated_reads: 3_000_000,
        seed: 1,
    };

    /// How old an answer may be without saying so.
    pub fn bound(&self) -> Duration {
        Duration::from_millis(self.bound_millis)
    }

    /// Reads a second of one process.
    pub fn reads_of_a_pod(&self) -> f64 {
        as_figure(self.reads) / f64::from(self.pods)
    }

    /// What a process keeps rendered products in: the share that catalog-query's `app.rs` gives them.
    pub fn rendered_bytes(&self) -> u64 {
        self.memory_bytes / 16 * 12
    }

    /// How many of them that is.
    pub fn entries(&self) -> f64 {
        as_figure(self.rendered_bytes()) / f64::from(self.entry_bytes)
    }
}
