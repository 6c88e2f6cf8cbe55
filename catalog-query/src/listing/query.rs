//! What a list is of, how it is ordered, and where a page of it begins.

use std::{fmt, str::FromStr};

use catalog_core::view::{Channel, Currency, View};
use uuid::Uuid;

/// How a list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// By creation, the newest first.
    #[default]
    Newest,
    /// By the lowest price in force in the view, the lowest first. Products without one are not in
    /// the list.
    Price,
    /// By the place that editors gave it in the category, or, of those in the categories below, the
    /// least one.
    Position,
}

impl Sort {
    /// Its name in queries.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Price => "price",
            Self::Position => "position",
        }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A sort that there is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not a sort: use newest, price or position")]
pub struct UnknownSort;

impl FromStr for Sort {
    type Err = UnknownSort;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Newest, Self::Price, Self::Position]
            .into_iter()
            .find(|sort| sort.as_str() == text)
            .ok_or(UnknownSort)
    }
}

/// A list of products, all its pages together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Listing {
    /// Those of this category and the ones below it; `None` for all.
    pub category: Option<Uuid>,
    /// In this order.
    pub sort: Sort,
    /// For whom: whose prices are compared, and whom a cursor is for.
    pub view: View,
}

/// Where a page begins: after this product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// What the list is ordered by: microseconds since 1970, minor units, or a place.
    pub key: i64,
    /// Orders what is equal in that.
    pub id: Uuid,
}

/// How many products a page has at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limit(u8);

/// A limit outside 1 to 100.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not a number from 1 to {}", Limit::GREATEST)]
pub struct InvalidLimit;

impl Limit {
    /// The most that may be asked for.
    pub const GREATEST: u8 = 100;

    /// As a number of products.
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(24)
    }
}

impl FromStr for Limit {
    type Err = InvalidLimit;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let limit = text.parse().map_err(|_| InvalidLimit)?;
        if (1..=Self::GREATEST).contains(&limit) { Ok(Self(limit)) } else { Err(InvalidLimit) }
    }
}

/// One page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageQuery {
    /// Of this list.
    pub listing: Listing,
    /// Beginning after this; `None` for the first page.
    pub after: Option<Position>,
    /// With so many products at most.
    pub limit: Limit,
}

impl PageQuery {
    /// Which products are on the page: the same ones in many views.
    pub const fn products(&self) -> PageKey {
        let Listing { category, sort, view } = self.listing;
        let order = match sort {
            Sort::Newest => Order::Newest,
            Sort::Price => Order::Price(view.channel, view.currency),
            Sort::Position => Order::Position,
        };
        PageKey { category, order, after: self.after, limit: self.limit }
    }
}

/// A sort with what it compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Creation.
    Newest,
    /// The prices in force in this channel and currency.
    Price(Channel, Currency),
    /// The places that editors gave.
    Position,
}

/// All on which the products of a page depend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageKey {
    /// As of [`Listing::category`].
    pub category: Option<Uuid>,
    /// In which order.
    pub order: Order,
    /// As of [`PageQuery::after`].
    pub after: Option<Position>,
    /// As of [`PageQuery::limit`].
    pub limit: Limit,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_are_known_by_name() {
        for sort in [Sort::Newest, Sort::Price, Sort::Position] {
            assert_eq!(sort.as_str().parse(), Ok(sort));
        }
        for wrong in ["", "Newest", "price_desc"] {
            assert_eq!(wrong.parse::<Sort>(), Err(UnknownSort), "{wrong}");
        }
    }

    #[test]
    fn limits_are_from_1_to_100() {
        assert_eq!("1".parse::<Limit>().map(Limit::get), Ok(1));
        assert_eq!("100".parse::<Limit>().map(Limit::get), Ok(100));
        for wrong in ["0", "101", "256", "-1", "", "ten", "1.5"] {
            assert_eq!(wrong.parse::<Limit>(), Err(InvalidLimit), "{wrong}");
        }
    }
}
