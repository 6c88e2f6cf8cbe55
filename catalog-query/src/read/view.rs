//! Which view a request asks for.

use std::{fmt::Display, str::FromStr, sync::Arc};

use catalog_core::{
    document::CatalogRules,
    view::{Channel, Currency, Locale, MalformedCode, View},
};
use serde::Deserialize;

use super::{ReadError, Reader};

/// The parameters of a view, as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ViewParameters {
    /// The locale of the words; the catalog's default if not given.
    pub locale: Option<String>,
    /// The currency of the prices; the catalog's default if not given.
    pub currency: Option<String>,
    /// Where the prices hold; the catalog's default if not given.
    pub channel: Option<String>,
}

/// Why a request asks for no view.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// A parameter names something that the catalog does not have.
    #[error("{parameter}: {detail}")]
    Parameter {
        /// Its name.
        parameter: &'static str,
        /// What would be right.
        detail: String,
    },
    /// The catalog's rules cannot be had.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl ViewParameters {
    /// The view, by the catalog's rules; what is not named is the catalog's default.
    pub fn view(&self, rules: &CatalogRules) -> Result<View, ViewError> {
        let default = rules.default_view().ok_or(ReadError::Unavailable)?;
        Ok(View {
            channel: choose(
                "channel",
                self.channel.as_deref(),
                default.channel,
                |code: Channel| rules.has_channel(code),
            )?,
            locale: choose("locale", self.locale.as_deref(), default.locale, |code: Locale| {
                rules.has_locale(code)
            })?,
            currency: choose(
                "currency",
                self.currency.as_deref(),
                default.currency,
                |code: Currency| rules.has_currency(code),
            )?,
        })
    }
}

fn choose<C>(
    parameter: &'static str,
    given: Option<&str>,
    default: C,
    exists: impl Fn(C) -> bool,
) -> Result<C, ViewError>
where
    C: FromStr<Err = MalformedCode> + Copy + Display,
{
    let Some(text) = given else { return Ok(default) };
    let wrong = |detail| ViewError::Parameter { parameter, detail };
    let code: C = text.parse().map_err(|error: MalformedCode| wrong(error.to_string()))?;
    if exists(code) {
        Ok(code)
    } else {
        Err(wrong(format!("This catalog has no {parameter} `{code}`.")))
    }
}

impl Reader {
    /// The view that a request asks for.
    pub async fn view(self: &Arc<Self>, parameters: &ViewParameters) -> Result<View, ViewError> {
        let answer = self.rules().await?;
        let rules = answer.entry.rules().ok_or(ReadError::Unavailable)?;
        parameters.view(rules)
    }
}
