//! `bench speed`.

use std::{fs, io::Write, path::Path};

use anyhow::{Context as _, ensure};
use bench::{
    load::Catalog,
    report::{Kind, Row, conditions},
    speed::{batch, flush, growth, hot_read, memory, miss, overload, propagation, redis_hit},
};
use clap::{Args, ValueEnum};
use devstack::{Stack, demo::DemoCatalog, loading::Loading};
use rand::{SeedableRng as _, rngs::SmallRng};

/// A smaller plan than the whole.
#[derive(Args)]
pub(super) struct Arguments {
    /// Each section with few products and for moments, to see that all of it runs.
    #[arg(long)]
    short: bool,
    /// Only this section.
    #[arg(long, value_enum)]
    only: Option<Section>,
}

/// A part of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Section {
    /// A product out of memory, beside bare hyper, nginx and Varnish.
    HotRead,
    /// A product out of Redis, beside bare hyper with one GET.
    RedisHit,
    /// Many products in one request, and requests for the same at the same time.
    Batch,
    /// A product that only the replica has, and a herd that asks for it.
    Miss,
    /// Redis forgets everything under full load.
    Flush,
    /// More requests than a process can carry.
    Overload,
    /// What entries weigh in memory and in Redis.
    Memory,
    /// What a read costs with more products and more changes.
    Growth,
    /// From a change to every pod. Its import makes the catalog longer, so it comes last.
    Propagation,
}

/// Measures; whether every target was met.
pub(super) async fn run(stack: &Stack, root: &Path, arguments: &Arguments) -> anyhow::Result<bool> {
    let Arguments { short, only } = *arguments;
    let kind = if short || only.is_some() { Kind::Other } else { Kind::Standard };
    let plan = if short { hot_read::Plan::SHORT } else { hot_read::Plan::STANDARD };
    println!("Loading {} products.", plan.products);
    Box::pin(load(stack, plan.products)).await?;
    let folder = root.join("target/bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut rows = conditions(Box::pin(seen(stack)).await?).to_vec();
    for section in
        Section::value_variants().iter().filter(|it| only.is_none_or(|only| only == **it))
    {
        println!("{}", section.title());
        rows.extend(section.measure(stack, &folder, short).await?);
    }
    super::finish(root, "latest", kind, &rows)
}

impl Section {
    const fn title(self) -> &'static str {
        match self {
            Self::HotRead => "Reads out of memory, beside bare hyper, nginx and Varnish.",
            Self::RedisHit => "Reads out of Redis, beside bare hyper with one GET.",
            Self::Batch => "Batches, and many who ask for the same at once.",
            Self::Miss => "Misses, alone and in herds.",
            Self::Flush => "Redis forgets everything under full load.",
            Self::Overload => "More requests than a process can carry.",
            Self::Memory => "What is kept in memory and in Redis.",
            Self::Growth => "What a read costs with more products and more changes.",
            Self::Propagation => "From a change to every pod.",
        }
    }

    /// Boxed, because whoever waits for one would carry all of them in its own future.
    async fn measure(self, stack: &Stack, folder: &Path, short: bool) -> anyhow::Result<Vec<Row>> {
        match self {
            Self::HotRead => {
                let plan = if short { hot_read::Plan::SHORT } else { hot_read::Plan::STANDARD };
                Box::pin(hot_read::run(stack, &plan, folder)).await
            }
            Self::RedisHit => {
                let plan = if short { redis_hit::Plan::SHORT } else { redis_hit::Plan::STANDARD };
                Box::pin(redis_hit::run(stack, &plan, folder)).await
            }
            Self::Batch => {
                let plan = if short { batch::Plan::SHORT } else { batch::Plan::STANDARD };
                Box::pin(batch::run(stack, &plan, folder)).await
            }
            Self::Miss => {
                let plan = if short { miss::Plan::SHORT } else { miss::Plan::STANDARD };
                Box::pin(miss::run(stack, &plan, folder)).await
            }
            Self::Flush => {
                let plan = if short { flush::Plan::SHORT } else { flush::Plan::STANDARD };
                Box::pin(flush::run(stack, &plan, folder)).await
            }
            Self::Overload => {
                let plan = if short { overload::Plan::SHORT } else { overload::Plan::STANDARD };
                Box::pin(overload::run(stack, &plan, folder)).await
            }
            Self::Memory => {
                let plan = if short { memory::Plan::SHORT } else { memory::Plan::STANDARD };
                Box::pin(memory::run(stack, &plan, folder)).await
            }
            Self::Growth => {
                let plan = if short { growth::Plan::SHORT } else { growth::Plan::STANDARD };
                Box::pin(growth::run(&plan)).await
            }
            Self::Propagation => {
                let plan =
                    if short { propagation::Plan::SHORT } else { propagation::Plan::STANDARD };
                Box::pin(propagation::run(stack, &plan, folder)).await
            }
        }
    }
}

/// The demonstration catalog with so many products; what is there already stays.
async fn load(stack: &Stack, products: usize) -> anyhow::Result<()> {
    let date = DemoCatalog::DATE.parse()?;
    let catalog = DemoCatalog { products: u32::try_from(products)?, seed: DemoCatalog::SEED, date };
    let produce = move |mut out: &mut dyn Write| catalog.write(&mut out);
    let loaded = Loading::of(&stack.addresses())?.load(produce, |_| ()).await?;
    ensure!(
        loaded.rejected == 0,
        "{} lines were rejected: see import {}",
        loaded.rejected,
        loaded.id
    );
    Ok(stack.wait_for_replica().await?)
}

/// How many products storefronts see.
async fn seen(stack: &Stack) -> anyhow::Result<usize> {
    let mut random = SmallRng::seed_from_u64(0);
    Ok(Catalog::load(&stack.addresses().primary.admin, &mut random).await?.len())
}
