//! A service's page of metrics.

use reqwest::Client;

/// In Prometheus's text format.
pub(super) struct Page(String);

impl Page {
    /// Of the service with this operations port.
    pub(super) async fn of(client: &Client, ops: &str) -> Self {
        let answer = client.get(format!("{ops}/metrics")).send().await.unwrap();
        Self(answer.text().await.unwrap())
    }

    /// What the series of this name say that have this label, or any.
    pub(super) fn values(&self, name: &str, label: &str) -> Vec<&str> {
        let values = self.0.lines().filter_map(|line| {
            let (series, value) = line.rsplit_once(' ')?;
            let rest = series.strip_prefix(name)?;
            let is_it = rest.is_empty() || rest.starts_with('{');
            (is_it && rest.contains(label)).then_some(value)
        });
        values.collect()
    }

    /// The sum of a counter's series that have this label, or any.
    pub(super) fn counted(&self, name: &str, label: &str) -> u64 {
        let values = self.values(name, label);
        assert!(!values.is_empty(), "there is no {name} with {label}");
        values.iter().map(|value| value.parse::<u64>().unwrap()).sum()
    }
}
