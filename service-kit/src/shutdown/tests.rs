use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_second_signal_ends_a_shutdown_that_hangs() {
    let settings =
        ShutdownSettings { wait: Duration::from_hours(1), deadline: Duration::from_hours(2) };
    let readiness = Readiness::new();
    let lifecycle = Lifecycle::new(settings, readiness.clone());
    let tasks = lifecycle.tasks();
    tasks.spawn(Stage::Serve, "stuck", |_| pending::<Result<(), Infallible>>());
    assert!(readiness.is_ready());
    let outcome = lifecycle.run_until(stream::repeat("SIGTERM")).await;
    assert_eq!(outcome, Err(Failure::Impatience));
    assert!(!readiness.is_ready());
}

#[tokio::test(start_paused = true)]
async fn it_serves_on_while_load_balancers_notice() {
    let settings =
        ShutdownSettings { wait: Duration::from_secs(5), deadline: Duration::from_secs(20) };
    let lifecycle = Lifecycle::new(settings, Readiness::new());
    let begin = Instant::now();
    let tasks = lifecycle.tasks();
    tasks.spawn(Stage::Serve, "http", move |stop| async move {
        stop.cancelled().await;
        assert_eq!(begin.elapsed(), Duration::from_secs(5));
        Ok::<_, Infallible>(())
    });
    tasks.request_shutdown();
    let outcome = lifecycle.run_until(stream::pending()).await;
    assert_eq!(outcome, Ok(()));
}
