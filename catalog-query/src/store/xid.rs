//! `xid8` on the wire: eight bytes, unsigned.

use bytes::{BufMut as _, BytesMut};
use catalog_core::freshness::Xid;
use postgres_types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

/// A transaction id as a statement takes and gives it, so that it needs no cast in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlXid(pub Xid);

type BoxError = Box<dyn std::error::Error + Sync + Send>;

impl<'a> FromSql<'a> for SqlXid {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        Ok(Self(Xid(u64::from_be_bytes(raw.try_into()?))))
    }

    accepts!(XID8);
}

impl ToSql for SqlXid {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        out.put_u64(self.0.0);
        Ok(IsNull::No)
    }

    accepts!(XID8);
    to_sql_checked!();
}
