//! What an answer says of its age, in HTTP's own terms, so that caches beyond us keep the promise:
//! `Age` and `Cache-Control` (RFC 9111), `Cache-Status` (RFC 9211).

use std::time::Duration;

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AGE, CACHE_CONTROL, VARY},
};

use jiff::Timestamp;
use service_kit::telemetry::annotate;

use super::lapses_at;
use crate::{
    freshness::Label,
    read::{Forward, Origin, Reader, Via},
};

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// How old an answer may be, and where it came from.
#[derive(Debug, Clone, Copy)]
pub struct Provenance {
    /// How old it may be.
    pub label: Label,
    /// Where it came from.
    pub via: Via,
    /// `B`.
    pub bound: Duration,
    /// After how long the clock alone changes what is seen, if it does.
    pub lapses_in: Option<Duration>,
}

impl Provenance {
    /// Of an answer that leaves now, and is counted as such. What the clock has overtaken is never
    /// fresh.
    pub fn of(reader: &Reader, origin: Origin, valid_until: Option<Timestamp>) -> Self {
        let bound = reader.freshness().bound();
        let label = Label::new(origin.proven_at, reader.clock().now(), bound);
        let lapses_in = lapses_at(valid_until, || reader.clock().wall());
        let has_lapsed = lapses_in.is_some_and(|left| left.is_zero());
        let label = if has_lapsed { label.overtaken() } else { label };
        reader.metrics().answered(origin.via.layer, label);
        annotate("vitrina.layer", origin.via.layer.as_str());
        annotate("vitrina.freshness", if label.is_stale() { "stale" } else { "fresh" });
        Self { label, via: origin.via, bound, lapses_in }
    }

    /// Says it all in the headers.
    pub fn write(&self, headers: &mut HeaderMap) {
        headers.insert(CACHE_CONTROL, self.cache_control());
        if let Label::Fresh { age } | Label::Stale { age: Some(age) } = self.label {
            let age = match rounded_up(age) {
                1 => HeaderValue::from_static("1"),
                age => HeaderValue::from(age),
            };
            headers.insert(AGE, age);
        }
        headers.insert(
            VARY,
            HeaderValue::from_static("accept-encoding, vitrina-session, vitrina-consistency"),
        );
        headers.insert(CACHE_STATUS, cache_status(self.label, self.via, self.bound));
    }

    /// A cache may keep it until it is as old as the bound, by the `Age` that we give it, and not
    /// beyond the moment at which the clock changes it. What was never proven has no age, so no
    /// cache may use it without asking.
    fn cache_control(&self) -> HeaderValue {
        let age = match self.label {
            Label::Fresh { age } | Label::Stale { age: Some(age) } => age,
            Label::Stale { age: None } => return HeaderValue::from_static("no-cache"),
        };
        let bound = self.bound.as_secs();
        let lapses = self.lapses_in.map(|left| rounded_up(age) + left.as_secs());
        let life = lapses.map_or(bound, |lapses| lapses.min(bound));
        match life {
            2 => HeaderValue::from_static("max-age=2"),
            life => text(&format!("max-age={life}")),
        }
    }
}

/// Which layer answered, why it was asked, and for how long the answer stays within the bound;
/// negative since when it does not.
pub fn cache_status(label: Label, via: Via, bound: Duration) -> HeaderValue {
    let how = match via.forward {
        None => "hit",
        Some(Forward::Miss) => "fwd=miss",
        Some(Forward::Stale) => "fwd=stale",
    };
    let layer = via.layer.as_str();
    match label {
        Label::Fresh { age } => match (bound.saturating_sub(age).as_secs(), via) {
            // Nearly all answers say one of these.
            (1, Via::MEMORY) => HeaderValue::from_static("vitrina; hit; ttl=1; detail=moka"),
            (0, Via::MEMORY) => HeaderValue::from_static("vitrina; hit; ttl=0; detail=moka"),
            (left, _) => text(&format!("vitrina; {how}; ttl={left}; detail={layer}")),
        },
        Label::Stale { age } => {
            let past = age.map_or(1, |age| rounded_up(age.saturating_sub(bound)).max(1));
            text(&format!("vitrina; {how}; ttl=-{past}; detail={layer}-stale"))
        }
    }
}

fn rounded_up(age: Duration) -> u64 {
    age.as_secs() + u64::from(age.subsec_nanos() > 0)
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).expect("only visible ASCII is written into it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::Layer;

    const BOUND: Duration = Duration::from_secs(2);

    fn headers(label: Label, via: Via, lapses_in: Option<Duration>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        Provenance { label, via, bound: BOUND, lapses_in }.write(&mut headers);
        headers
    }

    fn fresh(millis: u64) -> Label {
        Label::Fresh { age: Duration::from_millis(millis) }
    }

    #[test]
    fn a_fresh_answer_tells_caches_how_long_it_is_so() {
        let headers = headers(fresh(300), Via::MEMORY, None);
        assert_eq!(headers["cache-control"], "max-age=2");
        assert_eq!(headers["age"], "1");
        assert_eq!(headers["cache-status"], "vitrina; hit; ttl=1; detail=moka");
        assert_eq!(headers["vary"], "accept-encoding, vitrina-session, vitrina-consistency");
    }

    #[test]
    fn no_cache_keeps_it_beyond_the_moment_at_which_the_clock_changes_it() {
        let headers = headers(fresh(300), Via::MEMORY, Some(Duration::from_millis(400)));
        assert_eq!(headers["cache-control"], "max-age=1");
        assert_eq!(headers["age"], "1");
    }

    #[test]
    fn a_stale_answer_says_so() {
        let label = Label::Stale { age: Some(Duration::from_millis(4100)) };
        let headers = headers(label, Via::MEMORY, None);
        assert_eq!(headers["age"], "5");
        assert_eq!(headers["cache-status"], "vitrina; hit; ttl=-3; detail=moka-stale");
    }

    #[test]
    fn what_was_never_proven_has_no_age() {
        let via = Via { layer: Layer::Replica, forward: Some(Forward::Miss) };
        let headers = headers(Label::Stale { age: None }, via, None);
        assert_eq!(headers["cache-control"], "no-cache");
        assert!(!headers.contains_key("age"));
        assert_eq!(headers["cache-status"], "vitrina; fwd=miss; ttl=-1; detail=replica-stale");
    }
}
