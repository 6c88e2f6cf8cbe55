//! catalog-query as it is in the service, with a catalog in memory and no stores.

use std::{fmt::Write as _, sync::Arc};

use axum::Router;
use bytes::Bytes;
use catalog_core::{
    contract::redis_entry,
    document::{CatalogRules, ChannelRule, CurrencyRule, LocaleRule},
    freshness::{Answer, Beat, Epoch, Part, Row, Version, Xid},
    key::EntityKey,
    view::View,
};
use catalog_query::{
    app,
    cache::{Body, Encoding, Entry, Layer, Rendered, RenderedKey},
    change_traces::ChangeTraces,
    clock::Clock,
    freshness::{Freshness, Standing, Tracker},
    http::FastPath,
    settings::{DEFAULTS, Settings},
};
use rand::{SeedableRng as _, rngs::SmallRng};
use rand_distr::{Distribution as _, Zipf};
use smallvec::smallvec;
use uuid::Uuid;

use super::Size;
use crate::report::as_figure;

/// Bytes of each product.
pub(super) const BODY: usize = 2_048;
const SKEW: f64 = 0.99;
const EPOCH: Epoch = Epoch(1);
const HORIZON: Xid = Xid(100);
/// What polls see before something has changed, and after that.
const UNCHANGED: &str = "100:100:";
const CHANGED: &str = "200:200:";
/// Ids of what has changed begin above those of the products that are read.
const OTHERS: u128 = 1 << 64;

/// Addresses of stores that are not there, and the secrets that settings must have.
const SETTINGS: [(&str, &str); 7] = [
    ("VITRINA_PRIMARY__URL", "postgresql://nobody:none@127.0.0.1:1/none"),
    ("VITRINA_REPLICA__URLS", "postgresql://nobody:none@127.0.0.1:1/none"),
    ("VITRINA_REDIS__URL", "redis://127.0.0.1:1/"),
    ("VITRINA_KAFKA__BROKERS", "127.0.0.1:1"),
    ("VITRINA_CURSOR__KEY", "0123456789abcdef0123456789abcdef"),
    ("VITRINA_SESSION__KEY", "0123456789abcdef0123456789abcdef"),
    // Each product weighs as if it had a body of its own; none is to be evicted.
    ("VITRINA_CACHE__MEMORY_BYTES", "17179869184"),
];

/// What is in memory, and what the rule knows of it.
pub(super) struct Catalog {
    tracker: Tracker,
    clock: Clock,
    body: Arc<Body>,
    ids: Vec<Uuid>,
    /// What polls see.
    snapshot: &'static str,
}

impl Catalog {
    /// A catalog, and the service that answers from it.
    pub(super) fn new(size: Size) -> (Self, FastPath<Router>) {
        // Metrics are counted and measured as in the service.
        service_kit::telemetry::metrics();
        let settings = SETTINGS.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let settings: Settings =
            service_kit::settings::load_from(&DEFAULTS, settings).expect("settings are good");
        let clock = Clock::start();
        let freshness = Arc::new(Freshness::new(settings.freshness.bound));
        let store = Arc::new(app::store(&settings).expect("the addresses are good"));
        let traces = Arc::<ChangeTraces>::default();
        // What runs beside it would load, and nothing is loaded here.
        let (app, _) =
            app::build(&settings, &freshness, clock, (store, traces)).expect("settings are good");
        let tracker = Tracker::new(freshness, settings.freshness.recent_limit);
        let body = Arc::new(Body::new(Bytes::from(text())));
        body.encoded(Encoding::Brotli);
        let ids = (1..=size.products).map(|number| Uuid::from_u128(number.into())).collect();
        let mut catalog = Self { tracker, clock, body, ids, snapshot: UNCHANGED };
        // The first poll shows the epoch, the second counts.
        catalog.polled();
        catalog.polled();
        catalog.fill(&app);
        if size.changes > 0 {
            catalog.change(size.changes);
        }
        (catalog, app::service(app, &settings))
    }

    fn fill(&self, app: &app::App) {
        let rules = rules();
        let view = rules.default_view().expect("the rules have defaults");
        let document = serde_json::to_vec(&rules).expect("rules are JSON");
        let in_redis = redis_entry::Body {
            epoch: EPOCH,
            version: Version(1),
            xid: Xid(1),
            horizon: HORIZON,
            document: Some(&document),
        };
        let entry = Entry::from_redis(EntityKey::RULES, in_redis, self.clock.now());
        app.reader.entries().offer(&Arc::new(entry.expect("the rules are theirs")));
        for id in &self.ids {
            app.reader.rendered().offer(&Arc::new(self.rendered(*id, view)), self.clock.wall());
        }
    }

    /// A product in two categories, as it is kept.
    fn rendered(&self, id: Uuid, view: View) -> Rendered {
        let part = |key| Part { key, version: Version(1), xid: Xid(1) };
        let category = |number| part(EntityKey::category(Uuid::from_u128(number)));
        let parts = smallvec![
            part(EntityKey::product(id)),
            part(EntityKey::RULES),
            category(1),
            category(2)
        ];
        Rendered {
            key: RenderedKey { id, view },
            standing: Standing::new(EPOCH, parts, HORIZON, self.clock.now()),
            body: Some(Arc::clone(&self.body)),
            hash: None,
            valid_until: None,
            layer: Layer::Redis,
            first_read: None,
        }
    }

    /// So many other things have changed, as a poll of the primary shows.
    fn change(&mut self, changes: u32) {
        let row = |number: u32| Row {
            key: EntityKey::product(Uuid::from_u128(OTHERS + u128::from(number))),
            version: Version(2),
            xid: HORIZON,
        };
        self.snapshot = CHANGED;
        self.apply((0..changes).map(row).collect());
    }

    /// A poll of the primary that finds nothing new.
    pub(super) fn polled(&mut self) {
        self.apply(Vec::new());
    }

    fn apply(&mut self, rows: Vec<Row>) {
        let answer = Answer {
            epoch: EPOCH,
            beat: Beat(1),
            counts: true,
            snapshot: self.snapshot.parse().expect("a snapshot"),
            rows,
        };
        self.tracker.apply(self.clock.now(), answer);
    }

    /// The tag of every product.
    pub(super) fn etag(&self) -> String {
        self.body.identity().etag.to_str().expect("a tag is ASCII").to_owned()
    }

    /// So many requests for products by popularity, with these headers beside.
    pub(super) fn requests(&self, requests: usize, headers: &str) -> Vec<Vec<u8>> {
        let mut random = SmallRng::seed_from_u64(1);
        let products = as_figure(self.ids.len() as u64);
        let popularity = Zipf::new(products, SKEW).expect("there are products");
        let request = |rank: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
            let id = self.ids[rank as usize - 1];
            format!("GET /v1/products/{id} HTTP/1.1\r\nhost: catalog.example\r\n{headers}\r\n")
                .into_bytes()
        };
        popularity.sample_iter(&mut random).take(requests).map(request).collect()
    }
}

fn rules() -> CatalogRules {
    CatalogRules {
        channels: vec![ChannelRule { code: "web".parse().expect("a code"), is_default: true }],
        locales: vec![LocaleRule {
            code: "en".parse().expect("a code"),
            fallback: None,
            is_default: true,
        }],
        currencies: vec![CurrencyRule {
            code: "EUR".parse().expect("a code"),
            exponent: 2,
            is_default: true,
        }],
    }
}

/// JSON of the right length, which is compressed about as products are.
fn text() -> String {
    let mut text = String::from("{");
    let mut number = 0_u64;
    while text.len() < BODY - 60 {
        number += 1;
        let noise = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        write!(text, "\"attribute-{number}\":\"{noise:x}\",")
            .expect("writing to a String does not fail");
    }
    let rest = BODY - text.len() - "\"end\":\"\"}".len();
    write!(text, "\"end\":\"{}\"}}", "x".repeat(rest)).expect("writing to a String does not fail");
    text
}
