//! A response body in every encoding that somebody has asked for.

use std::{io::Write as _, sync::OnceLock};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::HeaderValue;
use xxhash_rust::xxh3::xxh3_128;

/// Below this an encoding saves less than its header costs.
const WORTH_ENCODING: usize = 860;
const GZIP_LEVEL: u32 = 6;
const BROTLI_QUALITY: i32 = 5;
const BROTLI_WINDOW: i32 = 20;
const ZSTD_LEVEL: i32 = 3;

/// A content coding that we produce, in the order in which we prefer them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `br`
    Brotli,
    /// `zstd`
    Zstd,
    /// `gzip`
    Gzip,
    /// None.
    Identity,
}

impl Encoding {
    /// Its name in `Content-Encoding`; identity has none there.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// A body in one encoding. Each has an `ETag` of its own, as each is a representation of its own.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// The bytes to send.
    pub bytes: Bytes,
    /// A strong validator: the bytes' hash before encoding, and the encoding.
    pub etag: HeaderValue,
    /// How they are encoded.
    pub encoding: Encoding,
}

/// A body, encoded at first demand and kept.
#[derive(Debug)]
pub struct Body {
    identity: Encoded,
    hash: u128,
    brotli: OnceLock<Encoded>,
    zstd: OnceLock<Encoded>,
    gzip: OnceLock<Encoded>,
}

impl Body {
    /// Of these bytes.
    pub fn new(bytes: Bytes) -> Self {
        let hash = xxh3_128(&bytes);
        let identity =
            Encoded { bytes, etag: etag(hash, Encoding::Identity), encoding: Encoding::Identity };
        Self {
            identity,
            hash,
            brotli: OnceLock::new(),
            zstd: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// Not encoded.
    pub const fn identity(&self) -> &Encoded {
        &self.identity
    }

    /// Whether encoding it is worth its time.
    pub fn is_worth_encoding(&self) -> bool {
        self.identity.bytes.len() >= WORTH_ENCODING
    }

    /// In `encoding`, if that costs nothing now.
    pub fn ready(&self, encoding: Encoding) -> Option<&Encoded> {
        match self.slot(encoding) {
            Some(slot) if self.is_worth_encoding() => slot.get(),
            _ => Some(&self.identity),
        }
    }

    /// In `encoding`, encoding it now if nobody has; a small body stays as it is.
    pub fn encoded(&self, encoding: Encoding) -> &Encoded {
        match self.slot(encoding) {
            Some(slot) if self.is_worth_encoding() => slot.get_or_init(|| self.encode(encoding)),
            _ => &self.identity,
        }
    }

    /// How many bytes it holds, in all encodings together.
    pub fn bytes(&self) -> usize {
        let encoded = [&self.brotli, &self.zstd, &self.gzip];
        let encoded: usize =
            encoded.iter().filter_map(|slot| slot.get()).map(|encoded| encoded.bytes.len()).sum();
        self.identity.bytes.len() + encoded
    }

    fn slot(&self, encoding: Encoding) -> Option<&OnceLock<Encoded>> {
        match encoding {
            Encoding::Brotli => Some(&self.brotli),
            Encoding::Zstd => Some(&self.zstd),
            Encoding::Gzip => Some(&self.gzip),
            Encoding::Identity => None,
        }
    }

    fn encode(&self, encoding: Encoding) -> Encoded {
        match compress(&self.identity.bytes, encoding) {
            Some(bytes) => {
                Encoded { bytes: bytes.into(), etag: etag(self.hash, encoding), encoding }
            }
            None => self.identity.clone(),
        }
    }
}

/// Writing into memory does not fail; if it did, the body would go out as it is.
fn compress(bytes: &[u8], encoding: Encoding) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Brotli => {
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: BROTLI_QUALITY,
                lgwin: BROTLI_WINDOW,
                size_hint: bytes.len(),
                ..Default::default()
            };
            let mut out = Vec::new();
            brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters).ok()?;
            Some(out)
        }
        Encoding::Zstd => zstd::bulk::compress(bytes, ZSTD_LEVEL).ok(),
        Encoding::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
            encoder.write_all(bytes).ok()?;
            encoder.finish().ok()
        }
        Encoding::Identity => None,
    }
}

fn etag(hash: u128, encoding: Encoding) -> HeaderValue {
    let text = match encoding.name() {
        Some(name) => format!("\"{hash:032x}-{name}\""),
        None => format!("\"{hash:032x}\""),
    };
    HeaderValue::try_from(text).expect("hexadecimal digits and a coding's name are visible ASCII")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn each_encoding_gives_the_bytes_back_under_an_etag_of_its_own() {
        let text = "a sock that is warm ".repeat(100);
        let body = Body::new(Bytes::from(text.clone()));
        let gzip = body.encoded(Encoding::Gzip);
        let mut out = String::new();
        flate2::read::GzDecoder::new(&*gzip.bytes).read_to_string(&mut out).unwrap();
        assert_eq!(out, text);
        let zstd = body.encoded(Encoding::Zstd);
        assert_eq!(zstd::bulk::decompress(&zstd.bytes, 10_000).unwrap(), text.as_bytes());
        let brotli = body.encoded(Encoding::Brotli);
        let mut out = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli.bytes, &mut out).unwrap();
        assert_eq!(out, text.as_bytes());
        let etags = [&body.identity.etag, &gzip.etag, &zstd.etag, &brotli.etag];
        for (index, etag) in etags.iter().enumerate() {
            assert!(!etags[..index].contains(etag));
        }
        assert!(body.bytes() > text.len());
    }

    #[test]
    fn small_bodies_stay_as_they_are() {
        let body = Body::new(Bytes::from_static(b"{}"));
        assert_eq!(body.encoded(Encoding::Gzip).encoding, Encoding::Identity);
        assert!(body.ready(Encoding::Brotli).is_some());
    }
}
