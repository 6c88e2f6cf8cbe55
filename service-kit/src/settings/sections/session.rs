use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::settings::Invalid;

const SHORTEST_KEY: usize = 32;

/// `session`: what callers carry from one request to the next.
#[derive(Debug, Clone, Deserialize)]
pub struct SessionSettings {
    /// The secret that seals it, at least 32 characters long; all processes of a catalog share it.
    pub key: SecretString,
    /// The domain that browsers send it to; without one, only the host that gave it.
    pub cookie_domain: Option<String>,
}

impl SessionSettings {
    /// Refuses a secret that can be guessed, and what is no domain.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        validate_key(&format!("{section}.key"), &self.key)?;
        if self.cookie_domain.as_deref().is_some_and(|domain| !is_domain(domain)) {
            let reason = "is not a domain: give one such as \"shop.example\"";
            return Err(Invalid::new(format!("{section}.cookie_domain"), reason));
        }
        Ok(())
    }
}

/// Refuses a key for sealing, the setting of this dotted name, that can be guessed.
pub fn validate_key(name: &str, key: &SecretString) -> Result<(), Invalid> {
    if key.expose_secret().len() < SHORTEST_KEY {
        let reason = "is shorter than 32 characters: use a longer secret, such as `openssl rand -hex 32` prints";
        return Err(Invalid::new(name, reason));
    }
    Ok(())
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(key: &str, domain: Option<&str>) -> Option<String> {
        let settings = SessionSettings {
            key: SecretString::from(key),
            cookie_domain: domain.map(str::to_owned),
        };
        settings.validate("session").err().map(|invalid| invalid.key)
    }

    #[test]
    fn a_short_secret_and_what_is_no_domain_are_refused() {
        let key = "0123456789abcdef0123456789abcdef";
        assert_eq!(refusal(key, None), None);
        assert_eq!(refusal(key, Some("shop.example")), None);
        assert_eq!(refusal(&key[1..], None).as_deref(), Some("session.key"));
        for domain in ["", "shop..example", "shop.example; Path=/x", "https://shop.example"] {
            assert_eq!(refusal(key, Some(domain)).as_deref(), Some("session.cookie_domain"));
        }
    }
}
