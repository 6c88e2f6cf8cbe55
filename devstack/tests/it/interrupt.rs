//! `devstack test` that is interrupted leaves nothing running.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use devstack::Process;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::support::eventually;

const START_LIMIT: Duration = Duration::from_mins(2);

#[tokio::test]
async fn after_ctrl_c_nothing_is_left() {
    assert_nothing_left(Signal::SIGINT).await;
}

#[tokio::test]
async fn after_a_termination_nothing_is_left() {
    assert_nothing_left(Signal::SIGTERM).await;
}

#[tokio::test]
async fn after_a_kill_no_store_is_left() {
    let running = Running::start().await;
    running.send(Signal::SIGKILL);
    running.assert_gone(&running.stores).await;
    // Nobody was left to do this.
    fs::remove_dir_all(&running.folder).expect("the folder can be removed");
}

#[tokio::test]
async fn a_failing_command_gives_its_exit_code_and_nothing_is_left() {
    let output = devstack(&["sh", "-c", "echo $VITRINA_TEST_STACK; exit 7"])
        .output()
        .await
        .expect("it runs");
    assert_eq!(output.status.code(), Some(7));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!Path::new(text.trim()).exists(), "{text}");
}

async fn assert_nothing_left(signal: Signal) {
    let mut running = Running::start().await;
    running.send(signal);
    let status = timeout(START_LIMIT, running.child.wait())
        .await
        .expect("it ends in time")
        .expect("it ends");
    assert_eq!(status.code(), Some(130));
    running.assert_gone(&running.stores).await;
    running.assert_gone(&[running.command]).await;
    assert!(!running.folder.exists());
}

/// A `devstack test` whose stack is up and whose command runs.
struct Running {
    child: Child,
    folder: PathBuf,
    stores: Vec<Process>,
    command: Process,
}

impl Running {
    async fn start() -> Self {
        // The command tells its own number, and waits much longer than the test.
        let script = "echo $VITRINA_TEST_STACK $$; exec sleep 600";
        let mut child =
            devstack(&["sh", "-c", script]).stdout(Stdio::piped()).spawn().expect("it starts");
        let output = child.stdout.take().expect("it is piped");
        let line = timeout(START_LIMIT, BufReader::new(output).lines().next_line())
            .await
            .expect("the stack starts in time")
            .expect("readable")
            .expect("a line");
        let (file, pid) = line.split_once(' ').expect("a path and a number");
        let file = Path::new(file);
        Self {
            child,
            folder: file.parent().expect("a folder").to_path_buf(),
            stores: stores(file),
            command: Process::of_pid(pid.parse().expect("a number")).expect("it runs"),
        }
    }

    fn send(&self, signal: Signal) {
        let pid = self.child.id().expect("it runs");
        let pid = i32::try_from(pid).expect("a process id");
        kill(Pid::from_raw(pid), signal).expect("it can be sent");
    }

    async fn assert_gone(&self, processes: &[Process]) {
        eventually("the processes are gone", async || {
            !processes.iter().any(|process| process.is_alive())
        })
        .await;
    }
}

fn stores(file: &Path) -> Vec<Process> {
    let text = fs::read_to_string(file).expect("the description");
    let stack: Value = serde_json::from_str(&text).expect("JSON");
    let processes = stack["processes"].as_object().expect("processes");
    let stores: Vec<Process> = processes
        .values()
        .map(|value| serde_json::from_value(value.clone()).expect("a process"))
        .collect();
    assert_eq!(stores.len(), 4);
    assert!(stores.iter().all(|store| store.is_alive()));
    stores
}

fn devstack(command: &[&str]) -> Command {
    let mut devstack = Command::new(env!("CARGO_BIN_EXE_devstack"));
    devstack.args(["test", "--"]).args(command).stdin(Stdio::null()).stderr(Stdio::null());
    devstack
}
