//! Which view a request asks for.

use std::{fmt::Display, str::FromStr, sync::Arc};

use catalog_core::{
    freshness::{Epoch, Version},
    view::{Channel, Currency, Locale, MalformedCode, View},
};
use serde::Deserialize;

use super::{Demand, EntryAnswer, Origin, ProductAnswer, ReadError, Reader};
use crate::cache::{Entry, Rendered};

/// The parameters of a view, as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ViewParameters {
    /// The locale of the words; the catalog's default if not given.
    pub locale: Option<String>,
    /// The currency of the prices; the catalog's default if not given.
    pub currency: Option<String>,
    /// Where the prices hold; the catalog's default if not given.
    pub channel: Option<String>,
}

/// The view that a request asks for, and the rules that chose it.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The view.
    pub view: View,
    /// The rules.
    pub rules: EntryAnswer,
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
        /// Of the rules that say so.
        origin: Origin,
    },
    /// The catalog's rules cannot be had.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl ViewParameters {
    /// The view, by the catalog's rules; what is not named is the catalog's default.
    fn view(&self, rules: &EntryAnswer) -> Result<View, ViewError> {
        let catalog = rules.entry.rules().ok_or(ReadError::Unavailable)?;
        let default = catalog.default_view().ok_or(ReadError::Unavailable)?;
        let wrong =
            |(parameter, detail)| ViewError::Parameter { parameter, detail, origin: rules.origin };
        let channel =
            choose("channel", self.channel.as_deref(), default.channel, |code: Channel| {
                catalog.has_channel(code)
            });
        let locale = choose("locale", self.locale.as_deref(), default.locale, |code: Locale| {
            catalog.has_locale(code)
        });
        let currency =
            choose("currency", self.currency.as_deref(), default.currency, |code: Currency| {
                catalog.has_currency(code)
            });
        Ok(View {
            channel: channel.map_err(wrong)?,
            locale: locale.map_err(wrong)?,
            currency: currency.map_err(wrong)?,
        })
    }
}

impl ProductAnswer {
    /// Shown in a chosen view: no fresher than the rules that chose it, unless it has been proven
    /// with these very rules in it.
    #[must_use]
    pub fn shown_in(self, chosen: &Chosen) -> Self {
        let rules = &chosen.rules;
        if RulesVersion::of(&rules.entry).is_in(&self.rendered) {
            self
        } else {
            self.after(rules.origin)
        }
    }
}

/// Which rules: a version is of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RulesVersion(Epoch, Version);

impl RulesVersion {
    /// Of this entry of the rules.
    pub fn of(rules: &Entry) -> Self {
        Self(rules.standing.epoch(), rules.standing.version())
    }

    /// Whether they went into it.
    pub fn is_in(self, rendered: &Rendered) -> bool {
        self.0 == rendered.standing.epoch() && rendered.rules_version() == Some(self.1)
    }
}

fn choose<C>(
    parameter: &'static str,
    given: Option<&str>,
    default: C,
    exists: impl Fn(C) -> bool,
) -> Result<C, (&'static str, String)>
where
    C: FromStr<Err = MalformedCode> + Copy + Display,
{
    let Some(text) = given else { return Ok(default) };
    let wrong = |detail| (parameter, detail);
    let code: C = text.parse().map_err(|error: MalformedCode| wrong(error.to_string()))?;
    if exists(code) {
        Ok(code)
    } else {
        Err(wrong(format!("This catalog has no {parameter} `{code}`.")))
    }
}

impl Reader {
    /// The view that a request asks for.
    pub async fn view(
        self: &Arc<Self>,
        parameters: &ViewParameters,
        demand: &Demand,
    ) -> Result<Chosen, ViewError> {
        let rules = self.rules(demand).await?;
        Ok(Chosen { view: parameters.view(&rules)?, rules })
    }
}
