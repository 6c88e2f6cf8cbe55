//! Redis: a cache on this machine only, which keeps nothing on disk.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::account::Account;
use crate::process::{Lifetime, Process, command, run, spawn};
use crate::state::State;
use crate::{Component, Error, Result, program};

const OLDEST: u32 = 7;

/// Starts the server.
pub(crate) async fn launch(state: &State) -> Result<Process> {
    let program = find().await?;
    let layout = state.layout();
    let account = Account::own();
    let data = layout.data(Component::Redis);
    account.make_folder(&data)?;
    let mut server = command(&program, state.lifetime, &account);
    server
        .args(["--port", &state.ports.redis.to_string()])
        .args(["--bind", "127.0.0.1", "--daemonize", "no"])
        .args(["--save", "", "--appendonly", "no"])
        .args(["--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru"])
        .arg("--dir")
        .arg(&data);
    spawn(server, &layout.log(Component::Redis))
}

/// Whether the server answers a PING.
pub(crate) async fn is_ready(port: u16) -> bool {
    ping(port).await.unwrap_or(false)
}

async fn ping(port: u16) -> std::io::Result<bool> {
    Ok(&ask(port, b"PING\r\n").await? == b"+PONG")
}

/// Has the server forget everything.
pub(crate) async fn flush(port: u16) -> Result<()> {
    let answer: std::io::Result<[u8; 3]> = ask(port, b"FLUSHALL\r\n").await;
    match answer {
        Ok(answer) if &answer == b"+OK" => Ok(()),
        Ok(_) => Err(Error::io("flush Redis", std::io::Error::other("it refused"))),
        Err(error) => Err(Error::io("flush Redis", error)),
    }
}

/// Sends an inline command and gives the beginning of the answer.
async fn ask<const N: usize>(port: u16, command: &[u8]) -> std::io::Result<[u8; N]> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(command).await?;
    let mut answer = [0; N];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}

async fn find() -> Result<PathBuf> {
    let missing = Error::Missing {
        program: "Redis 7 or newer",
        package: "redis-server (Debian 12, Ubuntu 24.04 or newer have it)",
    };
    let Some(path) = program::find("redis-server") else {
        return Err(missing);
    };
    match major_version(&path).await? {
        Some(major) if major < OLDEST => Err(missing),
        _ => Ok(path),
    }
}

async fn major_version(program: &Path) -> Result<Option<u32>> {
    let mut asked = command(program, Lifetime::Bound, &Account::own());
    asked.arg("--version");
    let text = run("asking redis-server for its version", Duration::from_secs(10), asked).await?;
    Ok(parse_major(&text))
}

fn parse_major(text: &str) -> Option<u32> {
    let version = text.split_whitespace().find_map(|w| w.strip_prefix("v="))?;
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse_major;

    #[test]
    fn the_major_version_is_read_from_what_the_server_prints() {
        let text = "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64";
        assert_eq!(parse_major(text), Some(7));
        assert_eq!(parse_major("something else"), None);
    }
}
