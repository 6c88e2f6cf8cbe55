//! Every page statement against a model that reads whole documents and sorts them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use catalog_core::{
    document::{CatalogRules, ProductDocument},
    freshness::Version,
    render::render_product,
    view::View,
};
use catalog_query::{
    listing::{Limit, Order, PageKey},
    store::{
        Limits, Place, Store,
        listing::{Page, PageRows, WALK},
    },
};
use jiff::Timestamp;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

const CATALOG: &str = include_str!("pages.sql");
const LIMIT: &str = "7";

struct Model {
    products: Vec<ProductDocument>,
    rules: CatalogRules,
    /// Of living categories.
    parents: BTreeMap<Uuid, Option<Uuid>>,
    now: Timestamp,
}

impl Model {
    async fn read(client: &Client, now: Timestamp) -> Self {
        let products =
            client.query("SELECT document::text FROM product_document", &[]).await.unwrap();
        let rules =
            client.query_one("SELECT document::text FROM rules_document", &[]).await.unwrap();
        let categories = client
            .query("SELECT id, parent_id FROM category WHERE deleted_at IS NULL", &[])
            .await
            .unwrap();
        Self {
            products: products
                .iter()
                .map(|row| serde_json::from_str(row.get(0)).unwrap())
                .collect(),
            rules: serde_json::from_str(rules.get(0)).unwrap(),
            parents: categories.iter().map(|row| (row.get(0), row.get(1))).collect(),
            now,
        }
    }

    fn subtree(&self, top: Uuid) -> BTreeSet<Uuid> {
        let mut found = BTreeSet::new();
        let mut next = vec![top];
        while let Some(id) = next.pop().filter(|id| self.parents.contains_key(id)) {
            found.insert(id);
            next.extend(self.parents.iter().filter(|(_, up)| **up == Some(id)).map(|(id, _)| *id));
        }
        found
    }

    fn list(&self, category: Option<Uuid>, order: Order, view: View) -> Vec<Uuid> {
        let subtree = category.map(|top| self.subtree(top));
        let mut listed: Vec<_> = self
            .products
            .iter()
            .filter_map(|product| {
                let version = Version(1);
                let none = BTreeMap::new();
                let seen =
                    render_product(product, version, &none, &self.rules, view, self.now).seen?;
                let places = product.categories.iter().filter(|membership| {
                    subtree.as_ref().is_none_or(|subtree| subtree.contains(&membership.id))
                });
                let place = places.map(|membership| membership.position).min();
                if category.is_some() {
                    place?;
                }
                let key = match order {
                    Order::Newest => -product.created_at.as_microsecond(),
                    Order::Price(..) => seen.price_range?.min,
                    Order::Position => i64::from(place?),
                };
                Some((key, product.id))
            })
            .collect();
        match order {
            // The newest first, and of those made at once the greatest id.
            Order::Newest => listed.sort_by_key(|(key, id)| (*key, std::cmp::Reverse(*id))),
            Order::Price(..) | Order::Position => listed.sort(),
        }
        listed.into_iter().map(|(_, id)| id).collect()
    }
}

async fn pages(store: &Store, place: Place, first: Page) -> Vec<PageRows> {
    let mut page = first;
    let mut pages = Vec::new();
    loop {
        let (_, rows) = store.ask(place, &page).await.unwrap();
        page.key.after = rows.next;
        pages.push(rows);
        if page.key.after.is_none() {
            return pages;
        }
    }
}

#[tokio::test]
async fn every_page_statement_gives_what_the_documents_say() {
    let here = devstack::TestStack::shared().unwrap().isolated().await.unwrap();
    let client = connect(&here.primary.admin).await;
    client.batch_execute(CATALOG).await.unwrap();
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let model = Model::read(&client, now).await;
    assert!(model.products.len() > 300 && model.parents.len() > 10);
    let store = store(&here.primary.query);

    let view = |channel: &str, currency: &str| View {
        channel: channel.parse().unwrap(),
        locale: "en".parse().unwrap(),
        currency: currency.parse().unwrap(),
    };
    let mut sizes = BTreeMap::new();
    for view in [view("web", "EUR"), view("pos", "USD")] {
        for order in [Order::Newest, Order::Price(view.channel, view.currency), Order::Position] {
            let categories = model.parents.keys().map(|id| Some(*id));
            let unknown = Some(Some(Uuid::from_u128(404)));
            let all = (order != Order::Position).then_some(None);
            for category in categories.chain(unknown).chain(all) {
                let expected = model.list(category, order, view);
                *sizes.entry(expected.len().min(8)).or_insert(0) += 1;
                let key = PageKey {
                    category,
                    order,
                    after: None,
                    limit: LIMIT.parse::<Limit>().unwrap(),
                };
                for (place, walk) in
                    [(Place::Replica, WALK), (Place::Replica, 5), (Place::Primary, 40)]
                {
                    let found = pages(&store, place, Page { key, now, walk }).await;
                    assert!(found.iter().rev().skip(1).all(|page| page.ids.len() == 7));
                    let found: Vec<_> = found.into_iter().flat_map(|page| page.ids).collect();
                    assert_eq!(found, expected, "{key:?} {place:?} walk {walk}");
                }
            }
        }
    }
    assert!(sizes.len() > 3, "lists of many sizes: {sizes:?}");
}

#[tokio::test]
async fn paging_meets_each_product_once_while_others_come() {
    let here = devstack::TestStack::shared().unwrap().isolated().await.unwrap();
    let client = connect(&here.primary.admin).await;
    client.batch_execute(CATALOG).await.unwrap();
    let now = Timestamp::now();
    let model = Model::read(&client, now).await;
    let web = ("web".parse().unwrap(), "EUR".parse().unwrap());
    let view = View { channel: web.0, locale: "en".parse().unwrap(), currency: web.1 };
    let store = store(&here.primary.query);
    for order in [Order::Newest, Order::Price(web.0, web.1)] {
        let expected: BTreeSet<_> = model.list(None, order, view).into_iter().collect();
        let limit = LIMIT.parse().unwrap();
        let mut page =
            Page { key: PageKey { category: None, order, after: None, limit }, now, walk: WALK };
        let mut met = Vec::new();
        loop {
            let (_, rows) = store.ask(Place::Primary, &page).await.unwrap();
            met.extend(rows.ids);
            client.batch_execute("SELECT add_product(1000)").await.unwrap();
            page.key.after = rows.next;
            if page.key.after.is_none() {
                break;
            }
        }
        let met_once: BTreeSet<_> = met.iter().copied().collect();
        assert_eq!(met.len(), met_once.len());
        assert!(met_once.is_superset(&expected));
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The primary as the replica too: what the statements give is the same, and is there at once.
fn store(url: &str) -> Store {
    let pool = || {
        let settings = service_kit::settings::PostgresSettings {
            url: url.to_owned().into(),
            pool: service_kit::settings::PoolSettings::default(),
        };
        service_kit::postgres::pool(&settings, "pages").unwrap()
    };
    let limits = Limits { turn: Duration::from_secs(5), statement: Duration::from_secs(5) };
    Store::new(vec![pool()], pool(), 4, limits)
}
