//! `devstack test`: a stack for as long as a command runs.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use anyhow::Context as _;
use devstack::{Progress, TEST_STACK_VARIABLE, TestStack};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::interrupt::Interrupt;

/// How long the command may take to end after it was asked to.
const ENDING_LIMIT: Duration = Duration::from_secs(10);

/// The stack is killed when this ends, however it ends.
pub(super) async fn run(
    directory: Option<PathBuf>,
    command: Vec<String>,
) -> anyhow::Result<ExitCode> {
    // Before anything starts, so that no interrupt can come too early.
    let mut interrupt = Interrupt::listen()?;
    let progress = Progress::Stderr;
    let stack = TestStack::prepare(directory)?;
    progress.say("starting the tests' stack");
    tokio::select! {
        started = stack.start_stores(progress) => started?,
        name = interrupt.arrived() => return Ok(interrupted(name)),
    }
    let file = stack.layout().stack_file();
    progress.say(&format!("{TEST_STACK_VARIABLE}={}", file.display()));
    let mut child = start(&stack, &command)?;
    tokio::select! {
        status = child.wait() => Ok(exit_code(status?)),
        name = interrupt.arrived() => {
            end(&mut child).await;
            Ok(interrupted(name))
        }
    }
}

fn start(stack: &TestStack, command: &[String]) -> anyhow::Result<Child> {
    let (program, arguments) = command.split_first().context("no command was given")?;
    // Private stacks of tests go below, so that they vanish with this one even if their test
    // could not clean up.
    let temporary = stack.layout().directory().join("tmp");
    fs::create_dir_all(&temporary).context("cannot make the tests' temporary folder")?;
    Command::new(program)
        .args(arguments)
        .env(TEST_STACK_VARIABLE, stack.layout().stack_file())
        .env("TMPDIR", temporary)
        // A group of its own, to end the command with all that it started.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {program}"))
}

/// Asks the command's whole group to end, and makes it.
async fn end(child: &mut Child) {
    let Some(group) = child.id().and_then(|pid| i32::try_from(pid).ok()) else {
        return;
    };
    // A group that is gone already is what is wanted.
    let _ = killpg(Pid::from_raw(group), Signal::SIGTERM);
    let _ = timeout(ENDING_LIMIT, child.wait()).await;
    let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
}

fn interrupted(name: &str) -> ExitCode {
    eprintln!("{name}: stopped the command and the stack");
    ExitCode::from(130)
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let number = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(number).unwrap_or(1))
}
