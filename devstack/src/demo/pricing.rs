//! Prices in three currencies, with campaigns and announced changes.

use jiff::{SignedDuration, Timestamp};

use super::dice::Dice;
use crate::line::PriceLine;

/// Each currency with hundredths of it to the euro.
const CURRENCIES: [(&str, u64); 3] = [("EUR", 100), ("GBP", 86), ("USD", 108)];

/// How the prices of one product come about.
pub(crate) struct Pricing {
    /// The regular price of the cheapest variant in cents.
    cents: u64,
    /// Sold in the shops too, in euros.
    in_shops: bool,
    campaign: Option<Campaign>,
    /// A dearer price from then on.
    rise: Option<Timestamp>,
}

struct Campaign {
    percent_off: u64,
    from: Timestamp,
    until: Timestamp,
}

impl Pricing {
    /// Throws the pricing of a product whose price lies between these euros, on the day `date`.
    pub(crate) fn throw(dice: &mut Dice, euros: (u32, u32), date: Timestamp) -> Self {
        Self {
            cents: u64::from(dice.between(euros.0, euros.1)) * 100,
            in_shops: dice.chance(30),
            campaign: dice.chance(15).then(|| Campaign::throw(dice, date)),
            rise: dice.chance(3).then(|| date + hours(24 * dice.between(5, 60))),
        }
    }

    /// The prices of a variant that is dearer by so many hundredths than the cheapest.
    pub(crate) fn of_variant(&self, dearer: u32) -> Vec<PriceLine> {
        let mut prices = Vec::with_capacity(6);
        for (currency, rate) in CURRENCIES {
            let amount = charming(self.cents * (100 + u64::from(dearer)) / 100 * rate / 100);
            prices.push(PriceLine::web(currency, amount));
            if let Some(campaign) = &self.campaign {
                prices.push(PriceLine {
                    compare_at: Some(amount),
                    valid_from: Some(campaign.from),
                    valid_until: Some(campaign.until),
                    ..PriceLine::web(currency, amount * (100 - campaign.percent_off) / 100)
                });
            }
            if let Some(from) = self.rise {
                let amount = charming(amount * 107 / 100);
                prices
                    .push(PriceLine { valid_from: Some(from), ..PriceLine::web(currency, amount) });
            }
            if self.in_shops && currency == "EUR" {
                prices.push(PriceLine { channel: "pos", ..PriceLine::web(currency, amount) });
            }
        }
        prices
    }
}

impl Campaign {
    fn throw(dice: &mut Dice, date: Timestamp) -> Self {
        // Some are over on that day, some run, some are to come.
        let from = date + hours(24 * dice.between(0, 60)) - hours(24 * 30) + hours(9);
        Self {
            percent_off: u64::from(dice.between(2, 8) * 5),
            from,
            until: from + hours(24 * dice.between(3, 21)),
        }
    }
}

fn hours(hours: u32) -> SignedDuration {
    SignedDuration::from_hours(hours.into())
}

/// The amount that ends in 99 or, below five, in 9, nearest below.
fn charming(amount: u64) -> u64 {
    if amount < 500 { amount / 10 * 10 + 9 } else { amount / 100 * 100 + 99 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_prices_of_a_variant_begin_at_once() {
        let date = "2026-11-01T00:00:00Z".parse().unwrap();
        for stream in 0..500 {
            let pricing = Pricing::throw(&mut Dice::new(3, stream), (5, 90), date);
            let prices = pricing.of_variant(20);
            let mut begins: Vec<_> = prices
                .iter()
                .map(|price| (price.channel, price.currency, price.valid_from))
                .collect();
            begins.sort_unstable();
            begins.dedup();
            assert_eq!(begins.len(), prices.len());
            assert!(prices.iter().all(|price| price.amount > 0));
        }
    }
}
