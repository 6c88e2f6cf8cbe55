use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use catalog_core::document::CatalogRules;
use service_kit::backoff::Backoff;
use service_kit::shutdown::{Stage, Tasks};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::store::import::{ImportClaim, ImportErrorRow, ImportRow};
use crate::store::{Store, StoreError, rules};

use super::growth::Growth;
use super::load::Loader;
use super::receive::Receiver;
use super::{Failure, ImportError, ImportSettings};

/// How long it is tried to write down how an import ended.
const END_BUDGET: Duration = Duration::from_mins(1);
/// How often it is looked whether the claim's session lives.
const CLAIM_CHECK: Duration = Duration::from_millis(500);

/// Runs imports, each as a task of its own, which goes on to its end when its sender is gone.
#[derive(Debug, Clone)]
pub struct Imports {
    store: Store,
    settings: ImportSettings,
    places: Arc<Semaphore>,
    tasks: Tasks,
}

impl Imports {
    /// Imports into this store.
    pub fn new(store: Store, settings: ImportSettings, tasks: Tasks) -> Self {
        let places = Arc::new(Semaphore::new(settings.concurrent));
        Self { store, settings, places, tasks }
    }

    /// Loads the whole body and says what came of it once all is committed.
    pub async fn run(
        &self,
        actor: String,
        body: Body,
        trace: Option<String>,
    ) -> Result<ImportRow, ImportError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| ImportError::Busy)?;
        let id = Uuid::now_v7();
        let claim = self.store.claim_import(id).await?;
        let claim = claim.expect("nobody else knows the id yet");
        let rules = self.rules().await?;
        self.store.begin_import(id, &actor).await?;
        let running = Running { imports: self.clone(), id, claim, _place: place };
        let loader = Loader {
            store: self.store.clone(),
            import: id,
            actor,
            trace,
            patience: self.settings.patience,
            growth: Growth::begin(&self.store).await,
        };
        let (ended, end) = oneshot::channel();
        self.tasks.spawn(Stage::Serve, "import", |stop| async move {
            running.carry_out(loader, rules, body, stop, ended).await;
            Ok::<_, Infallible>(())
        });
        let outcome = end.await.unwrap_or(Err(Failure::Broken));
        outcome.map_err(|failure| ImportError::BrokeOff { id, failure })
    }

    /// An import and a page of its errors. One that is said to run and that nobody runs has
    /// failed.
    pub async fn read(
        &self,
        id: Uuid,
        after: (i64, i64),
        limit: i64,
    ) -> Result<Option<(ImportRow, Vec<ImportErrorRow>)>, StoreError> {
        let mut found = self.store.import(id).await?;
        if found.as_ref().is_some_and(|import| import.state == "running") {
            self.store.settle_import(id, "the process that ran it has ended").await?;
            found = self.store.import(id).await?;
        }
        let Some(import) = found else { return Ok(None) };
        let errors = self.store.import_errors(id, after, limit).await?;
        Ok(Some((import, errors)))
    }

    /// A page of an import's errors.
    pub async fn errors(
        &self,
        id: Uuid,
        after: (i64, i64),
        limit: i64,
    ) -> Result<Vec<ImportErrorRow>, StoreError> {
        self.store.import_errors(id, after, limit).await
    }

    async fn rules(&self) -> Result<Arc<CatalogRules>, StoreError> {
        let tx = self.store.begin().await?;
        let loaded = rules::load(&tx).await;
        tx.end(loaded).await.map(Arc::new)
    }
}

/// An import that runs.
#[derive(Debug)]
struct Running {
    imports: Imports,
    id: Uuid,
    claim: ImportClaim,
    _place: OwnedSemaphorePermit,
}

impl Running {
    async fn carry_out(
        mut self,
        loader: Loader,
        rules: Arc<CatalogRules>,
        body: Body,
        stop: CancellationToken,
        ended: oneshot::Sender<Result<ImportRow, Failure>>,
    ) {
        let begun = Instant::now();
        let outcome = self.load(loader, rules, body, stop.clone()).await;
        match outcome {
            Ok(()) => {
                let row = self.finish(&stop).await;
                if let Ok(row) = &row {
                    tell(row, begun.elapsed());
                }
                // Nobody listens when the sender has gone.
                let _ = ended.send(row);
            }
            Err(failure) => {
                tracing::warn!(import.id = %self.id, error.message = %failure, "an import broke off");
                let said = failure.to_string();
                let _ = ended.send(Err(failure));
                // When even this fails, whoever reads the import finds that nobody runs it.
                let _ = self.end(Some(&said), &stop).await;
            }
        }
    }

    async fn load(
        &mut self,
        mut loader: Loader,
        rules: Arc<CatalogRules>,
        body: Body,
        stop: CancellationToken,
    ) -> Result<(), Failure> {
        let (batches, to_load) = mpsc::channel(1);
        let settings = &self.imports.settings;
        let (batch_lines, idle) = (settings.batch_lines, settings.idle);
        let reading = Receiver { rules, batch_lines, idle, batches }.receive(body, stop.clone());
        let loading = loader.load_all(to_load, &stop);
        let work = async {
            tokio::pin!(reading, loading);
            tokio::select! {
                // Loading ends first only when it fails.
                outcome = &mut loading => outcome,
                all_read = &mut reading => {
                    loading.await?;
                    all_read
                }
            }
        };
        let (store, id, claim) = (&self.imports.store, self.id, &mut self.claim);
        tokio::select! {
            outcome = work => outcome,
            never = keep(claim, store, id) => match never {},
        }
    }

    async fn finish(&self, stop: &CancellationToken) -> Result<ImportRow, Failure> {
        if let Some(row) = self.end(None, stop).await? {
            return Ok(row);
        }
        let row = self.imports.store.import(self.id).await?;
        // A try before had done it, and its answer was lost.
        row.filter(|row| row.state == "finished").ok_or(Failure::Settled)
    }

    async fn end(
        &self,
        failure: Option<&str>,
        stop: &CancellationToken,
    ) -> Result<Option<ImportRow>, StoreError> {
        let pauses = Backoff::new(Duration::from_millis(50), Duration::from_secs(2));
        let mut backoff = pauses.budget(END_BUDGET);
        loop {
            match self.imports.store.end_import(self.id, failure).await {
                Err(StoreError::Unavailable(_)) if backoff.pause(stop).await => {}
                ended => return ended,
            }
        }
    }
}

/// Claims the import again whenever the session that holds the claim has ended.
async fn keep(claim: &mut ImportClaim, store: &Store, id: Uuid) -> Infallible {
    loop {
        tokio::time::sleep(CLAIM_CHECK).await;
        if claim.is_lost()
            && let Ok(Some(again)) = store.claim_import(id).await
        {
            *claim = again;
        }
    }
}

fn tell(row: &ImportRow, took: Duration) {
    tracing::info!(
        import.id = %row.id,
        import.lines = row.lines_total,
        import.created = row.created,
        import.updated = row.updated,
        import.unchanged = row.unchanged,
        import.rejected = row.rejected,
        import.duration_seconds = took.as_secs_f64(),
        "an import has finished"
    );
}
