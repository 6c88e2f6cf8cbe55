//! Pages of product lists: ids only, with the beat that their snapshot shows.

use deadpool_postgres::Object;
use jiff::Timestamp;
use tokio_postgres::{
    Row,
    types::{ToSql, Type},
};
use uuid::Uuid;

use crate::listing::{Order, PageKey, Position};

use super::{Class, Place, Shown, Statement, StoreError, listing_sql as sql};

/// How many rows a walk looks at before the category's products are gathered instead: some tens of
/// milliseconds' work.
pub const WALK: u32 = 5_000;

/// A page of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Which.
    pub key: PageKey,
    /// The wall clock's time, by which prices and publishing times begin and end.
    pub now: Timestamp,
    /// How many rows a walk looks at; [`WALK`].
    pub walk: u32,
}

/// The products of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRows {
    /// In order.
    pub ids: Vec<Uuid>,
    /// After which product the next page begins; `None` on the last page.
    pub next: Option<Position>,
}

impl Statement for Page {
    type Output = (Shown, PageRows);
    const CLASS: Class = Class::Lists;

    async fn run(&self, client: &Object, place: Place) -> Result<Self::Output, StoreError> {
        let PageKey { category, order, limit, .. } = self.key;
        if category.is_none() {
            return Ok(self.page(&self.find(client, &sql::all(place, order)).await?));
        }
        if let Some(walk) = sql::walk(place, order) {
            let found = self.find(client, &walk).await?;
            if found.ended || found.positions.len() > limit.get() {
                return Ok(self.page(&found));
            }
        }
        Ok(self.page(&self.find(client, &sql::gather(place, order)).await?))
    }
}

struct Found {
    shown: Shown,
    /// Whether there are no more than these.
    ended: bool,
    /// One more than the page takes, if there are.
    positions: Vec<Position>,
}

impl Page {
    async fn find(&self, client: &Object, sql: &str) -> Result<Found, StoreError> {
        let PageKey { category, order, after, limit } = &self.key;
        let wanted = i64::try_from(limit.get() + 1).unwrap_or(i64::MAX);
        let key = after.map(|position| position.key);
        // What was sealed into a cursor of this order was read as a moment.
        let moment = key.and_then(|key| Timestamp::from_microsecond(key).ok());
        let (key, key_type): (&(dyn ToSql + Sync), Type) = match order {
            Order::Newest => (&moment, Type::TIMESTAMPTZ),
            Order::Price(..) | Order::Position => (&key, Type::INT8),
        };
        let (channel, currency) = match order {
            Order::Price(channel, currency) => (Some(channel.as_str()), Some(currency.as_str())),
            Order::Newest | Order::Position => (None, None),
        };
        let parameters: [(&(dyn ToSql + Sync), Type); 8] = [
            (&self.now, Type::TIMESTAMPTZ),
            (&wanted, Type::INT8),
            (key, key_type),
            (&after.map(|position| position.id), Type::UUID),
            (&channel, Type::TEXT),
            (&currency, Type::TEXT),
            (category, Type::UUID),
            (&i64::from(self.walk), Type::INT8),
        ];
        let types = parameters.each_ref().map(|(_, value_type)| value_type.clone());
        let statement = client.prepare_typed_cached(sql, &types).await?;
        let rows = client.query(&statement, &parameters.map(|(value, _)| value)).await?;
        found(&rows, *order)
    }

    fn page(&self, found: &Found) -> (Shown, PageRows) {
        let limit = self.key.limit.get();
        let ids = found.positions.iter().take(limit).map(|position| position.id).collect();
        let more = found.positions.len() > limit;
        let next = more.then(|| found.positions[limit - 1]);
        (found.shown, PageRows { ids, next })
    }
}

fn found(rows: &[Row], order: Order) -> Result<Found, StoreError> {
    let first = rows.first().ok_or(StoreError::NoHistory)?;
    let mut positions =
        rows.iter().filter_map(|row| position(row).transpose()).collect::<Result<Vec<_>, _>>()?;
    // An outer join promises no order.
    positions.sort_unstable_by_key(|position| (position.key, position.id));
    if order == Order::Newest {
        positions.reverse();
    }
    Ok(Found { shown: Shown::read(first)?, ended: first.try_get("ended")?, positions })
}

/// A joined row; `None` where the join found none.
fn position(row: &Row) -> Result<Option<Position>, StoreError> {
    let Some(id) = row.try_get("id")? else { return Ok(None) };
    Ok(Some(Position { id, key: row.try_get("key")? }))
}
