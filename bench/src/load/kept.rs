//! Whether the primary has kept what was acknowledged.

use std::collections::HashMap;

use anyhow::Context as _;
use catalog_core::freshness::Version;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{Acknowledged, Ledger, Way, catalog::connect};

/// How many acknowledged edits the primary at `url` does not have.
///
/// Every edit through catalog-admin must stand in the revisions, with its version and its mark.
/// psql leaves no revision, so of psql's edits the last of each product must be there, or a greater
/// version: a later edit, whose answer is on its way or was lost. No version may have been given
/// to two edits.
pub async fn lost(url: &str, ledger: &Ledger) -> anyhow::Result<u64> {
    // First, so that what is acknowledged meanwhile is not expected of an older look.
    let (admin, last, twice) = (ledger.all(Way::Admin), ledger.last(), ledger.given_twice());
    let client = connect(url).await?;
    Ok(without_revision(&client, &admin).await? + not_there(&client, &last).await? + twice)
}

async fn without_revision(client: &Client, edits: &[Acknowledged]) -> anyhow::Result<u64> {
    let products: Vec<Uuid> = edits.iter().map(|edit| edit.product).collect();
    let versions: Vec<i64> = edits.iter().map(|edit| edit.version.0.cast_signed()).collect();
    let marks: Vec<&str> = edits.iter().map(|edit| edit.mark.as_str()).collect();
    let sql = "
        SELECT count(*)
        FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS edit (product, version, mark)
        WHERE NOT EXISTS (
            SELECT FROM revision r
            WHERE r.kind = 'product' AND r.entity_id = edit.product AND r.version = edit.version
              AND r.document ->> 'brand' = edit.mark)";
    let row = client.query_one(sql, &[&products, &versions, &marks]).await;
    let row = row.context("looking for the acknowledged edits' revisions")?;
    Ok(row.get::<_, i64>(0).cast_unsigned())
}

async fn not_there(client: &Client, last: &[Acknowledged]) -> anyhow::Result<u64> {
    let products: Vec<Uuid> = last.iter().map(|edit| edit.product).collect();
    let sql = "
        SELECT v.id, v.version, p.brand FROM version v JOIN product p ON p.id = v.id
        WHERE v.kind = 'product' AND v.id = ANY ($1)";
    let rows = client.query(sql, &[&products]).await.context("reading the edited products")?;
    let known: HashMap<Uuid, (Version, Option<String>)> = rows
        .iter()
        .map(|row| (row.get(0), (Version(row.get::<_, i64>(1).cast_unsigned()), row.get(2))))
        .collect();
    let gone = last.iter().filter(|edit| !is_there(edit, known.get(&edit.product)));
    Ok(gone.count() as u64)
}

fn is_there(edit: &Acknowledged, known: Option<&(Version, Option<String>)>) -> bool {
    known.is_some_and(|(version, brand)| {
        *version > edit.version || (*version == edit.version && brand.as_ref() == Some(&edit.mark))
    })
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[test]
    fn an_edit_is_there_with_its_mark_or_under_a_later_one() {
        let edit = Acknowledged {
            product: Uuid::from_u128(1),
            version: Version(5),
            mark: "five".to_owned(),
            way: Way::Psql,
            at: Instant::now(),
        };
        let known = |version, brand: &str| (Version(version), Some(brand.to_owned()));
        assert!(is_there(&edit, Some(&known(5, "five"))));
        assert!(is_there(&edit, Some(&known(6, "another"))));
        assert!(!is_there(&edit, Some(&known(5, "another"))));
        assert!(!is_there(&edit, Some(&known(4, "five"))));
        assert!(!is_there(&edit, None));
    }
}
