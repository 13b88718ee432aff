//! The default backend: one SQLite file in the data folder.
//!
//! One writer groups what waits into one commit (`writer`), a few connections that cannot write do the reading (`pool`).
//! Each noun has its SQL, its rows and what the methods of the traits do in one file. A function whose name ends in `_tx`
//! runs inside the writer's transaction: perhaps twice, the first time rolled back, so it only reads what it was given.

mod alert;
mod audit;
mod audit_log;
mod audited_writer;
mod indicator;
mod maintenance;
mod meeting;
mod on_call;
mod open;
mod page;
mod pool;
mod reader;
mod retention;
mod role_key;
mod row_reader;
mod session;
mod staff;
mod transaction;
mod usage;
mod view;
mod writer;

use crate::audited_writer::AuditedWriter;
use async_trait::async_trait;
use domain::audience::RoleKey;
use domain::date::Date;
use domain::view::Topic;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::audit::{AuditRow, CheckpointRow, Entry, EntryOutcome};
use store::{
    AccessChange, AlertChannel, AlertRow, AuditedStore, BodyRow, Change, Changed, DrillRow,
    EventRow, FigureRow, GrantRow, InvitationRow, Joining, LastReader, MeetingRow, NewBody,
    NewView, OnCallRow, OutcomeRow, PageDraftRow, PageVersionRow, PageViewsRow, Publish,
    PublishedRow, Purge, ReaderRow, Result, RetentionFacts, RoleKeyRow, SealedAgain, SecondFactor,
    SenderChange, Sent, SessionRow, StaffRow, Store, TextsAt, ViewRow,
};

pub use maintenance::{Health, count_rows};
pub use pool::SqliteStore;

#[async_trait]
impl Store for SqliteStore {
    async fn send(&self, view: NewView) -> Result<Sent> {
        view::send(self, view).await
    }

    async fn view(&self, id: &str) -> Result<Option<ViewRow>> {
        view::view(self, id).await
    }

    async fn view_by_tag(&self, tag: &[u8; 32]) -> Result<Option<ViewRow>> {
        view::view_by_tag(self, tag).await
    }

    async fn views(&self) -> Result<Vec<ViewRow>> {
        view::views(self).await
    }

    async fn bodies(&self, view: &str) -> Result<Vec<BodyRow>> {
        view::bodies(self, view).await
    }

    async fn events(&self, view: &str) -> Result<Vec<EventRow>> {
        view::events(self, view).await
    }

    async fn change_by_sender(&self, change: SenderChange) -> Result<Changed> {
        view::change_by_sender(self, change).await
    }

    async fn alerts(&self) -> Result<Vec<AlertRow>> {
        alert::alerts(self).await
    }

    async fn alerts_delivered(&self, channel: AlertChannel, rounds: Vec<(i64, u32)>) -> Result<()> {
        alert::alerts_delivered(self, channel, rounds).await
    }

    async fn turns(&self) -> Result<Vec<OnCallRow>> {
        on_call::turns(self).await
    }

    async fn alert_addresses(&self) -> Result<Vec<(String, Vec<u8>)>> {
        on_call::alert_addresses(self).await
    }

    async fn drills(&self) -> Result<Vec<DrillRow>> {
        on_call::drills(self).await
    }

    async fn drills_delivered(&self, channel: AlertChannel, rounds: Vec<(i64, u32)>) -> Result<()> {
        on_call::drills_delivered(self, channel, rounds).await
    }

    async fn purge_on_call(&self, before: Date, began_before: i64) -> Result<u64> {
        on_call::purge_on_call(self, before, began_before).await
    }

    async fn flag_as_burst(&self, views: Vec<String>) -> Result<()> {
        view::flag_as_burst(self, views).await
    }

    async fn public_change(&self) -> Result<i64> {
        meeting::public_change(self).await
    }

    async fn outcomes(&self) -> Result<Vec<OutcomeRow>> {
        meeting::outcomes(self).await
    }
    async fn published(&self) -> Result<Vec<PublishedRow>> {
        meeting::published(self).await
    }

    async fn views_by_topic(&self, before: Date) -> Result<Vec<(Topic, usize)>> {
        indicator::views_by_topic(self, before).await
    }

    async fn figures(&self) -> Result<Vec<FigureRow>> {
        indicator::figures(self).await
    }

    async fn views_by_month(&self) -> Result<Vec<(Date, u64)>> {
        usage::views_by_month(self).await
    }

    async fn add_uses(&self, month: Date, counts: Vec<(String, u64)>) -> Result<()> {
        usage::add_uses(self, month, counts).await
    }

    async fn uses(&self) -> Result<Vec<PageViewsRow>> {
        usage::uses(self).await
    }

    async fn drafts(&self) -> Result<Vec<PageDraftRow>> {
        page::drafts(self).await
    }

    async fn published_words(&self) -> Result<Vec<PageVersionRow>> {
        page::published_words(self).await
    }

    async fn word_versions(&self, file: &str) -> Result<Vec<PageVersionRow>> {
        page::word_versions(self, file).await
    }

    async fn meetings(&self) -> Result<Vec<MeetingRow>> {
        meeting::meetings(self).await
    }

    async fn listed(&self, meeting: &str) -> Result<Vec<ViewRow>> {
        meeting::listed(self, meeting).await
    }

    async fn meeting(&self, id: &str) -> Result<Option<MeetingRow>> {
        meeting::meeting(self, id).await
    }

    async fn alerted_views(&self) -> Result<Vec<(String, Option<ViewRow>)>> {
        alert::alerted_views(self).await
    }

    async fn initialize(&self, recovery: &str, keys: Vec<RoleKeyRow>) -> Result<bool> {
        role_key::initialize(self, recovery, keys).await
    }

    async fn recovery(&self) -> Result<Option<String>> {
        role_key::recovery(self).await
    }

    async fn role_keys(&self) -> Result<Vec<RoleKeyRow>> {
        role_key::role_keys(self).await
    }

    async fn all_staff(&self) -> Result<Vec<StaffRow>> {
        staff::all_staff(self).await
    }

    async fn readers(&self) -> Result<Vec<ReaderRow>> {
        reader::readers(self).await
    }

    async fn staff_change(&self) -> Result<i64> {
        reader::staff_change(self).await
    }

    async fn staff_by_name(&self, name: &str) -> Result<Option<StaffRow>> {
        staff::staff_by_name(self, name).await
    }

    async fn staff(&self, id: &str) -> Result<Option<StaffRow>> {
        staff::staff(self, id).await
    }

    async fn grants(&self, staff: &str) -> Result<Vec<GrantRow>> {
        role_key::grants(self, staff).await
    }

    async fn consume_totp_step(&self, staff: &str, step: i64) -> Result<bool> {
        staff::consume_totp_step(self, staff, step).await
    }

    async fn take_recovery_code(&self, staff: &str, hash: [u8; 32]) -> Result<bool> {
        staff::take_recovery_code(self, staff, hash).await
    }

    async fn recovery_codes(&self, staff: &str) -> Result<Vec<[u8; 32]>> {
        staff::recovery_codes(self, staff).await
    }

    async fn end_invitations(&self) -> Result<()> {
        staff::end_invitations(self).await
    }

    async fn invitation(&self, hash: &[u8; 32]) -> Result<Option<InvitationRow>> {
        staff::invitation(self, hash).await
    }

    async fn outdated_texts(&self, before: u32) -> Result<Vec<(String, BodyRow)>> {
        role_key::outdated_texts(self, before).await
    }

    async fn sealed_text_generations(&self) -> Result<Vec<TextsAt>> {
        role_key::sealed_text_generations(self).await
    }

    async fn delete_role_keys(
        &self,
        gone: Vec<(RoleKey, u32)>,
        texts: Vec<TextsAt>,
    ) -> Result<Changed> {
        role_key::delete_role_keys(self, gone, texts).await
    }

    async fn expire_session(&self, hash: &[u8; 32]) -> Result<()> {
        session::expire_session(self, hash).await
    }

    async fn session(&self, hash: &[u8; 32]) -> Result<Option<SessionRow>> {
        session::session(self, hash).await
    }

    async fn touch_session(&self, hash: &[u8; 32], seen: i64) -> Result<()> {
        session::touch_session(self, hash, seen).await
    }

    async fn sessions_of(&self, staff: &str) -> Result<Vec<SessionRow>> {
        session::sessions_of(self, staff).await
    }

    async fn end_old_sessions(&self, began_before: i64, seen_before: i64) -> Result<()> {
        session::end_old_sessions(self, began_before, seen_before).await
    }

    fn audited(&self, entry: Entry) -> Box<dyn AuditedStore> {
        Box::new(AuditedWriter {
            writer: Arc::clone(&self.writer),
            entry,
        })
    }

    async fn retention_facts(&self, view: &str) -> Result<Option<RetentionFacts>> {
        retention::retention_facts(self, view).await
    }

    async fn handed_over(&self) -> Result<BTreeSet<String>> {
        view::handed_over(self).await
    }

    async fn recused(&self, staff: &str) -> Result<BTreeSet<String>> {
        view::recused(self, staff).await
    }

    async fn held(&self) -> Result<Vec<ViewRow>> {
        retention::held(self).await
    }

    async fn views_due_for_retention(&self) -> Result<Vec<ViewRow>> {
        retention::views_due_for_retention(self).await
    }

    async fn quiet_views(&self, until: Date) -> Result<Vec<(ViewRow, Date)>> {
        retention::quiet_views(self, until).await
    }

    async fn purge(&self, purge: Purge) -> Result<Changed> {
        retention::purge(self, purge).await
    }

    async fn withdrawn_in_lane(&self, after: Date) -> Result<Vec<ViewRow>> {
        retention::withdrawn_in_lane(self, after).await
    }

    async fn purge_lane_records(&self, until: Date) -> Result<u64> {
        retention::purge_lane_records(self, until).await
    }

    async fn purge_meetings(&self, before: Date) -> Result<u64> {
        retention::purge_meetings(self, before).await
    }

    async fn purge_uses(&self, before: Date) -> Result<u64> {
        usage::purge_uses(self, before).await
    }

    async fn purge_audit(&self, size: i64, day: Date) -> Result<u64> {
        audit::purge_audit(self, size, day).await
    }

    async fn append_audit(&self, entry: Entry, outcome: EntryOutcome) -> Result<()> {
        audit::append_audit(self, entry, outcome).await
    }

    async fn audit_after(&self, seq: i64, most: u32) -> Result<Vec<AuditRow>> {
        audit::audit_after(self, seq, most).await
    }

    async fn audit_between(&self, from: i64, before: i64) -> Result<Vec<AuditRow>> {
        audit::audit_between(self, from, before).await
    }

    async fn audit_last(&self) -> Result<Option<AuditRow>> {
        audit::audit_last(self).await
    }

    async fn add_checkpoint(&self, checkpoint: CheckpointRow) -> Result<()> {
        audit::add_checkpoint(self, checkpoint).await
    }

    async fn checkpoints(&self) -> Result<Vec<CheckpointRow>> {
        audit::checkpoints(self).await
    }

    async fn checkpoint_is_outside(&self, size: i64, day: Date) -> Result<()> {
        audit::checkpoint_is_outside(self, size, day).await
    }

    async fn integrity(&self) -> Result<Vec<String>> {
        maintenance::integrity(self).await
    }
}

#[async_trait]
impl AuditedStore for AuditedWriter {
    async fn change(&self, change: Change) -> Result<Changed> {
        view::change(self, change).await
    }

    async fn insert_event(&self, view: &str, event: EventRow) -> Result<()> {
        view::insert_event(self, view, event).await
    }

    async fn open_listed(&self, views: Vec<String>, event: EventRow) -> Result<()> {
        view::open_listed(self, views, event).await
    }

    async fn set_legal_hold(
        &self,
        view: &str,
        held: bool,
        event: EventRow,
        reason: NewBody,
    ) -> Result<Changed> {
        retention::set_legal_hold(self, view, held, event, reason).await
    }

    async fn recuse(&self, view: &str, staff: &str, last: LastReader) -> Result<AccessChange> {
        view::recuse(self, view, staff, last).await
    }

    async fn add_meeting(&self, meeting: MeetingRow) -> Result<()> {
        meeting::add_meeting(self, meeting).await
    }

    async fn add_turn(&self, turn: OnCallRow) -> Result<()> {
        on_call::add_turn(self, turn).await
    }

    async fn change_turn(&self, turn: OnCallRow) -> Result<Changed> {
        on_call::change_turn(self, turn).await
    }

    async fn remove_turn(&self, id: &str) -> Result<Changed> {
        on_call::remove_turn(self, id).await
    }

    async fn set_alert_address(&self, staff: &str, sealed: Option<Vec<u8>>) -> Result<()> {
        on_call::set_alert_address(self, staff, sealed).await
    }

    async fn begin_drill(&self, began: i64) -> Result<Changed> {
        on_call::begin_drill(self, began).await
    }

    async fn end_drill(&self, id: i64, at: i64, staff: &str) -> Result<Changed> {
        on_call::end_drill(self, id, at, staff).await
    }

    async fn add_figure(&self, figure: FigureRow, expected_version: i64) -> Result<Changed> {
        indicator::add_figure(self, figure, expected_version).await
    }

    async fn save_draft(&self, draft: PageDraftRow, expected_version: i64) -> Result<Changed> {
        page::save_draft(self, draft, expected_version).await
    }

    async fn discard_draft(&self, file: &str, expected_version: i64) -> Result<Changed> {
        page::discard_draft(self, file, expected_version).await
    }

    async fn publish_draft(&self, publish: Publish) -> Result<Changed> {
        page::publish_draft(self, publish).await
    }

    async fn add_staff(&self, staff: StaffRow, grants: Vec<GrantRow>) -> Result<bool> {
        staff::add_staff(self, staff, grants).await
    }

    async fn set_password(
        &self,
        staff: &str,
        salt: [u8; 16],
        wrapped: Vec<u8>,
        keep: Option<[u8; 32]>,
    ) -> Result<()> {
        staff::set_password(self, staff, salt, wrapped, keep).await
    }

    async fn set_second_factor(&self, staff: &str, new: SecondFactor) -> Result<()> {
        staff::set_second_factor(self, staff, new).await
    }

    async fn invite(&self, staff: StaffRow, invitation: InvitationRow) -> Result<bool> {
        staff::invite(self, staff, invitation).await
    }

    async fn invite_again(
        &self,
        invitation: InvitationRow,
        last: LastReader,
    ) -> Result<AccessChange> {
        staff::invite_again(self, invitation, last).await
    }

    async fn join(&self, hash: [u8; 32], keys: Joining) -> Result<bool> {
        staff::join(self, hash, keys).await
    }

    async fn set_suspended(
        &self,
        staff: &str,
        suspended: bool,
        last: LastReader,
    ) -> Result<AccessChange> {
        staff::set_suspended(self, staff, suspended, last).await
    }

    async fn remove_staff(
        &self,
        staff: &str,
        keys: Vec<RoleKeyRow>,
        grants: Vec<(String, GrantRow)>,
        last: LastReader,
    ) -> Result<AccessChange> {
        staff::remove_staff(self, staff, keys, grants, last).await
    }

    async fn add_grants(&self, staff: &str, grants: Vec<GrantRow>) -> Result<()> {
        role_key::add_grants(self, staff, grants).await
    }

    async fn reseal(&self, texts: Vec<SealedAgain>) -> Result<usize> {
        role_key::reseal(self, texts).await
    }

    async fn add_session(&self, session: SessionRow) -> Result<()> {
        session::add_session(self, session).await
    }

    async fn end_session(&self, hash: &[u8; 32]) -> Result<()> {
        session::end_session(self, hash).await
    }

    async fn end_sessions_of(&self, staff: &str, keep: Option<[u8; 32]>) -> Result<()> {
        session::end_sessions_of(self, staff, keep).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// What is written without an entry in the audit log: by senders, by the program itself, and what of a sign-in is
    /// no act yet (a code that is used up, a session that is still in use or is over). A write that is not here belongs in
    /// `AuditedStore`.
    const WITHOUT_ENTRY: [&str; 23] = [
        "add_checkpoint",
        "add_uses",
        "alerts_delivered",
        "append_audit",
        "change_by_sender",
        "checkpoint_is_outside",
        "consume_totp_step",
        "delete_role_keys",
        "drills_delivered",
        "end_invitations",
        "end_old_sessions",
        "expire_session",
        "flag_as_burst",
        "initialize",
        "purge",
        "purge_audit",
        "purge_lane_records",
        "purge_meetings",
        "purge_on_call",
        "purge_uses",
        "send",
        "take_recovery_code",
        "touch_session",
    ];

    /// The functions in the text that write without an entry.
    fn without_entry(text: &str) -> BTreeSet<&str> {
        let functions = text.split("\npub(crate) async fn ").skip(1);
        functions
            .filter_map(|text| {
                let body = text.split("\n}\n").next()?;
                let plain: String = body.split_whitespace().collect();
                let name = body.split(['(', '<']).next()?;
                plain.contains("store.writer.write(").then_some(name)
            })
            .collect()
    }

    #[test]
    fn what_is_written_without_an_entry_is_on_the_list() {
        let found: BTreeSet<&str> = [
            include_str!("alert.rs"),
            include_str!("audit.rs"),
            include_str!("indicator.rs"),
            include_str!("meeting.rs"),
            include_str!("on_call.rs"),
            include_str!("page.rs"),
            include_str!("retention.rs"),
            include_str!("role_key.rs"),
            include_str!("session.rs"),
            include_str!("staff.rs"),
            include_str!("usage.rs"),
            include_str!("view.rs"),
        ]
        .into_iter()
        .flat_map(without_entry)
        .collect();
        assert_eq!(found, BTreeSet::from(WITHOUT_ENTRY));
        // Control.
        let more =
            "\npub(crate) async fn more(store: &SqliteStore) {\n    store.writer.write(1)\n}\n";
        assert_eq!(without_entry(more), BTreeSet::from(["more"]));
    }
}
