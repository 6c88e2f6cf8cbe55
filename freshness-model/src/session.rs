//! A caller that writes and reads, and carries its token from each request to the next.

use std::collections::BTreeMap;

use catalog_core::{
    freshness::{AcknowledgedWrite, Admission, Moment, Proven, Token, Unseen, Xid},
    key::EntityKey,
};

use crate::{entry::Entry, guards::Guard, pod::Pod, scope::Scope};

/// A request that has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Request {
    /// At which pod.
    pub pod: usize,
    /// For what.
    pub key: EntityKey,
    /// When.
    pub arrived: Moment,
}

/// A caller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Session {
    token: Option<Token>,
    /// The request that waits for its answer.
    pub request: Option<Request>,
    /// How many there have been.
    pub requests: u8,
    /// The latest write that it made or saw of each thing, unless it was told that it may be lost.
    witnessed: BTreeMap<EntityKey, u8>,
    /// Whether it has seen less than that.
    pub went_back: bool,
}

impl Session {
    /// What it wrote in one transaction is acknowledged, with a token.
    pub fn wrote(&mut self, write: &AcknowledgedWrite<'_>, numbers: &[u8], scope: &Scope) {
        let brought = self.token.take();
        let (token, is_lost) = Token::after_write(brought, write, scope.names);
        if is_lost {
            self.witnessed.clear();
        }
        self.token = Some(token);
        let keys = write.parts.iter().map(|part| part.key);
        self.witnessed.extend(keys.zip(numbers.iter().copied()));
    }

    /// How an entry may answer the request now; `None` while it may not.
    pub fn admits(&self, entry: &Entry, pod: &Pod, without: Option<Guard>) -> Option<Admission> {
        let request = self.request?;
        let Some(token) = &self.token else { return Some(Admission::Admitted) };
        let parts = entry.parts();
        let mut proof = entry.proof(&parts);
        let mut proven = match pod.proves(entry, without) {
            Some(sent) if sent >= request.arrived || without == Some(Guard::TokenArrival) => {
                Proven::SinceArrival
            }
            _ => Proven::Before,
        };
        match without {
            Some(Guard::TokenEpoch) => proof.epoch = token.epoch(),
            Some(Guard::TokenVersions) => proof.parts = &[],
            Some(Guard::TokenFolded) => {
                proven = Proven::SinceArrival;
                proof.horizon = Xid(u64::MAX);
            }
            _ => {}
        }
        let admission = token.admits(proof, proven);
        let answers = matches!(admission, Admission::Admitted | Admission::LostWith(_));
        answers.then_some(admission)
    }

    /// It is answered.
    pub fn answered(
        &mut self,
        entry: &Entry,
        admission: Admission,
        unseen: &Unseen,
        scope: &Scope,
        without: Option<Guard>,
    ) {
        self.request = None;
        if let Admission::LostWith(_) = admission {
            self.token = None;
            self.witnessed.clear();
        }
        for shown in &entry.shown {
            let number = shown.write.map_or(0, |write| write.number);
            let witnessed = self.witnessed.entry(shown.key).or_insert(number);
            self.went_back |= number < *witnessed;
            *witnessed = number.max(*witnessed);
        }
        let unseen = if without == Some(Guard::TokenUnseen) { &Unseen::NOTHING } else { unseen };
        let token = self.token.get_or_insert_with(|| Token::new(entry.epoch));
        token.carry(&entry.parts(), unseen, scope.names);
    }
}
