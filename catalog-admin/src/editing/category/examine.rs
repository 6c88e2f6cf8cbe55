//! Whether a document can become a category: all that is wrong with it is told at once.

use catalog_core::document::CategoryDocument;
use serde_json::Value;
use uuid::Uuid;

use crate::blocking;
use crate::category::{CategoryInput, ValidCategory, parse};
use crate::editing::reference::resolve;
use crate::editing::words::translation_rows;
use crate::error::{Error, Result};
use crate::field::Fields;
use crate::json;
use crate::store::category::CategoryRow;
use crate::store::translation::TranslationRow;
use crate::store::{Table, Transaction, rules};

/// The rows of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) category: CategoryRow,
    pub(super) translations: Vec<TranslationRow>,
}

impl Rows {
    /// The rows that a stored document stands for.
    pub(super) fn of(document: &CategoryDocument) -> Self {
        Self {
            category: CategoryRow {
                id: document.id,
                external_key: document.external_key.clone(),
                slug: document.slug.clone(),
                parent_id: document.parent_id,
                position: document.position,
            },
            translations: translation_rows(&document.translations),
        }
    }
}

/// Checks a document for the category with this id, of which these are the rows so far; gives the
/// rows that it shall have.
pub(super) async fn examine(
    tx: &Transaction,
    id: Uuid,
    document: Value,
    current: Option<&Rows>,
) -> Result<(ValidCategory, Rows)> {
    let rules = rules::load(tx).await?;
    let (mut fields, mentions, parsed) = blocking::run(move || {
        let mut fields = Fields::default();
        let input: CategoryInput = json::read(document, &mut fields);
        let mentions: Vec<_> = input.parent_mentioned().into_iter().collect();
        let parsed = parse(input, &rules);
        fields.extend(parsed.as_ref().err().into_iter().flatten().cloned());
        (fields, mentions, parsed)
    })
    .await;
    let known = current.and_then(|rows| rows.category.parent_id);
    let parents = resolve(tx, Table::Category, &mentions, known, &mut fields).await?;
    let Ok(category) = parsed else {
        return Err(Error::Fields(fields.into_errors()));
    };
    let rows = Rows {
        category: CategoryRow {
            id,
            external_key: category.external_key.as_ref().map(ToString::to_string),
            slug: category.slug.to_string(),
            parent_id: category.parent.as_ref().and_then(|parent| parents.get(parent)),
            position: category.position,
        },
        translations: translation_rows(&category.translations),
    };
    fields.finish((category, rows)).map_err(Error::Fields)
}
