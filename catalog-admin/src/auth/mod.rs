//! Who calls, and what they may do: JSON Web Tokens signed with `EdDSA` (Ed25519) or RS256.

mod authority;
mod caller;
mod error;
mod keys;
mod source;

pub use authority::{Authority, authenticate};
pub use caller::{Caller, Role};
pub use error::AuthError;
pub use keys::KeySet;
pub use source::KeySource;

/// The id of the key that `devstack` creates; only tokens for development are signed with it.
pub const DEVELOPMENT_KEY_ID: &str = "vitrina-dev";
