//! The development key: signs tokens on this machine, and nowhere else.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use serde_json::json;

use crate::layout::Layout;
use crate::private_file::write_private;
use crate::{Error, Result};

/// The key's id in tokens and in the JWK set.
pub const KEY_ID: &str = "vitrina-dev";

/// What stands before the 32 bytes of an Ed25519 private key in PKCS#8 (RFC 8410, section 7).
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Makes the key and its public half, unless they are there.
pub(crate) fn create(layout: &Layout) -> Result<()> {
    if layout.signing_key().exists() && layout.jwks().exists() {
        return Ok(());
    }
    let key = SigningKey::from_bytes(&rand::random());
    write_private(&layout.signing_key(), &private_pem(&key))?;
    let path = layout.jwks();
    fs::write(&path, jwks(&key)).map_err(|e| Error::io(format!("write {}", path.display()), e))
}

fn private_pem(key: &SigningKey) -> String {
    let der = [PKCS8_PREFIX.as_slice(), key.as_bytes()].concat();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der))
}

fn jwks(key: &SigningKey) -> String {
    let point = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
    let set = json!({"keys": [{
        "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": KEY_ID, "x": point,
    }]});
    format!("{set:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 8410, section 10.3.
    #[test]
    fn the_private_key_is_written_as_in_the_standard() {
        let seed = [
            0xd4, 0xee, 0x72, 0xdb, 0xf9, 0x13, 0x58, 0x4a, 0xd5, 0xb6, 0xd8, 0xf1, 0xf7, 0x69,
            0xf8, 0xad, 0x3a, 0xfe, 0x7c, 0x28, 0xcb, 0xf1, 0xd4, 0xfb, 0xe0, 0x97, 0xa8, 0x8f,
            0x44, 0x75, 0x58, 0x42,
        ];
        let pem = private_pem(&SigningKey::from_bytes(&seed));
        assert_eq!(
            pem,
            "-----BEGIN PRIVATE KEY-----\n\
             MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
             -----END PRIVATE KEY-----\n"
        );
    }

    #[test]
    fn the_public_half_is_a_jwk_set() {
        let text = jwks(&SigningKey::from_bytes(&[7; 32]));
        let set: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(set["keys"][0]["crv"], "Ed25519");
        assert_eq!(set["keys"][0]["kid"], KEY_ID);
    }
}
