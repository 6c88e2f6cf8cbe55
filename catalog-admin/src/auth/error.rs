use super::Role;

/// Why a request is not let through.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// There is no `Authorization: Bearer` header.
    #[error("the request carries no token")]
    Missing,
    /// The token cannot be accepted; why, in words for its owner.
    #[error("the token is refused: {0}")]
    Refused(&'static str),
    /// The token is good, but its role is not enough.
    #[error("the role {has} may not do this", has = .has.as_str())]
    Forbidden {
        /// The token's role.
        has: Role,
        /// The least role that may.
        needs: Role,
    },
    /// No keys have been read so far, so no token can be judged.
    #[error("no keys are known yet")]
    NoKeys,
}
