//! The third step of `docs/promotion.md`: all that whoever promotes is to look at.

use bench::{load::read_with, prometheus::Page};
use catalog_core::{
    contract::change::{ChangeRecord, TOPIC},
    freshness::Epoch,
};
use devstack::wait_for_record;
use reqwest::header::{ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use uuid::Uuid;

use super::{
    BOUND, Here,
    server::{STANDS, Server},
};
use crate::waiting::eventually;

const SLOT_IS_ACTIVE: &str = "SELECT EXISTS (
    SELECT FROM pg_replication_slots WHERE slot_name = 'vitrina_publisher' AND active)";
const ALL_IS_PUBLISHED: &str = "SELECT EXISTS (
    SELECT FROM published p JOIN history h ON h.epoch = p.epoch WHERE p.slot = 'vitrina_publisher')";
const POLLS: &str = "vitrina_polls_total";
const COUNTED: &str = "outcome=\"counted\"";

impl Here {
    /// On the server that was promoted, after the epoch `before`.
    pub(super) async fn is_checked(&self, before: u64, product: Uuid) {
        let primary = Server::connect(&self.stack.addresses().replica.superuser).await;
        primary.until("it takes writes", "SELECT NOT pg_is_in_recovery()").await;
        primary.until("an epoch stands", STANDS).await;
        let epoch = primary.epoch().await;
        assert!(epoch > before, "{epoch} is not after {before}");
        self.admin_has_seen(epoch).await;
        self.processes_prove(product).await;
        primary.until("the publisher's slot is active", SLOT_IS_ACTIVE).await;
        primary.until("every version is published once more", ALL_IS_PUBLISHED).await;
        self.is_published(product, |record| record.epoch == Epoch(epoch)).await;
        self.alerts_are_quiet().await;
    }

    /// Waits until the topic has such a record of the product.
    pub(super) async fn is_published(&self, product: Uuid, is_it: impl Fn(&ChangeRecord) -> bool) {
        let is_such = |value: &[u8]| {
            let record = serde_json::from_slice::<ChangeRecord>(value);
            record.is_ok_and(|record| record.id == product && is_it(&record))
        };
        wait_for_record(&self.stack.addresses().kafka, TOPIC, is_such).await.unwrap();
    }

    async fn page(&self, ops: &str) -> Page {
        Page::read(&self.client, ops).await.unwrap()
    }

    async fn admin_has_seen(&self, epoch: u64) {
        let (ops, epoch) = (self.stack.addresses().admin_ops, epoch.to_string());
        eventually("the admin has seen the epoch", async || {
            self.page(&ops).await.values("vitrina_epoch", &[]).eq([epoch.as_str()])
        })
        .await;
    }

    async fn processes_prove(&self, product: Uuid) {
        let addresses = self.stack.addresses();
        for (address, ops) in addresses.query.iter().zip(&addresses.query_ops) {
            eventually("the last proof is young", async || {
                let page = self.page(ops).await;
                let lag: Vec<_> = page.values("vitrina_proof_lag_seconds", &[]).collect();
                let is_young =
                    |lag: &&str| lag.parse::<f64>().is_ok_and(|lag| lag < BOUND.as_secs_f64());
                lag.len() == 1 && lag.iter().all(is_young)
            })
            .await;
            assert!(self.read_strong(address, product).await.is_some());
        }
    }

    /// An alert takes minutes to fire: what it is made of is looked at instead. `VitrinaEpochAhead`,
    /// `VitrinaSlotUnheld`, `VitrinaPollsFailing`.
    async fn alerts_are_quiet(&self) {
        let addresses = self.stack.addresses();
        eventually("the slot is held, and no epoch is ahead", async || {
            let page = self.page(&addresses.admin_ops).await;
            page.values("vitrina_publisher_slot_held", &[]).eq(["1"])
                && page.values("vitrina_publisher_epoch_ahead", &[]).eq(["0"])
        })
        .await;
        for ops in &addresses.query_ops {
            let polls = async || {
                let page = self.page(ops).await;
                let counted = |labels: &[&str]| page.counted(POLLS, labels).unwrap();
                (counted(&[]), counted(&[COUNTED]))
            };
            let (all, counted) = polls().await;
            eventually("most polls prove something", async || {
                let (all_now, now) = polls().await;
                now >= counted + 4 && 2 * (now - counted) > all_now - all
            })
            .await;
        }
    }

    /// Who has the tag of what was lost, and asks whether that is still so, is given the document that
    /// bears its version now.
    pub(super) async fn is_another_than(&self, lost: &[HeaderValue], product: Uuid, brand: &str) {
        for (address, tag) in self.queries.iter().zip(lost) {
            let known = HeaderMap::from_iter([(IF_NONE_MATCH, tag.clone())]);
            let (answer, given) = read_with(&self.client, address, product, known).await.unwrap();
            assert_eq!(answer.brand.as_deref(), Some(brand));
            assert_ne!(&given[ETAG], tag);
        }
    }
}
