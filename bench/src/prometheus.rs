//! What a service tells of itself in Prometheus's text format.

use anyhow::Context as _;
use reqwest::Client;

/// A page of metrics.
#[derive(Debug, Clone)]
pub struct Page(String);

impl Page {
    /// As it was answered.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// Of the service whose operations port has this address.
    pub async fn read(client: &Client, ops: &str) -> anyhow::Result<Self> {
        let answer = client.get(format!("{ops}/metrics")).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status);
        let answer = answer.with_context(|| format!("no metrics at {ops}"))?;
        Ok(Self(answer.text().await?))
    }

    /// The sum of the series of a counter that have all of these labels, each written as `name="value"`. An
    /// error when there is none, so that a name that is not a metric's is not taken for a count of 0.
    pub fn counted(&self, name: &str, labels: &[&str]) -> anyhow::Result<u64> {
        let mut sum: Option<u64> = None;
        for value in self.values(name, labels) {
            let value: u64 = value.parse().with_context(|| format!("{name} is no count"))?;
            sum = Some(sum.unwrap_or(0) + value);
        }
        sum.with_context(|| format!("there is no {name} with {labels:?}"))
    }

    /// The same of gauges.
    pub fn sum(&self, name: &str, labels: &[&str]) -> anyhow::Result<f64> {
        let mut sum: Option<f64> = None;
        for value in self.values(name, labels) {
            let value: f64 = value.parse().with_context(|| format!("{name} is no number"))?;
            sum = Some(sum.unwrap_or(0.0) + value);
        }
        sum.with_context(|| format!("there is no {name} with {labels:?}"))
    }

    /// What the series say that have this name and all of these labels.
    pub fn values<'a>(&'a self, name: &str, labels: &[&str]) -> impl Iterator<Item = &'a str> {
        self.0.lines().filter_map(move |line| {
            let (series, value) = line.rsplit_once(' ')?;
            let rest = series.strip_prefix(name)?;
            let is_it = rest.is_empty() || rest.starts_with('{');
            let own = rest.trim_start_matches('{').trim_end_matches('}');
            let has = |label: &&str| own.split(',').any(|it| it == *label);
            (is_it && labels.iter().all(has)).then_some(value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP answers_total Answers.\n# TYPE answers_total counter\n\
        answers_total{layer=\"redis\",freshness=\"fresh\"} 40\n\
        answers_total{layer=\"redis\",freshness=\"stale\"} 2\n\
        answers_total{layer=\"moka\",freshness=\"fresh\"} 8\nanswers_total_more 9\n\
        limit{server=\"replica-0\"} 8\nshare 0.5\n";

    #[test]
    fn series_are_summed_by_their_labels() {
        let page = Page::new(TEXT.to_owned());
        assert_eq!(page.counted("answers_total", &[]).unwrap(), 50);
        assert_eq!(page.counted("answers_total", &["layer=\"redis\""]).unwrap(), 42);
        let both = ["layer=\"redis\"", "freshness=\"stale\""];
        assert_eq!(page.counted("answers_total", &both).unwrap(), 2);
        let near = |value: f64, expected: f64| (value - expected).abs() < 1e-9;
        assert!(near(page.sum("limit", &["server=\"replica-0\""]).unwrap(), 8.0));
        assert!(near(page.sum("answers_total", &["layer=\"redis\""]).unwrap(), 42.0));
        assert!(near(page.sum("share", &[]).unwrap(), 0.5));
    }

    #[test]
    fn what_is_not_there_or_no_count_is_refused() {
        let page = Page::new(TEXT.to_owned());
        assert!(page.counted("answers", &[]).is_err());
        assert!(page.counted("answers_total", &["layer=\"primary\""]).is_err());
        assert!(page.counted("share", &[]).is_err());
        assert!(page.sum("nothing", &[]).is_err());
    }
}
