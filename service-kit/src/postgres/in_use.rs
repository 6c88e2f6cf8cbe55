use std::ops::{Deref, DerefMut};

use deadpool_postgres::Object;

/// A pooled connection while work is done on it. [`finish`](Self::finish) gives it back to its pool.
/// When the work is given up midway, because its time is over or because whoever awaited it is gone,
/// this is dropped without that, and the connection leaves the pool and closes.
///
/// The pool alone would take it back: it looks only whether a connection is open. But the server is
/// still busy with what was asked, and answers in order, so whoever got the connection next would
/// wait for that statement before its own.
#[derive(Debug)]
pub struct InUse(Option<Object>);

impl InUse {
    /// Begins the work.
    pub fn new(connection: Object) -> Self {
        Self(Some(connection))
    }

    /// All that was asked has been answered, be it with an error.
    pub fn finish(mut self) {
        drop(self.0.take());
    }
}

impl Deref for InUse {
    type Target = Object;

    fn deref(&self) -> &Object {
        self.0.as_ref().expect("only `finish` and the drop take it, after which nobody has this")
    }
}

impl DerefMut for InUse {
    fn deref_mut(&mut self) -> &mut Object {
        self.0.as_mut().expect("only `finish` and the drop take it, after which nobody has this")
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}
