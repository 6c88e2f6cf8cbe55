//! Edits, each of which leaves a mark of its own.

use catalog_core::freshness::Version;
use devstack::Addresses;
use reqwest::{StatusCode, header::HeaderMap};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    Acknowledged, Judge, admin_editor::AdminEditor, psql_editor::PsqlEditor, tally::count,
};

/// How an edit is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Through catalog-admin.
    Admin,
    /// With psql, past catalog-admin.
    Psql,
}

/// An acknowledged edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// Of which product.
    pub product: Uuid,
    /// To which version.
    pub version: Version,
    /// When its acknowledgement arrived.
    pub acknowledged_at: Instant,
}

/// Why an edit was not acknowledged.
#[derive(Debug)]
pub enum EditError {
    /// The service or the database did not answer, or not in time.
    Unreachable,
    /// The service answered with another status.
    Refused(StatusCode),
    /// The answer could not be read.
    Unreadable,
}

/// Makes edits one way.
#[derive(Debug, Clone)]
pub enum Editor {
    /// Through catalog-admin.
    Admin(AdminEditor),
    /// With psql.
    Psql(PsqlEditor),
}

impl Editor {
    /// An editor of each way, for a running stack.
    pub async fn both(addresses: &Addresses) -> anyhow::Result<[Self; 2]> {
        let admin = AdminEditor::new(addresses.admin.clone(), &addresses.editor_token).await?;
        let psql = PsqlEditor::new(addresses.primary.admin.clone()).await?;
        Ok([Self::Admin(admin), Self::Psql(psql)])
    }

    /// Which way.
    pub fn way(&self) -> Way {
        match self {
            Self::Admin(_) => Way::Admin,
            Self::Psql(_) => Way::Psql,
        }
    }

    /// Gives the product another brand. The judge's tally has counted it, and when it was
    /// acknowledged the ledger has it, when this returns.
    pub async fn edit(&self, product: Uuid, judge: &Judge) -> Result<Edit, EditError> {
        let mark = format!("edit {}", Uuid::now_v7());
        let outcome = match self {
            Self::Admin(editor) => {
                editor.edit(product, &mark, HeaderMap::new()).await.map(|(edit, _)| edit)
            }
            Self::Psql(editor) => editor.edit(product, &mark).await,
        };
        let edits = judge.tally.edits(self.way());
        count(if outcome.is_ok() { &edits.acknowledged } else { &edits.refused });
        let edit = outcome?;
        judge.ledger.acknowledge(Acknowledged {
            product,
            version: edit.version,
            mark,
            way: self.way(),
            at: edit.acknowledged_at,
        });
        Ok(edit)
    }
}
