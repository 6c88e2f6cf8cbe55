//! `devstack test`: a stack for as long as a command runs.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use anyhow::Context as _;
use devstack::{Process, Progress, TEST_STACK_VARIABLE, TestStack};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::demonstration;
use super::foreground::Foreground;
use super::interrupt::Interrupt;
use super::lock;

/// By which scripts, as those of k6, find a stack with services.
const STACK_VARIABLE: &str = "VITRINA_STACK";
/// How long the command may take to end after it was asked to.
const ENDING_LIMIT: Duration = Duration::from_secs(10);
/// How often a command at a terminal is looked at for whether it was stopped there.
const LOOK: Duration = Duration::from_millis(200);

/// The stack is killed when this ends, however it ends.
pub(super) async fn run(
    directory: Option<PathBuf>,
    services: bool,
    settings: BTreeMap<String, String>,
    command: Vec<String>,
) -> anyhow::Result<ExitCode> {
    // Before anything starts, so that no interrupt can come too early.
    let mut interrupt = Interrupt::listen()?;
    let progress = Progress::Stderr;
    // A folder that is named may be another command's; a temporary one is this one's alone.
    let _lock = directory.as_deref().map(lock::take).transpose()?;
    let stack = TestStack::prepare(directory, settings)?;
    progress.say("starting the tests' stack");
    tokio::select! {
        started = start_all(&stack, services, progress) => started?,
        name = interrupt.arrived() => return Ok(interrupted(name)),
    }
    let file = stack.layout().stack_file();
    progress.say(&format!("{TEST_STACK_VARIABLE}={}", file.display()));
    let mut child = start(&stack, services, &command)?;
    let foreground = group(&child).and_then(Foreground::lend);
    loop {
        tokio::select! {
            status = child.wait() => return Ok(exit_code(status?)),
            name = interrupt.arrived() => {
                end(&mut child).await;
                return Ok(interrupted(name));
            }
            () = sleep(LOOK), if foreground.is_some() => {}
        }
        if let Some(foreground) = &foreground
            && is_stopped(&child)
        {
            foreground.stop_too();
        }
    }
}

async fn start_all(stack: &TestStack, services: bool, progress: Progress) -> anyhow::Result<()> {
    stack.start_stores(progress).await?;
    if services {
        stack.start_services(progress).await?;
        stack.issue_token().await?;
        demonstration::load_if_empty(stack, progress).await?;
    }
    Ok(())
}

fn group(child: &Child) -> Option<Pid> {
    Some(Pid::from_raw(i32::try_from(child.id()?).ok()?))
}

fn is_stopped(child: &Child) -> bool {
    child.id().and_then(Process::of_pid).is_some_and(Process::is_paused)
}

fn start(stack: &TestStack, services: bool, command: &[String]) -> anyhow::Result<Child> {
    let (program, arguments) = command.split_first().context("no command was given")?;
    // Private stacks of tests go below, so that they vanish with this one even if their test
    // could not clean up.
    let temporary = stack.layout().directory().join("tmp");
    fs::create_dir_all(&temporary).context("cannot make the tests' temporary folder")?;
    let file = stack.layout().stack_file();
    Command::new(program)
        .args(arguments)
        .envs(services.then(|| (STACK_VARIABLE, file.clone())))
        .env(TEST_STACK_VARIABLE, file)
        .env("TMPDIR", temporary)
        // A group of its own, to end the command with all that it started.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {program}"))
}

/// Asks the command's whole group to end, and makes it.
async fn end(child: &mut Child) {
    let Some(group) = group(child) else {
        return;
    };
    // A group that is gone already is what is wanted.
    let _ = killpg(group, Signal::SIGTERM);
    let _ = timeout(ENDING_LIMIT, child.wait()).await;
    let _ = killpg(group, Signal::SIGKILL);
}

fn interrupted(name: &str) -> ExitCode {
    eprintln!("{name}: stopped the command and the stack");
    ExitCode::from(130)
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let number = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(number).unwrap_or(1))
}
