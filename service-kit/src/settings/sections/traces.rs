use serde::Deserialize;

use crate::settings::Invalid;

/// `traces`: where spans are sent, and of how many requests.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct TraceSettings {
    /// A collector that takes OTLP over HTTP, such as `http://otel-collector:4318`; empty to send none.
    pub endpoint: String,
    /// The share of traces that begin here and are recorded, from 0 to 1. A caller's decision goes
    /// before it.
    pub sample_ratio: f64,
}

impl Default for TraceSettings {
    fn default() -> Self {
        Self { endpoint: String::new(), sample_ratio: 0.01 }
    }
}

impl TraceSettings {
    /// Refuses what is no address, and a share that is none.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        let is_address = ["http://", "https://"]
            .iter()
            .any(|scheme| self.endpoint.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
        if !self.endpoint.is_empty() && !is_address {
            return Err(Invalid::new(
                format!("{section}.endpoint"),
                "is not the address of a collector such as \"http://otel-collector:4318\"",
            ));
        }
        if !(0.0..=1.0).contains(&self.sample_ratio) {
            return Err(Invalid::new(
                format!("{section}.sample_ratio"),
                "is not a share: set it from 0 (none) to 1 (all)",
            ));
        }
        Ok(())
    }
}
