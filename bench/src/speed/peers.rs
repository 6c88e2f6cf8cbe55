//! The servers beside which catalog-query is measured, each set up as its own manual says for speed: one
//! worker, no logs, everything in memory.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;
use uuid::Uuid;

use super::served::{Served, free_address};

/// More than any run asks for over one connection.
const REQUESTS_PER_CONNECTION: u32 = 1_000_000_000;

/// Starts a program that answers everything with the answer that is kept in `file`.
pub(crate) async fn constant(folder: &Path, file: &Path) -> anyhow::Result<Served> {
    let address = free_address().await?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("constant").arg(address.to_string()).arg(file).env("TOKIO_WORKER_THREADS", "1");
    Served::start("bare hyper", &command, address, &folder.join("hyper.log")).await
}

/// Starts the same, which asks the Redis at `url` once for `key` before each answer.
pub(crate) async fn constant_after_redis(
    folder: &Path,
    file: &Path,
    url: &str,
    key: &str,
) -> anyhow::Result<Served> {
    let address = free_address().await?;
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("constant")
        .arg(address.to_string())
        .arg(file)
        .args(["--redis", url, "--key", key])
        .env("TOKIO_WORKER_THREADS", "1");
    let log = folder.join("hyper-after-redis.log");
    Served::start("bare hyper with one GET", &command, address, &log).await
}

/// Starts nginx with a file of `body` for each product.
pub(crate) async fn nginx_files(
    folder: &Path,
    products: &[Uuid],
    body: &[u8],
) -> anyhow::Result<Served> {
    let files = folder.join("files");
    let place = files.join("v1/products");
    fs::create_dir_all(&place)?;
    for product in products {
        fs::write(place.join(product.to_string()), body).with_context(|| {
            format!("cannot write a file of each product to {}", place.display())
        })?;
    }
    let settings = format!(
        "default_type application/json; open_file_cache max={} inactive=1h;",
        products.len() + 1_000
    );
    let location = format!("root {};", files.display());
    nginx("nginx, files", folder, "nginx-files", &settings, &location).await
}

/// Starts nginx as a cache before `backend`.
pub(crate) async fn nginx_cache(folder: &Path, backend: SocketAddr) -> anyhow::Result<Served> {
    let settings = format!(
        "proxy_cache_path {}/nginx-cache.d levels=1:2 keys_zone=products:64m inactive=1h max_size=4g;
         open_file_cache max=200000 inactive=1h;
         proxy_cache products; proxy_cache_valid 200 1h; proxy_cache_key $request_uri;
         proxy_ignore_headers Cache-Control Expires Vary Set-Cookie; proxy_http_version 1.1;",
        folder.display()
    );
    let location = format!("proxy_pass http://{backend};");
    nginx("nginx, proxy_cache", folder, "nginx-cache", &settings, &location).await
}

async fn nginx(
    name: &'static str,
    folder: &Path,
    file: &str,
    settings: &str,
    location: &str,
) -> anyhow::Result<Served> {
    let address = free_address().await?;
    let text = format!(
        "daemon off; pid {folder}/{file}.pid; error_log stderr crit; worker_processes 1;
         worker_rlimit_nofile 300000;
         events {{ worker_connections 4096; }}
         http {{
             access_log off; keepalive_timeout 1h; keepalive_requests {REQUESTS_PER_CONNECTION};
             client_body_temp_path {folder}/{file}.tmp; proxy_temp_path {folder}/{file}.tmp;
             fastcgi_temp_path {folder}/{file}.tmp; uwsgi_temp_path {folder}/{file}.tmp;
             scgi_temp_path {folder}/{file}.tmp;
             sendfile on; tcp_nopush on; open_file_cache_valid 1h;
             {settings}
             server {{ listen {address} backlog=1024; location / {{ {location} }} }}
         }}\n",
        folder = folder.display()
    );
    let config = folder.join(file).with_extension("conf");
    fs::write(&config, text)?;
    let mut command = Command::new(system_program("nginx")?);
    command.arg("-c").arg(&config).arg("-p").arg(folder);
    Served::start(name, &command, address, &folder.join(file).with_extension("log")).await
}

/// All that Varnish would write of a hit.
const UNLOGGED: &str = "vsl_mask=-Begin,-End,-Link,-SessOpen,-SessClose,-ReqStart,-ReqMethod,-ReqURL,-ReqProtocol,\
    -ReqHeader,-ReqUnset,-ReqAcct,-RespProtocol,-RespStatus,-RespReason,-RespHeader,-RespUnset,-VCL_call,-VCL_return,\
    -VCL_use,-Timestamp,-Hit";

/// Starts Varnish before `backend`.
pub(crate) async fn varnish(folder: &Path, backend: SocketAddr) -> anyhow::Result<Served> {
    let address = free_address().await?;
    let vcl = folder.join("varnish.vcl");
    let text = format!(
        "vcl 4.1;
         backend constant {{ .host = \"{}\"; .port = \"{}\"; }}
         sub vcl_backend_response {{ set beresp.ttl = 1h; unset beresp.http.vary; return (deliver); }}\n",
        backend.ip(),
        backend.port()
    );
    fs::write(&vcl, text)?;
    let mut command = Command::new(system_program("varnishd")?);
    command
        .args(["-F", "-j", "none", "-a", &address.to_string(), "-s", "malloc,2g"])
        // One pool of threads, a thread for each connection; nothing is written to its log in memory.
        .args(["-p", "thread_pools=1", "-p", "thread_pool_min=100", "-p", UNLOGGED])
        .args(["-p", "timeout_idle=3600"])
        .arg("-f")
        .arg(&vcl)
        .arg("-n")
        .arg(folder.join("varnish.d"));
    Served::start("Varnish", &command, address, &folder.join("varnish.log")).await
}

/// Where Debian puts servers, which is not on everybody's `PATH`.
fn system_program(name: &str) -> anyhow::Result<PathBuf> {
    let path = Path::new("/usr/sbin").join(name);
    anyhow::ensure!(
        path.is_file(),
        "{} is not there: devstack/install-packages.sh bench installs it",
        path.display()
    );
    Ok(path)
}
