//! The contract's scripts do what the freshness model takes them to do.

use catalog_core::{
    contract::redis_entry::{ANY_HORIZON, Body, FETCH, FILL, INVALIDATE, fixed_width, position},
    freshness::{Epoch, Version, Xid},
    key::EntityKey,
};
use devstack::TestStack;
use freshness_model::{
    entry::{Entry, Shown},
    redis::{Filled, Position, Redis, Slot},
};
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use redis::{AsyncCommands as _, Script};

use crate::support::{Here, body, product};

const STEPS: u32 = 3_000;
/// Long enough for nothing to expire.
const LIFE: u32 = 600_000;

/// The real one, for one entity.
struct Real {
    here: Here,
    entity: EntityKey,
}

impl Real {
    async fn call(&self, script: &str, arguments: &[&[u8]]) -> Vec<u8> {
        let keys = self.here.keys(self.entity);
        let script = Script::new(script);
        let mut call = script.prepare_invoke();
        call.key(keys.body).key(keys.floor).key(keys.lease);
        for argument in arguments {
            call.arg(*argument);
        }
        let answer: redis::Value = call.invoke_async(&mut self.here.redis.clone()).await.unwrap();
        redis::from_redis_value(answer).unwrap_or_default()
    }

    async fn fetch(&self, wanted: Position, pod: usize) -> Vec<u8> {
        let (at, token) = (position(wanted.0, wanted.1), pod.to_string());
        let (life, any) = (LIFE.to_string(), fixed_width(ANY_HORIZON));
        let all = [&at, &token, &life, &life, &any].map(String::as_bytes);
        self.call(FETCH, &all).await
    }

    async fn fill(&self, at: Position, pod: usize) -> Vec<u8> {
        let (text, token, life) = (position(at.0, at.1), pod.to_string(), LIFE.to_string());
        let body = body(at.0.0, at.1.0);
        self.call(FILL, &[text.as_bytes(), token.as_bytes(), &body, life.as_bytes()]).await
    }

    async fn invalidate(&self, at: Position) {
        let (text, life) = (position(at.0, at.1), LIFE.to_string());
        self.call(INVALIDATE, &[text.as_bytes(), life.as_bytes()]).await;
    }

    async fn end_lease(&self) {
        let lease = self.here.keys(self.entity).lease;
        let _: u64 = self.here.redis.clone().del(lease).await.unwrap();
    }

    /// The positions of body and floor, and whose the lease is.
    async fn state(&self) -> (Option<String>, Option<String>, Option<String>) {
        let keys = self.here.keys(self.entity);
        let held = [keys.body, keys.floor, keys.lease];
        let (body, floor, lease): (Option<Vec<u8>>, Option<String>, Option<String>) =
            self.here.redis.clone().mget(&held).await.unwrap();
        let body = body.map(|body| position_of(&body));
        (body, floor, lease)
    }
}

fn position_of(body: &[u8]) -> String {
    let body = Body::decode(body).unwrap();
    position(body.epoch, body.version)
}

fn entry(key: EntityKey, (epoch, version): Position) -> Entry {
    Entry { epoch, horizon: Xid(1), shown: vec![Shown { key, version, xid: Xid(1), write: None }] }
}

fn state(slot: &Slot) -> (Option<String>, Option<String>, Option<String>) {
    let body = slot.body.as_ref().map(|body| position(body.epoch, body.shown[0].version));
    let floor = slot.floor.map(|(epoch, version)| position(epoch, version));
    (body, floor, slot.lease.map(|pod| pod.to_string()))
}

#[tokio::test]
async fn whatever_is_asked_of_them_in_whatever_order() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let mut real = Real { here, entity: product() };
    let mut model = Redis::default();
    let mut random = SmallRng::seed_from_u64(7);
    for step in 0..STEPS {
        // Floors only rise, so that now and then all begins anew.
        if step % 30 == 0 {
            real.entity = product();
        }
        let at = (Epoch(random.random_range(1..4)), Version(random.random_range(0..5)));
        let pod = random.random_range(0..2);
        let key = real.entity;
        match random.random_range(0..8) {
            0..3 => {
                let told = real.fetch(at, pod).await;
                let had_lease = model.slots.get(&key).is_some_and(|slot| slot.lease.is_some());
                if let Some(body) = model.fetch(key, at, pod, None) {
                    let expected = position(body.epoch, body.shown[0].version);
                    assert_eq!(position_of(&told), expected, "step {step}");
                } else {
                    let expected: &[u8] = if had_lease { b"wait" } else { b"lease" };
                    assert_eq!(told, expected, "step {step}");
                }
            }
            3..6 => {
                let told = real.fill(at, pod).await;
                let expected: &[u8] = match model.fill(key, &entry(key, at), pod, None) {
                    Filled::Filled => b"filled",
                    Filled::Lease => b"lease",
                    Filled::Floor => b"floor",
                    Filled::Newer => b"newer",
                };
                assert_eq!(told, expected, "step {step}");
            }
            6 => {
                real.invalidate(at).await;
                model.invalidate(key, at, None);
            }
            _ => {
                real.end_lease().await;
                model.slots.entry(key).or_default().lease = None;
            }
        }
        let expected = state(&model.slots.entry(key).or_default().clone());
        assert_eq!(real.state().await, expected, "step {step}");
    }
}
