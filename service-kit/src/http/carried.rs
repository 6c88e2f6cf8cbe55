//! A value that callers carry from an answer to their next request: in a header, or, as browsers do by
//! themselves, in a cookie.

use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{COOKIE, SET_COOKIE},
};

/// Where such a value is carried.
#[derive(Debug, Clone)]
pub struct Carrier {
    header: HeaderName,
    cookie: &'static str,
    /// What stands after the value in a `Set-Cookie`.
    attributes: String,
}

/// A value as it was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brought<'a> {
    /// The value.
    pub value: &'a [u8],
    /// Whether a browser brought it, in the cookie.
    pub by_cookie: bool,
}

impl Carrier {
    /// In this header, and in this cookie, which browsers send to `domain` and what is below it, or
    /// only to the host that gave it.
    pub fn new(header: HeaderName, cookie: &'static str, domain: Option<&str>) -> Self {
        let domain = domain.map(|domain| format!("; Domain={domain}")).unwrap_or_default();
        let attributes = format!("; Path=/{domain}; HttpOnly; Secure; SameSite=Lax");
        Self { header, cookie, attributes }
    }

    /// What a request brings. The header is meant for sure, so it counts before the cookie.
    pub fn brought<'a>(&self, request: &'a HeaderMap) -> Option<Brought<'a>> {
        let in_header = request
            .get(&self.header)
            .map(|value| Brought { value: value.as_bytes(), by_cookie: false });
        in_header.or_else(|| {
            let value = request.get_all(COOKIE).iter().find_map(|line| self.in_cookies(line))?;
            Some(Brought { value, by_cookie: true })
        })
    }

    /// Gives the value in the header.
    pub fn give(&self, response: &mut HeaderMap, value: &str) {
        response.insert(self.header.clone(), visible(value));
    }

    /// Gives the value as a cookie, beside what other cookies there are.
    pub fn give_cookie(&self, response: &mut HeaderMap, value: &str) {
        let cookie = format!("{}={value}{}", self.cookie, self.attributes);
        response.append(SET_COOKIE, visible(&cookie));
    }

    /// Has the browser forget the cookie.
    pub fn take_cookie(&self, response: &mut HeaderMap) {
        let cookie = format!("{}={}; Max-Age=0", self.cookie, self.attributes);
        response.append(SET_COOKIE, visible(&cookie));
    }

    /// One line of cookies: `name=value; name=value` (RFC 6265, 4.2.1).
    fn in_cookies<'a>(&self, line: &'a HeaderValue) -> Option<&'a [u8]> {
        line.as_bytes().split(|byte| *byte == b';').find_map(|pair| {
            let pair = pair.trim_ascii();
            pair.strip_prefix(self.cookie.as_bytes())?.strip_prefix(b"=")
        })
    }
}

fn visible(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("names, domains and sealed values are visible ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carrier(domain: Option<&str>) -> Carrier {
        Carrier::new(HeaderName::from_static("vitrina-test"), "vitrina_test", domain)
    }

    fn request(headers: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(name, value);
        }
        map
    }

    #[test]
    fn the_header_counts_before_the_cookie() {
        let both = request(&[("cookie", "vitrina_test=b"), ("vitrina-test", "a")]);
        assert_eq!(carrier(None).brought(&both), Some(Brought { value: b"a", by_cookie: false }));
        assert_eq!(carrier(None).brought(&request(&[])), None);
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let found = Some(Brought { value: b"b=", by_cookie: true });
        for line in ["vitrina_test=b=", "x=1; vitrina_test=b=; y=2", "x=1;vitrina_test=b="] {
            assert_eq!(carrier(None).brought(&request(&[("cookie", line)])), found, "{line}");
        }
        let two = request(&[("cookie", "x=1"), ("cookie", "vitrina_test=b=")]);
        assert_eq!(carrier(None).brought(&two), found);
        for line in ["vitrina_test", "not_vitrina_test=b", "vitrina_test2=b", "x=vitrina_test=b"] {
            assert_eq!(carrier(None).brought(&request(&[("cookie", line)])), None, "{line}");
        }
    }

    #[test]
    fn a_browser_is_given_it_for_the_domain_and_can_be_made_to_forget_it() {
        let mut answer = HeaderMap::new();
        carrier(Some("shop.example")).give_cookie(&mut answer, "v");
        let attributes = "Path=/; Domain=shop.example; HttpOnly; Secure; SameSite=Lax";
        assert_eq!(answer["set-cookie"], format!("vitrina_test=v; {attributes}"));
        let mut answer = HeaderMap::new();
        carrier(None).take_cookie(&mut answer);
        let forgotten = "vitrina_test=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0";
        assert_eq!(answer["set-cookie"], forgotten);
    }
}
