//! What one read out of memory costs in instructions, all of it: the connection, HTTP, the freshness rule, the
//! metrics. Counted by callgrind over a pipe in memory, so that they repeat; beside it what a bare hyper
//! server takes that answers a constant.
//!
//! Beside each case stands what was counted last; 5 % more fail here. A change that is worth more sets it anew
//! and says why.

#![allow(missing_docs, reason = "of what the macros of gungraun make")]

use bench::speed::growth::{Asking, Pipe, catalog_query, constant, grown};
use gungraun::{
    Callgrind, EventKind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main,
};

/// As in the service.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Counted together, so that what happens every few dozen requests has its share. Reports divide by it.
const REQUESTS: usize = 4_096;

/// Fails at 5 % more than so many instructions for each request.
fn counted(instructions: u64) -> LibraryBenchmarkConfig {
    let limit = instructions * REQUESTS as u64 * 105 / 100;
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(Callgrind::default().hard_limits([(EventKind::Ir, limit)]));
    config
}

#[library_benchmark]
#[bench::hyper(args = (Asking::Plainly,), setup = constant)]
fn floor(mut pipe: Pipe) -> Pipe {
    pipe.exchange(REQUESTS);
    pipe
}

#[library_benchmark(setup = catalog_query)]
#[bench::ok(args = (Asking::Plainly,), config = counted(17_279))]
#[bench::encoded(args = (Asking::ForEncodings,), config = counted(19_728))]
#[bench::not_modified(args = (Asking::WhetherChanged,), config = counted(16_977))]
fn product(mut pipe: Pipe) -> Pipe {
    pipe.exchange(REQUESTS);
    pipe
}

// More products and more recent changes, which must make no difference. A million products would take minutes
// to set up here; what they do to the processor's caches, which callgrind has not, `bench speed` measures.
#[library_benchmark(setup = grown)]
#[bench::products_10k(args = (10_000, 1_000))]
#[bench::products_100k(args = (100_000, 1_000))]
#[bench::changes_8k(args = (10_000, 8_000))]
#[bench::changes_64k(args = (10_000, 64_000))]
fn product_among(mut pipe: Pipe) -> Pipe {
    pipe.exchange(REQUESTS);
    pipe
}

library_benchmark_group!(name = hot_read, benchmarks = [floor, product, product_among]);
main!(library_benchmark_groups = hot_read);
