//! Documents of demonstration products, as they are kept in Redis, and as they could be kept.

use std::io;

use anyhow::{Context as _, ensure};
use zstd::{bulk::Compressor, dict};

use crate::{load::connect, report::as_figure};

/// Of so many products those are taken whose documents have nearly the wanted size.
const LOOKED_AT: i64 = 8_000;
/// As many as are kept apart, over and over: more would make no difference to a mean.
const DOCUMENTS: usize = 1_000;
/// zstd's own default.
const LEVEL: i32 = 3;
/// A hundredth of what it is learned from, at least.
const DICTIONARY: usize = 16 * 1024;

/// How documents are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As they are.
    Plain,
    /// Each for itself.
    Compressed,
    /// With what is common to all of them taken from a dictionary, which was learned from others.
    ByDictionary,
}

/// Documents, and others like them to learn from.
pub(super) struct Documents {
    kept: Vec<Vec<u8>>,
    others: Vec<Vec<u8>>,
}

impl Documents {
    /// Of the database at `url`, each of about `size` bytes.
    pub(super) async fn load(url: &str, size: usize) -> anyhow::Result<Self> {
        let client = connect(url).await?;
        let sql = "
            SELECT d.document::text FROM product_document d
            WHERE d.id IN (SELECT id FROM product WHERE deleted_at IS NULL ORDER BY id LIMIT $1)";
        let rows = client.query(sql, &[&LOOKED_AT]).await.context("reading documents")?;
        let mut documents: Vec<Vec<u8>> =
            rows.iter().map(|row| row.get::<_, String>(0).into_bytes()).collect();
        documents.sort_by_key(|document| document.len().abs_diff(size));
        documents.truncate(2 * DOCUMENTS);
        ensure!(documents.len() > 1, "the catalog has no products");
        // Every other one, so that neither half is nearer to the wanted size.
        let (mut kept, mut others) = (Vec::new(), Vec::new());
        for (index, document) in documents.into_iter().enumerate() {
            let half = if index.is_multiple_of(2) { &mut kept } else { &mut others };
            half.push(document);
        }
        Ok(Self { kept, others })
    }

    /// The documents in a form.
    pub(super) fn kept_as(&self, form: Form) -> io::Result<Vec<Vec<u8>>> {
        let mut compressor = match form {
            Form::Plain => return Ok(self.kept.clone()),
            Form::Compressed => Compressor::new(LEVEL)?,
            Form::ByDictionary => {
                let dictionary = dict::from_samples(&self.others, DICTIONARY)?;
                Compressor::with_dictionary(LEVEL, &dictionary)?
            }
        };
        self.kept.iter().map(|document| compressor.compress(document)).collect()
    }
}

/// How many bytes each has.
pub(super) fn mean_size(documents: &[Vec<u8>]) -> f64 {
    let sum: usize = documents.iter().map(Vec::len).sum();
    as_figure(sum as u64) / as_figure(documents.len().max(1) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dictionary_of_others_helps_small_documents_most() {
        let document = |number: usize| {
            let name = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            format!(
                "{{\"status\":\"active\",\"external_key\":\"{name:x}\",\"options\":[\"size\"]}}"
            )
            .into_bytes()
        };
        let documents = Documents {
            kept: (0..1_000).map(document).collect(),
            others: (1_000..4_000).map(document).collect(),
        };
        let sizes = [Form::Plain, Form::Compressed, Form::ByDictionary]
            .map(|form| mean_size(&documents.kept_as(form).unwrap()));
        assert!(sizes[2] < sizes[1] && sizes[2] < sizes[0], "{sizes:?}");
    }
}
