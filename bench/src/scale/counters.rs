//! What processes of catalog-query count, read from where operators read it.

use reqwest::Client;

use crate::prometheus::Page;

/// Counters and gauges, summed over processes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Counters {
    /// Answers out of memory.
    pub(super) memory: f64,
    /// Answers out of Redis.
    pub(super) redis: f64,
    /// Answers out of a replica or the primary.
    pub(super) database: f64,
    /// Renderings that memory has kept.
    pub(super) kept: f64,
    /// Bytes of rendered products in memory,
    pub(super) bytes: f64,
    /// how many of them,
    pub(super) entries: f64,
    /// and how many bytes there may be.
    pub(super) limit: f64,
}

impl Counters {
    /// Of the processes with these operations ports.
    pub(super) async fn read(client: &Client, ops: &[String]) -> anyhow::Result<Self> {
        let mut sum = Self::default();
        for address in ops {
            sum = sum.plus(&Self::of(&Page::read(client, address).await?)?);
        }
        Ok(sum)
    }

    fn of(page: &Page) -> anyhow::Result<Self> {
        let answers =
            |layer: &str| page.sum("vitrina_answers_total", &[&format!("layer=\"{layer}\"")]);
        let rendered = |name: &str| page.sum(name, &["cache=\"rendered\""]);
        Ok(Self {
            memory: answers("moka")?,
            redis: answers("redis")?,
            database: answers("replica")? + answers("primary")?,
            kept: page.sum("vitrina_moka_fills_total", &["outcome=\"kept\""])?,
            bytes: rendered("vitrina_moka_bytes")?,
            entries: rendered("vitrina_moka_entries")?,
            limit: rendered("vitrina_moka_limit_bytes")?,
        })
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            memory: self.memory + other.memory,
            redis: self.redis + other.redis,
            database: self.database + other.database,
            kept: self.kept + other.kept,
            bytes: self.bytes + other.bytes,
            entries: self.entries + other.entries,
            limit: self.limit + other.limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_summed_by_label_in_whatever_order_labels_stand() {
        let text = "# TYPE vitrina_answers_total counter\n\
                    vitrina_answers_total{layer=\"moka\",freshness=\"fresh\"} 70\n\
                    vitrina_answers_total{freshness=\"stale\",layer=\"moka\"} 5\n\
                    vitrina_answers_total{layer=\"redis\",freshness=\"fresh\"} 20\n\
                    vitrina_answers_total{layer=\"replica\",freshness=\"fresh\"} 3\n\
                    vitrina_answers_total{layer=\"primary\",freshness=\"fresh\"} 2\n\
                    vitrina_moka_fills_total{outcome=\"refused\"} 9\n\
                    vitrina_moka_fills_total{outcome=\"kept\"} 25\n\
                    vitrina_moka_bytes{cache=\"entries\"} 1000\n\
                    vitrina_moka_bytes{cache=\"rendered\"} 5200\n\
                    vitrina_moka_entries{cache=\"rendered\"} 2\n\
                    vitrina_moka_limit_bytes{cache=\"rendered\"} 6291456\n";
        let expected = Counters {
            memory: 75.0,
            redis: 20.0,
            database: 5.0,
            kept: 25.0,
            bytes: 5_200.0,
            entries: 2.0,
            limit: 6_291_456.0,
        };
        assert_eq!(Counters::of(&Page::new(text.to_owned())).unwrap(), expected);
        assert_eq!(Counters::default().plus(&expected), expected);
    }
}
