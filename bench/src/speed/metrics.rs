//! What a service tells of itself.

/// Metrics in Prometheus's text format.
pub(super) struct Metrics(String);

impl Metrics {
    pub(super) fn new(answer: &[u8]) -> Self {
        Self(String::from_utf8_lossy(answer).into_owned())
    }

    /// The sum over the series of this name that have all these labels, each as `name="value"`.
    pub(super) fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let values = self.0.lines().filter_map(|line| {
            let (series, value) = line.rsplit_once(' ')?;
            let own_labels = series.strip_prefix(name)?;
            let is_whole_name = own_labels.is_empty() || own_labels.starts_with('{');
            let has_all = labels.iter().all(|label| own_labels.contains(label));
            if is_whole_name && has_all { value.parse::<f64>().ok() } else { None }
        });
        values.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_chosen_by_their_whole_name_and_their_labels() {
        let text =
            "# HELP a Something.\na{b=\"1\",c=\"2\"} 3\na{b=\"2\"} 4.5\na_b{b=\"1\"} 8\nd 16\n";
        let metrics = Metrics::new(text.as_bytes());
        let near = |value: f64, expected: f64| (value - expected).abs() < 1e-9;
        assert!(near(metrics.sum("a", &[]), 7.5));
        assert!(near(metrics.sum("a", &["b=\"1\""]), 3.0));
        assert!(near(metrics.sum("d", &[]), 16.0));
        assert!(near(metrics.sum("e", &[]), 0.0));
    }
}
