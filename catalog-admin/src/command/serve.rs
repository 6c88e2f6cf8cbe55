//! `catalog-admin serve`.

use service_kit::health::Readiness;
use service_kit::shutdown::Lifecycle;

use crate::app;
use crate::settings::Settings;

/// Serves until the process is told to end, or a task fails.
pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let readiness = Readiness::new();
    let lifecycle = Lifecycle::new(settings.shutdown.clone(), readiness.clone());
    let addresses = app::spawn(&settings, &readiness, &lifecycle.tasks()).await?;
    tracing::info!(
        http.address = %addresses.http,
        ops.address = %addresses.ops,
        "catalog-admin serves"
    );
    lifecycle.run().await?;
    Ok(())
}
