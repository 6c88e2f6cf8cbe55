//! A query service, the stores of one test, and an editor who writes with SQL.

mod answer;
mod editor;
mod gate;
mod service;
mod table;

use std::time::Duration;

use tokio::time::{Instant, sleep};

pub(crate) use answer::Answer;
pub(crate) use editor::Editor;
pub(crate) use gate::Gate;
pub(crate) use service::Service;
pub(crate) use table::Table;

const LIMIT: Duration = Duration::from_secs(30);

/// Waits until `condition` gives something, and fails the test when it does not in time.
pub(crate) async fn eventually<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(found) = condition().await {
            return found;
        }
        assert!(Instant::now() < deadline, "not in time: {what}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// What most tests have: stores, an editor, and a service that polls.
pub(crate) struct Here {
    pub(crate) stores: devstack::Isolated,
    pub(crate) editor: Editor,
    pub(crate) service: Service,
}

impl Here {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With more settings.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let stores = devstack::TestStack::shared().unwrap().isolated().await.unwrap();
        Self::on(stores, settings).await
    }

    pub(crate) async fn on(stores: devstack::Isolated, settings: &[(&str, &str)]) -> Self {
        let editor = Editor::new(&stores.primary.admin).await;
        let service = Service::start(&stores, settings).await;
        service.ready().await;
        Self { stores, editor, service }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.service.get(path).await
    }

    /// Waits until the product is seen.
    pub(crate) async fn seen(&self, path: &str) -> Answer {
        eventually("it is seen", async || {
            Some(self.get(path).await).filter(|answer| answer.status.is_success())
        })
        .await
    }
}
