//! The writer for an act of staff.

use crate::audit_log::AuditOutcome;
use crate::transaction::Act;
use crate::writer::Writer;
use sqlx::sqlite::SqliteConnection;
use std::sync::Arc;
use store::Result;
use store::audit::Entry;

/// The writer for one act of staff: with each write, its entry goes into the audit log.
pub(crate) struct AuditedWriter {
    pub(crate) writer: Arc<Writer>,
    pub(crate) entry: Entry,
}

impl AuditedWriter {
    /// Writes as [`Writer::write`] does, with the entry in the same commit.
    pub(crate) async fn write<D, T>(
        &self,
        data: D,
        erases: bool,
        act: for<'c> fn(&'c mut SqliteConnection, &'c D) -> Act<'c, T>,
    ) -> Result<T>
    where
        D: Send + Sync + 'static,
        T: AuditOutcome + Send + 'static,
    {
        let entry = Some((self.entry.clone(), T::of as _));
        self.writer.write_with(data, entry, erases, act).await
    }
}
