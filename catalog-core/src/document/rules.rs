//! The catalog's rules: which channels, locales and currencies there are.

use serde::{Deserialize, Serialize};

use crate::view::{Channel, Currency, Locale, View};

/// Channels, locales with their fallbacks, and currencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogRules {
    /// All channels.
    pub channels: Vec<ChannelRule>,
    /// All locales.
    pub locales: Vec<LocaleRule>,
    /// All currencies.
    pub currencies: Vec<CurrencyRule>,
}

/// A channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRule {
    /// Its code.
    pub code: Channel,
    /// Whether it is meant when none is named; one is.
    pub is_default: bool,
}

/// A locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocaleRule {
    /// Its code.
    pub code: Locale,
    /// Whose words stand in for missing ones.
    pub fallback: Option<Locale>,
    /// Whether it is meant when none is named; one is.
    pub is_default: bool,
}

/// A currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrencyRule {
    /// Its code.
    pub code: Currency,
    /// How many of a minor unit's digits stand behind the point: 2 for EUR.
    pub exponent: u8,
    /// Whether it is meant when none is named; one is.
    pub is_default: bool,
}

impl CatalogRules {
    /// The view meant when nothing is named; `None` when the catalog lacks a default.
    pub fn default_view(&self) -> Option<View> {
        Some(View {
            channel: self.channels.iter().find(|rule| rule.is_default)?.code,
            locale: self.locales.iter().find(|rule| rule.is_default)?.code,
            currency: self.currencies.iter().find(|rule| rule.is_default)?.code,
        })
    }

    /// Every view that the catalog has.
    pub fn views(&self) -> impl Iterator<Item = View> {
        self.channels.iter().flat_map(move |channel| {
            self.locales.iter().flat_map(move |locale| {
                self.currencies.iter().map(move |currency| View {
                    channel: channel.code,
                    locale: locale.code,
                    currency: currency.code,
                })
            })
        })
    }

    /// Whether the catalog has the channel.
    pub fn has_channel(&self, code: Channel) -> bool {
        self.channels.iter().any(|rule| rule.code == code)
    }

    /// Whether the catalog has the locale.
    pub fn has_locale(&self, code: Locale) -> bool {
        self.locales.iter().any(|rule| rule.code == code)
    }

    /// Whether the catalog has the currency.
    pub fn has_currency(&self, code: Currency) -> bool {
        self.currencies.iter().any(|rule| rule.code == code)
    }

    /// The locales whose words may stand for `locale`, best first: itself, its fallbacks, and the
    /// default last. Each appears once, so a circle of fallbacks ends.
    pub fn fallbacks(&self, locale: Locale) -> Vec<Locale> {
        let mut chain = vec![locale];
        let mut next = self.fallback_of(locale);
        while let Some(code) = next
            && !chain.contains(&code)
        {
            chain.push(code);
            next = self.fallback_of(code);
        }
        if let Some(default) = self.locales.iter().find(|rule| rule.is_default)
            && !chain.contains(&default.code)
        {
            chain.push(default.code);
        }
        chain
    }

    fn fallback_of(&self, locale: Locale) -> Option<Locale> {
        self.locales.iter().find(|rule| rule.code == locale)?.fallback
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(locales: &[(&str, Option<&str>, bool)]) -> CatalogRules {
        CatalogRules {
            channels: vec![],
            locales: locales
                .iter()
                .map(|(code, fallback, is_default)| LocaleRule {
                    code: code.parse().unwrap(),
                    fallback: fallback.map(|code| code.parse().unwrap()),
                    is_default: *is_default,
                })
                .collect(),
            currencies: vec![],
        }
    }

    fn chain(rules: &CatalogRules, locale: &str) -> Vec<String> {
        rules.fallbacks(locale.parse().unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn fallbacks_go_by_the_rules_and_end_at_the_default() {
        let rules = rules(&[("en", None, true), ("de", None, false), ("de-AT", Some("de"), false)]);
        assert_eq!(chain(&rules, "de-AT"), ["de-AT", "de", "en"]);
        assert_eq!(chain(&rules, "en"), ["en"]);
    }

    #[test]
    fn a_circle_of_fallbacks_ends() {
        let rules = rules(&[("en", Some("de"), true), ("de", Some("en"), false)]);
        assert_eq!(chain(&rules, "de"), ["de", "en"]);
    }
}
