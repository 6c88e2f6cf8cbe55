//! `bench constant`: a part of other measurements.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context as _;
use bench::speed::{AfterRedis, Constant};
use clap::Args;
use tokio::net::TcpListener;

/// What is answered, and where.
#[derive(Args)]
pub(super) struct Arguments {
    /// Where to listen.
    address: SocketAddr,
    /// A file with one answer as it goes over a connection.
    answer: PathBuf,
    /// A Redis that is asked once before each answer.
    #[arg(long, requires = "key")]
    redis: Option<String>,
    /// What it is asked for.
    #[arg(long, requires = "redis")]
    key: Option<String>,
}

/// Answers everything with one constant, until it is killed.
pub(super) async fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let Arguments { address, answer, redis, key } = arguments;
    let text =
        std::fs::read(answer).with_context(|| format!("cannot read {}", answer.display()))?;
    let constant = Constant::like(&text)?;
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("cannot bind {address}"))?;
    match redis.as_deref().zip(key.as_deref()) {
        Some((redis, key)) => AfterRedis::new(constant, redis, key)?.serve(listener).await?,
        None => constant.serve(listener).await?,
    }
    Ok(true)
}
