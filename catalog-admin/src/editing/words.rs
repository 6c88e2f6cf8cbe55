use catalog_core::document::Translations;

use crate::store::translation::TranslationRow;

/// By locale, as the map is.
pub(super) fn translation_rows(translations: &Translations) -> Vec<TranslationRow> {
    let rows = translations.iter().map(|(locale, words)| TranslationRow {
        locale: locale.to_string(),
        name: words.name.clone(),
        description: words.description.clone(),
    });
    rows.collect()
}
