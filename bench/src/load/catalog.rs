//! The products that are read and edited.

use anyhow::Context as _;
use rand::{Rng, seq::SliceRandom as _};
use rand_distr::{Distribution as _, Zipf};
use tokio_postgres::NoTls;
use uuid::Uuid;

/// How unevenly products are read: a few take most.
const SKEW: f64 = 0.99;

/// The visible products of a catalog, in an order of popularity of our own.
#[derive(Debug)]
pub struct Catalog {
    products: Vec<Uuid>,
    popularity: Zipf<f64>,
}

impl Catalog {
    /// All visible products of the database at `url`.
    pub async fn load(url: &str, random: &mut impl Rng) -> anyhow::Result<Self> {
        let client = connect(url).await?;
        let rows = client
            .query(
                "SELECT id FROM product
                 WHERE status = 'active' AND deleted_at IS NULL
                   AND coalesce(publish_at, '-infinity') <= now()
                   AND coalesce(unpublish_at, 'infinity') > now() + interval '1 hour'
                 ORDER BY id",
                &[],
            )
            .await?;
        let mut products: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect();
        products.shuffle(random);
        let count = crate::report::as_figure(products.len() as u64);
        let popularity = Zipf::new(count, SKEW).context("the catalog has no visible product")?;
        Ok(Self { products, popularity })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.products.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.products.is_empty()
    }

    /// All of them.
    pub fn products(&self) -> &[Uuid] {
        &self.products
    }

    /// One to read, by popularity.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "Zipf gives whole numbers from 1 to the number of products"
    )]
    pub fn popular(&self, random: &mut impl Rng) -> Uuid {
        let rank = self.popularity.sample(random) as usize;
        self.products[(rank - 1).min(self.products.len() - 1)]
    }
}

/// Connects to a database for the measurement's own statements.
pub(crate) async fn connect(url: &str) -> anyhow::Result<tokio_postgres::Client> {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.context("cannot reach the database")?;
    tokio::spawn(connection);
    Ok(client)
}
