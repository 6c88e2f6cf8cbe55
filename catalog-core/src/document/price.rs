//! Prices and which of them is in force.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::view::{Channel, Currency};

/// One price of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRow {
    /// Where it holds.
    pub channel: Channel,
    /// Its currency.
    pub currency: Currency,
    /// In minor units of the currency: cents for EUR.
    pub amount: i64,
    /// The amount to show beside it as the regular one, in minor units.
    pub compare_at: Option<i64>,
    /// From when; `None` is "ever since".
    pub valid_from: Option<Timestamp>,
    /// Until just before when; `None` is "for good".
    pub valid_until: Option<Timestamp>,
}

impl PriceRow {
    fn holds(&self, now: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| from <= now)
            && self.valid_until.is_none_or(|until| now < until)
    }
}

/// The price in force: of those that hold now for the channel and currency, the one that began
/// last, so that a campaign stands before the regular price.
pub fn in_force(
    prices: &[PriceRow],
    channel: Channel,
    currency: Currency,
    now: Timestamp,
) -> Option<&PriceRow> {
    prices
        .iter()
        .filter(|price| price.channel == channel && price.currency == currency && price.holds(now))
        .max_by_key(|price| price.valid_from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(amount: i64, from: Option<&str>, until: Option<&str>) -> PriceRow {
        PriceRow {
            channel: "web".parse().unwrap(),
            currency: "EUR".parse().unwrap(),
            amount,
            compare_at: None,
            valid_from: from.map(|text| text.parse().unwrap()),
            valid_until: until.map(|text| text.parse().unwrap()),
        }
    }

    #[test]
    fn a_campaign_stands_before_the_regular_price_while_it_lasts() {
        let prices = [
            price(1000, None, None),
            price(800, Some("2026-11-27T09:00:00Z"), Some("2026-11-28T00:00:00Z")),
        ];
        for (now, expected) in [
            ("2026-11-27T08:59:59.999Z", 1000),
            ("2026-11-27T09:00:00Z", 800),
            ("2026-11-27T23:59:59.999Z", 800),
            ("2026-11-28T00:00:00Z", 1000),
        ] {
            let found = in_force(
                &prices,
                "web".parse().unwrap(),
                "EUR".parse().unwrap(),
                now.parse().unwrap(),
            );
            assert_eq!(found.map(|price| price.amount), Some(expected), "{now}");
        }
    }

    #[test]
    fn another_channel_or_currency_has_no_price() {
        let prices = [price(1000, None, None)];
        let now = Timestamp::UNIX_EPOCH;
        assert!(in_force(&prices, "pos".parse().unwrap(), "EUR".parse().unwrap(), now).is_none());
        assert!(in_force(&prices, "web".parse().unwrap(), "USD".parse().unwrap(), now).is_none());
    }
}
