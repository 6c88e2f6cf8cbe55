//! What a request asks of its answer beyond the bound, and what its caller has seen of it.

use std::{
    cmp,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use catalog_core::freshness::{
    Admission, Epoch, Moment, NAMED, Pod as _, Proof, Proven, Token, Unseen, Xid,
};
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::freshness::{Freshness, Standing};

/// How sure a request wants its answer to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The bound, as for everyone.
    Bounded,
    /// As of a poll that was sent after the request had arrived, if that can be had.
    SinceArrival,
    /// The same, or no answer.
    Strong,
}

/// What a request asks of its answer beyond the bound.
#[derive(Debug)]
pub struct Demand {
    level: Level,
    arrived: Moment,
    session: Option<Session>,
    unmet: AtomicBool,
    deadline: OnceLock<Instant>,
}

/// A caller's token, and the one that it gets back.
#[derive(Debug)]
struct Session {
    brought: Token,
    carried: Mutex<Carried>,
}

#[derive(Debug)]
struct Carried {
    token: Token,
    /// Whether what was brought tells of an earlier epoch than what was answered.
    is_lost: bool,
}

impl Demand {
    /// Nothing beyond the bound.
    pub fn bounded() -> Self {
        Self::new(Level::Bounded, Moment(0), None)
    }

    /// Of a request that arrived at `arrived`, maybe with a token.
    pub fn new(level: Level, arrived: Moment, token: Option<Token>) -> Self {
        let session = token.map(|brought| {
            let carried = Mutex::new(Carried { token: brought.clone(), is_lost: false });
            Session { brought, carried }
        });
        Self { level, arrived, session, unmet: AtomicBool::new(false), deadline: OnceLock::new() }
    }

    /// How sure it wants the answer to be.
    pub const fn level(&self) -> Level {
        self.level
    }

    /// Until when what the request needs is waited for: for `limit` from the first wait on, however many
    /// waits there are.
    pub fn deadline(&self, limit: Duration) -> Instant {
        *self.deadline.get_or_init(|| Instant::now() + limit)
    }

    /// Something that is answered, or nothing, does not meet it.
    pub(crate) fn fail(&self) {
        self.unmet.store(true, Ordering::Relaxed);
    }

    /// Whether everything that was answered so far meets it.
    pub fn was_met(&self) -> bool {
        !self.unmet.load(Ordering::Relaxed)
    }

    /// Whether it asks for nothing beyond the bound.
    pub const fn is_bounded(&self) -> bool {
        matches!(self.level, Level::Bounded) && self.session.is_none()
    }

    /// Whether no answer is better than one that does not meet it.
    pub const fn is_strong(&self) -> bool {
        matches!(self.level, Level::Strong)
    }

    /// Whether it needs the primary for what only a statement there can prove. Strangers who send
    /// `no-cache` do not send lists to the primary.
    pub(crate) const fn needs_primary(&self) -> bool {
        self.is_strong() || self.session.is_some()
    }

    /// When the request arrived.
    pub const fn arrived(&self) -> Moment {
        self.arrived
    }

    /// The token that the caller gets back, and whether what the one that it brought tells of may be
    /// lost; `None` when it brought none.
    pub fn carried(&self) -> Option<(Token, bool)> {
        let carried = self.session.as_ref()?.carried.lock();
        Some((carried.token.clone(), carried.is_lost))
    }

    /// Whether an answer of what stands so meets it.
    pub(super) fn is_met_by(&self, standing: &Standing) -> bool {
        let is_since_arrival = standing.proven_at() >= Some(self.arrived);
        if self.level != Level::Bounded && !is_since_arrival {
            return false;
        }
        let Some(session) = &self.session else { return true };
        let proof =
            Proof { epoch: standing.epoch(), horizon: standing.horizon(), parts: standing.parts() };
        let proven = if is_since_arrival { Proven::SinceArrival } else { Proven::Before };
        match session.brought.admits(proof, proven) {
            // What it tells of may be lost; it is told so.
            Admission::Admitted | Admission::LostWith(_) => true,
            Admission::Behind(_) | Admission::Unproven | Admission::EarlierEpoch => false,
        }
    }

    /// Whether the primary, asked now, shows all that the caller has seen.
    pub(crate) fn is_shown_by_primary(&self, freshness: &Freshness) -> bool {
        let Some(session) = &self.session else { return true };
        let state = freshness.state();
        match state.epoch().cmp(&session.brought.epoch()) {
            cmp::Ordering::Less => false,
            cmp::Ordering::Equal => session.brought.is_seen(&state.unseen()),
            cmp::Ordering::Greater => true,
        }
    }

    /// As of when an answer of what stands so is certain, for this caller: what lacks something that the
    /// caller has seen must say that it is stale, however young it is.
    pub(super) fn certain_since(&self, standing: &Standing) -> Option<Moment> {
        standing.proven_at().filter(|_| self.session.is_none() || self.is_met_by(standing))
    }

    /// The caller sees what stands so.
    pub(super) fn note(&self, standing: &Standing, freshness: &Freshness) {
        let Some(session) = &self.session else { return };
        let mut carried = session.carried.lock();
        if carried.is_of(standing.epoch()) {
            let state = freshness.state();
            let unseen = if state.epoch() == standing.epoch() {
                state.unseen()
            } else {
                Arc::new(Unseen::EVERYTHING)
            };
            carried.token.carry(standing.parts(), &unseen, NAMED);
        }
    }

    /// The caller sees what a statement showed that proves nothing part by part.
    pub(crate) fn note_listed(&self, listed: Listed) {
        let Some(session) = &self.session else { return };
        let mut carried = session.carried.lock();
        if carried.is_of(listed.epoch) {
            carried.token.listed(listed.end, listed.by_primary);
        }
    }
}

/// What a statement showed of the history that it was read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Of the history row.
    pub(crate) epoch: Epoch,
    /// No transaction at or above it had ended.
    pub(crate) end: Xid,
    /// Whether it was the primary that showed it.
    pub(crate) by_primary: bool,
}

impl Carried {
    /// Whether what was answered in `epoch` can be told of; a later epoch begins anew.
    fn is_of(&mut self, epoch: Epoch) -> bool {
        if epoch > self.token.epoch() {
            (self.token, self.is_lost) = (Token::new(epoch), true);
        }
        epoch == self.token.epoch()
    }
}
