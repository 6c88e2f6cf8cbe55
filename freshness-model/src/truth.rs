//! What was acknowledged and what was lost, as nobody in the model can see it.

use catalog_core::{freshness::Moment, key::EntityKey};

/// What a transaction wrote: no two have the same number, and of one thing the greater is the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Write {
    /// Which one.
    pub number: u8,
    /// Whether it deleted the thing.
    pub deletes: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Event {
    Acknowledged(EntityKey, Write),
    /// The primary no longer has these.
    Lost(Vec<u8>),
}

/// In which way an answer is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// It lacks a change.
    Old,
    /// It shows what was deleted.
    Resurrected,
    /// It denies what was created.
    Absent,
    /// It shows what the primary has lost.
    Lost,
}

/// What happened, in its order. It is the model's clock too: time passes when a transaction becomes
/// visible or is lost. A pod's answer that was proven at a moment must have all that happened before
/// it, so an answer that is given within `B` of that moment has all that was acknowledged `B` before,
/// whatever `B` is. A transaction is taken for acknowledged as soon as it is visible, which is never
/// too late.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Truth {
    events: Vec<Event>,
}

impl Truth {
    /// The moment after all that has happened.
    pub fn now(&self) -> Moment {
        Moment(self.events.len() as u64)
    }

    /// A write is acknowledged.
    pub fn acknowledge(&mut self, key: EntityKey, write: Write) {
        self.events.push(Event::Acknowledged(key, write));
    }

    /// Writes are lost.
    pub fn lose(&mut self, numbers: Vec<u8>) {
        if !numbers.is_empty() {
            self.events.push(Event::Lost(numbers));
        }
    }

    /// How an answer is wrong that shows this of `key` and claims to have all that happened before
    /// `moment`. What the primary has lost since then may be missing.
    pub fn wrong(&self, moment: Moment, key: EntityKey, shown: Option<Write>) -> Option<Wrong> {
        let claimed = usize::try_from(moment.0).unwrap_or(usize::MAX).min(self.events.len());
        let losses = (claimed..self.events.len())
            .filter(|event| matches!(self.events[*event], Event::Lost(_)))
            .map(|event| event + 1);
        let mut wrong = None;
        for until in std::iter::once(claimed).chain(losses) {
            let at_that_moment = wrong_as_of(&self.events[..until], key, shown)?;
            wrong = wrong.or(Some(at_that_moment));
        }
        wrong
    }
}

fn wrong_as_of(events: &[Event], key: EntityKey, shown: Option<Write>) -> Option<Wrong> {
    let mut required: Vec<Write> = Vec::new();
    for event in events {
        match event {
            Event::Acknowledged(of, write) if *of == key => required.push(*write),
            Event::Acknowledged(..) => {}
            Event::Lost(numbers) => {
                if shown.is_some_and(|write| numbers.contains(&write.number)) {
                    return Some(Wrong::Lost);
                }
                required.retain(|write| !numbers.contains(&write.number));
            }
        }
    }
    let required = required.into_iter().max()?;
    match shown {
        Some(write) if write.number >= required.number => None,
        _ if required.deletes => Some(Wrong::Resurrected),
        Some(write) if !write.deletes => Some(Wrong::Old),
        _ => Some(Wrong::Absent),
    }
}
