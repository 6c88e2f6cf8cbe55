use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse, RSAKeyParameters,
};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// More keys than any issuer rotates through.
const MAX_KEYS: usize = 100;
/// NIST SP 800-131A: shorter RSA keys are no longer accepted.
const MIN_RSA_BITS: usize = 2048;

/// The public keys of an issuer, by their id.
#[derive(Clone, Default)]
pub struct KeySet(BTreeMap<String, PublicKey>);

/// A key and the one algorithm that it verifies. A token's header never chooses the algorithm, so
/// there is no confusing one for another.
#[derive(Clone)]
pub(super) struct PublicKey {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// A text that is not a JSON Web Key Set with at least one usable key.
#[derive(Debug, thiserror::Error)]
pub enum KeySetError {
    /// It is no key set.
    #[error("it is not a JSON Web Key Set: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It has no key that can be used.
    #[error("it has no Ed25519 or RSA signing key with an id")]
    Empty,
}

impl KeySet {
    /// Reads a JSON Web Key Set (RFC 7517). Keys of other kinds, for other uses or without an id
    /// are passed over, as section 5 asks.
    pub fn parse(text: &[u8]) -> Result<Self, KeySetError> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(text)?;
        let keys: BTreeMap<_, _> = set.keys.into_iter().filter_map(usable).take(MAX_KEYS).collect();
        if keys.is_empty() { Err(KeySetError::Empty) } else { Ok(Self(keys)) }
    }

    /// The ids of the keys.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn get(&self, id: &str) -> Option<&PublicKey> {
        self.0.get(id)
    }
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.ids()).finish()
    }
}

fn usable(key: Value) -> Option<(String, PublicKey)> {
    let jwk: Jwk = serde_json::from_value(key).ok()?;
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let (algorithm, named) = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        AlgorithmParameters::RSA(rsa) if is_long_enough(rsa) => {
            (Algorithm::RS256, KeyAlgorithm::RS256)
        }
        _ => return None,
    };
    if jwk.common.key_algorithm.is_some_and(|said| said != named) {
        return None;
    }
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    Some((jwk.common.key_id?, PublicKey { algorithm, key }))
}

fn is_long_enough(rsa: &RSAKeyParameters) -> bool {
    let modulus = URL_SAFE_NO_PAD.decode(&rsa.n).unwrap_or_default();
    modulus.iter().skip_while(|byte| **byte == 0).count() * 8 >= MIN_RSA_BITS
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids(keys: &Value) -> Vec<String> {
        let set = KeySet::parse(json!({ "keys": keys }).to_string().as_bytes());
        set.map(|set| set.ids().map(str::to_owned).collect()).unwrap_or_default()
    }

    fn rsa(kid: &str, bytes: usize) -> Value {
        let modulus = URL_SAFE_NO_PAD.encode(vec![0xc5; bytes]);
        json!({"kty": "RSA", "kid": kid, "n": modulus, "e": "AQAB"})
    }

    #[test]
    fn only_keys_that_sign_by_an_accepted_algorithm_are_taken() {
        let x = URL_SAFE_NO_PAD.encode([9; 32]);
        let ed = |extra: Value| {
            let mut key = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "ed"});
            json_patch::merge(&mut key, &extra);
            key
        };
        assert_eq!(ids(&json!([ed(json!({})), rsa("rsa", 256)])), ["ed", "rsa"]);
        assert!(
            ids(&json!([
                ed(json!({"use": "enc"})),
                ed(json!({"alg": "ES256"})),
                ed(json!({"kid": null})),
                rsa("short", 128),
                {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
                {"kty": "EC", "crv": "P-256", "kid": "ec", "x": "", "y": ""},
                {"kty": "unheard-of"},
                7,
            ]))
            .is_empty()
        );
    }
}
