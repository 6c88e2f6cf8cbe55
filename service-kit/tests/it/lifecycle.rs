use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use service_kit::health::Readiness;
use service_kit::settings::ShutdownSettings;
use service_kit::shutdown::{Failure, Lifecycle, Stage, Tasks};
use tokio_util::sync::CancellationToken;

use crate::support::within;

fn lifecycle(readiness: &Readiness) -> Lifecycle {
    let settings = ShutdownSettings { wait: Duration::ZERO, deadline: Duration::from_millis(300) };
    Lifecycle::new(settings, readiness.clone())
}

/// Spawns a task that writes its name down when it is told to stop.
fn note_end(
    tasks: &Tasks,
    stage: Stage,
    name: &'static str,
    ended: &Arc<Mutex<Vec<&'static str>>>,
) {
    let ended = Arc::clone(ended);
    tasks.spawn(stage, name, |stop: CancellationToken| async move {
        stop.cancelled().await;
        ended.lock().expect("nobody panics with it").push(name);
        Ok::<_, Infallible>(())
    });
}

#[tokio::test]
async fn stages_end_one_after_the_other_and_readiness_first() {
    let readiness = Readiness::new();
    let lifecycle = lifecycle(&readiness);
    let tasks = lifecycle.tasks();
    let ended = Arc::default();
    note_end(&tasks, Stage::Operate, "ops", &ended);
    note_end(&tasks, Stage::Store, "pool", &ended);
    note_end(&tasks, Stage::Consume, "poller", &ended);
    let (seen, still_ready) = (readiness.clone(), Arc::new(Mutex::new(None)));
    let answer = Arc::clone(&still_ready);
    tasks.spawn(Stage::Serve, "http", |stop| async move {
        stop.cancelled().await;
        *answer.lock().expect("nobody panics with it") = Some(seen.is_ready());
        Ok::<_, Infallible>(())
    });
    note_end(&tasks, Stage::Serve, "http", &ended);

    assert!(readiness.is_ready());
    tasks.request_shutdown();
    assert_eq!(within(lifecycle.run()).await, Ok(()));
    assert_eq!(*ended.lock().expect("no panic"), ["http", "poller", "pool", "ops"]);
    assert_eq!(*still_ready.lock().expect("no panic"), Some(false));
}

#[tokio::test]
async fn a_tasks_error_ends_the_process_with_its_causes() {
    let lifecycle = lifecycle(&Readiness::new());
    let tasks = lifecycle.tasks();
    tasks.spawn(Stage::Consume, "consumer", |_| async {
        Err(io::Error::other("the topic is gone"))
    });
    let ended = Arc::default();
    note_end(&tasks, Stage::Store, "pool", &ended);
    let failure = Failure::Task { task: "consumer", reason: "the topic is gone".to_owned() };
    assert_eq!(within(lifecycle.run()).await, Err(failure));
    assert_eq!(*ended.lock().expect("no panic"), ["pool"], "the rest ends in order");
}

#[tokio::test]
async fn a_failure_while_ending_is_told_too() {
    let lifecycle = lifecycle(&Readiness::new());
    let tasks = lifecycle.tasks();
    tasks.spawn(Stage::Consume, "publisher", |stop| async move {
        stop.cancelled().await;
        Err(io::Error::other("not all was sent"))
    });
    tasks.request_shutdown();
    let failure = Failure::Task { task: "publisher", reason: "not all was sent".to_owned() };
    assert_eq!(within(lifecycle.run()).await, Err(failure));
}

fn bug() -> Result<(), Infallible> {
    panic!("a bug")
}

#[tokio::test]
async fn a_panic_in_a_task_or_a_thread_ends_the_process() {
    let expected = |task| Err(Failure::Task { task, reason: "panicked: a bug".to_owned() });
    let one = lifecycle(&Readiness::new());
    one.tasks().spawn(Stage::Consume, "task", |_| async { bug() });
    assert_eq!(within(one.run()).await, expected("task"));

    let other = lifecycle(&Readiness::new());
    other.tasks().spawn_thread(Stage::Consume, "thread", |_| bug());
    assert_eq!(within(other.run()).await, expected("thread"));
}

#[tokio::test]
async fn a_thread_is_waited_for() {
    let lifecycle = lifecycle(&Readiness::new());
    let tasks = lifecycle.tasks();
    let (name, named) = std::sync::mpsc::channel();
    tasks.spawn_thread(Stage::Consume, "poller", move |stop| {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(stop.cancelled());
        name.send(std::thread::current().name().map(str::to_owned)).map_err(io::Error::other)
    });
    tasks.request_shutdown();
    assert_eq!(within(lifecycle.run()).await, Ok(()));
    assert_eq!(named.try_recv(), Ok(Some("poller".to_owned())), "it had ended before");
}

#[tokio::test]
async fn a_task_that_does_not_end_is_named_at_the_deadline() {
    let lifecycle = lifecycle(&Readiness::new());
    let tasks = lifecycle.tasks();
    tasks.spawn(Stage::Consume, "stuck", |_| std::future::pending::<Result<(), Infallible>>());
    tasks.spawn(Stage::Serve, "quick", |_| async { Ok::<_, Infallible>(()) });
    tasks.request_shutdown();
    let outcome = within(lifecycle.run()).await;
    assert_eq!(outcome, Err(Failure::Deadline(vec!["stuck"])));
}

#[tokio::test]
async fn a_task_that_ends_well_ends_nothing_else() {
    let lifecycle = lifecycle(&Readiness::new());
    let tasks = lifecycle.tasks();
    let ended = Arc::default();
    note_end(&tasks, Stage::Serve, "http", &ended);
    let (done, finished) = tokio::sync::oneshot::channel::<()>();
    tasks.spawn(Stage::Consume, "once", |_| async move {
        drop(done);
        Ok::<_, Infallible>(())
    });
    let run = tokio::spawn(lifecycle.run());
    within(finished).await.expect_err("dropped");
    assert!(ended.lock().expect("no panic").is_empty());
    tasks.request_shutdown();
    assert_eq!(within(run).await.expect("no panic"), Ok(()));
}
