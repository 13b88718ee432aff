//! What the server keeps, in domain words. Handlers and services know these traits; SQL stays inside a backend.
//!
//! Every write is one commit, and is answered only after that commit is on the disk. The rows stand in a file for each
//! noun. No file here knows SQL, a page or a key that opens anything.

use async_trait::async_trait;
use audit::{AuditRow, CheckpointRow, Entry, EntryOutcome};
use domain::audience::RoleKey;
use domain::date::Date;
use domain::view::Topic;
use std::collections::BTreeSet;

mod alert;
pub mod audit;
mod audited;
mod error;
mod indicator;
mod meeting;
mod on_call;
mod page;
mod retention;
mod role_key;
mod session;
mod staff;
mod usage;
mod view;

pub use alert::{AlertChange, AlertChannel, AlertKind, AlertRow};
pub use audited::AuditedStore;
pub use error::{Changed, Result, StoreError};
pub use indicator::FigureRow;
pub use meeting::{MeetingRow, OutcomeRow, PublishedRow, TakeDown};
pub use on_call::{DrillRow, OnCallRow};
pub use page::{PageDraftRow, PageVersionRow, Publish};
pub use retention::{Purge, RetentionFacts};
pub use role_key::{GrantRow, RoleKeyRow, SealedAgain, TextsAt};
pub use session::SessionRow;
pub use staff::{
    AccessChange, InvitationRow, Joining, LastReader, ReaderRow, SecondFactor, StaffRow,
};
pub use usage::PageViewsRow;
pub use view::{BodyRow, Change, EventRow, NewBody, NewView, SenderChange, Sent, ViewRow};

/// Everything the server keeps: what is read, what senders write, and what the program writes by itself. What staff write
/// is in [`AuditedStore`].
#[async_trait]
pub trait Store: Send + Sync {
    /// Stores a view once, with its texts and an event `sent` that points to the text of kind `View`.
    async fn send(&self, view: NewView) -> Result<Sent>;
    /// A view by id, also one that was withdrawn.
    async fn view(&self, id: &str) -> Result<Option<ViewRow>>;
    /// A view by the tag of its receipt, also one that was withdrawn.
    async fn view_by_tag(&self, tag: &[u8; 32]) -> Result<Option<ViewRow>>;
    /// Every view that was not withdrawn, oldest first.
    async fn views(&self) -> Result<Vec<ViewRow>>;
    /// The texts of a view, oldest first.
    async fn bodies(&self, view: &str) -> Result<Vec<BodyRow>>;
    /// What happened to a view, oldest first.
    async fn events(&self, view: &str) -> Result<Vec<EventRow>>;
    /// Writes an act of the sender on their own view.
    async fn change_by_sender(&self, change: SenderChange) -> Result<Changed>;
    /// Every alert that nobody has ended, oldest first.
    async fn alerts(&self) -> Result<Vec<AlertRow>>;
    /// Notes that this channel has delivered these alerts in these rounds: (number, round). A round
    /// goes back only when what was noted is yet to come, because the clock was ahead.
    async fn alerts_delivered(&self, channel: AlertChannel, rounds: Vec<(i64, u32)>) -> Result<()>;
    /// Every turn on call, by its first day.
    async fn turns(&self) -> Result<Vec<OnCallRow>>;
    /// Where alerts reach people: the id of an account, and its address as sealed.
    async fn alert_addresses(&self) -> Result<Vec<(String, Vec<u8>)>>;
    /// Every drill, newest first.
    async fn drills(&self) -> Result<Vec<DrillRow>>;
    /// Notes that this channel has delivered these drills in these rounds: (number, round).
    async fn drills_delivered(&self, channel: AlertChannel, rounds: Vec<(i64, u32)>) -> Result<()>;
    /// Notes that these views came in a burst.
    async fn flag_as_burst(&self, views: Vec<String>) -> Result<()>;
    /// A number that moves with every change of what the public pages show: outcomes, meetings and figures.
    async fn public_change(&self) -> Result<i64>;
    /// Published outcomes, newest first.
    async fn outcomes(&self) -> Result<Vec<OutcomeRow>>;
    /// The same, each with the view that it is about: for the desk alone.
    async fn published(&self) -> Result<Vec<PublishedRow>>;

    /// How many views there are of each topic that were sent before this day and not withdrawn; topics without one are
    /// left out.
    async fn views_by_topic(&self, before: Date) -> Result<Vec<(Topic, usize)>>;

    /// Every figure, in order of entry.
    async fn figures(&self) -> Result<Vec<FigureRow>>;

    /// How many views were sent in each month and not withdrawn, by the first day of the month, oldest first.
    async fn views_by_month(&self) -> Result<Vec<(Date, u64)>>;
    /// Adds to what was counted in the month that begins on this day: what was opened, and how often.
    async fn add_uses(&self, month: Date, counts: Vec<(String, u64)>) -> Result<()>;
    /// Everything that was counted, oldest month first.
    async fn uses(&self) -> Result<Vec<PageViewsRow>>;

    /// Every draft, by file.
    async fn drafts(&self) -> Result<Vec<PageDraftRow>>;
    /// The newest version of each file, by file.
    async fn published_words(&self) -> Result<Vec<PageVersionRow>>;
    /// Every version of a file, oldest first.
    async fn word_versions(&self, file: &str) -> Result<Vec<PageVersionRow>>;

    /// Every meeting, newest first; of one day, the last added first.
    async fn meetings(&self) -> Result<Vec<MeetingRow>>;
    /// The views on a meeting's list, in order of arrival.
    async fn listed(&self, meeting: &str) -> Result<Vec<ViewRow>>;

    /// Stores the role keys and the recovery key's public part, once; `false` if there are some already.
    async fn initialize(&self, recovery: &str, keys: Vec<RoleKeyRow>) -> Result<bool>;
    /// The recovery key's public part, if the store has begun.
    async fn recovery(&self) -> Result<Option<String>>;
    /// Every generation of every role key.
    async fn role_keys(&self) -> Result<Vec<RoleKeyRow>>;

    /// Everybody, by name.
    async fn all_staff(&self) -> Result<Vec<StaffRow>>;
    /// Everybody who reads: who can sign in (has joined and done every step of it, and is not suspended) and holds the
    /// newest of every key of their role. Administrators have no key, so they are never among them.
    async fn readers(&self) -> Result<Vec<ReaderRow>>;
    /// A number that moves with every change of what [`Store::readers`] gives.
    async fn staff_change(&self) -> Result<i64>;
    /// A staff member by name.
    async fn staff_by_name(&self, name: &str) -> Result<Option<StaffRow>>;
    /// A staff member by id.
    async fn staff(&self, id: &str) -> Result<Option<StaffRow>>;
    /// The role keys sealed to a staff member.
    async fn grants(&self, staff: &str) -> Result<Vec<GrantRow>>;

    /// Takes the code of a step; `false` if it, or a later one, was taken before.
    async fn consume_totp_step(&self, staff: &str, step: i64) -> Result<bool>;
    /// Takes a recovery code; `false` if it is none of theirs, or was taken before.
    async fn take_recovery_code(&self, staff: &str, hash: [u8; 32]) -> Result<bool>;
    /// The hashes of the recovery codes that somebody has left.
    async fn recovery_codes(&self, staff: &str) -> Result<Vec<[u8; 32]>>;
    /// Ends every invitation that is open.
    async fn end_invitations(&self) -> Result<()>;

    /// An invitation by the hash of its code.
    async fn invitation(&self, hash: &[u8; 32]) -> Result<Option<InvitationRow>>;
    /// The texts older than this generation, of views that have not ended, with the ids of their views.
    async fn outdated_texts(&self, before: u32) -> Result<Vec<(String, BodyRow)>>;
    /// What kinds of texts there are, and at which generations.
    async fn sealed_text_generations(&self) -> Result<Vec<TextsAt>>;
    /// Deletes these generations of role keys, and what of them is sealed to members. [`Changed::Stale`], and nothing goes,
    /// if [`Store::sealed_text_generations`] gives anything else than this by now, or if one of them is the newest of its key.
    async fn delete_role_keys(
        &self,
        gone: Vec<(RoleKey, u32)>,
        texts: Vec<TextsAt>,
    ) -> Result<Changed>;

    /// Ends a session without an act of its owner: its time is up, or the session that follows it begins.
    async fn expire_session(&self, hash: &[u8; 32]) -> Result<()>;
    /// A session by the hash of its token.
    async fn session(&self, hash: &[u8; 32]) -> Result<Option<SessionRow>>;
    /// Notes that a session was used.
    async fn touch_session(&self, hash: &[u8; 32], seen: i64) -> Result<()>;
    /// Every session of a person, the newest first.
    async fn sessions_of(&self, staff: &str) -> Result<Vec<SessionRow>>;
    /// Ends the sessions that began or were last used before these moments.
    async fn end_old_sessions(&self, began_before: i64, seen_before: i64) -> Result<()>;

    /// The store for one act of staff: the only way to what staff write.
    fn audited(&self, entry: Entry) -> Box<dyn AuditedStore>;
    /// What the retention schedule asks of a view.
    async fn retention_facts(&self, view: &str) -> Result<Option<RetentionFacts>>;
    /// The ids of the views that were handed over to a service.
    async fn handed_over(&self) -> Result<BTreeSet<String>>;
    /// The ids of the views from which somebody is recused.
    async fn recused(&self, staff: &str) -> Result<BTreeSet<String>>;
    /// The views that are held, oldest first.
    async fn held(&self) -> Result<Vec<ViewRow>>;
    /// Views that were closed, done or agreed and of which something is left to go, oldest first: the bare ones too.
    async fn views_due_for_retention(&self) -> Result<Vec<ViewRow>>;
    /// Views that have not ended, are not open in the safety lane, and to which nothing has happened after this day, oldest
    /// first, each with the day of its last act; the bare ones too while something is left to go.
    async fn quiet_views(&self, until: Date) -> Result<Vec<(ViewRow, Date)>>;
    /// Erases what goes of a view, unless it is held or not at that version any more.
    async fn purge(&self, purge: Purge) -> Result<Changed>;
    /// The views in the safety lane that their senders withdrew after this day, oldest first: what is left of them.
    async fn withdrawn_in_lane(&self, after: Date) -> Result<Vec<ViewRow>>;
    /// Erases what the safety lane remembers of the views that were withdrawn on this day or before, but their tombstones and
    /// open alerts; says of how many.
    async fn purge_lane_records(&self, until: Date) -> Result<u64>;
    /// Erases meetings before this day on whose list nothing is; says how many.
    async fn purge_meetings(&self, before: Date) -> Result<u64>;
    /// Erases turns that ended before this day, and drills that began before this moment (Unix seconds); says how many rows.
    async fn purge_on_call(&self, before: Date, began_before: i64) -> Result<u64>;
    /// Erases what was counted in months that began before this day; says how many rows.
    async fn purge_uses(&self, before: Date) -> Result<u64>;
    /// Erases the rows of the audit log that this checkpoint covers, and the checkpoints before it; says how many rows.
    async fn purge_audit(&self, size: i64, day: Date) -> Result<u64>;

    /// Puts an entry into the audit log that goes with no other write.
    async fn append_audit(&self, entry: Entry, outcome: EntryOutcome) -> Result<()>;
    /// Rows of the audit log after this place, oldest first, at most `most`.
    async fn audit_after(&self, seq: i64, most: u32) -> Result<Vec<AuditRow>>;
    /// Rows of the audit log from this moment on and before that one, oldest first.
    async fn audit_between(&self, from: i64, before: i64) -> Result<Vec<AuditRow>>;
    /// The last row of the audit log.
    async fn audit_last(&self) -> Result<Option<AuditRow>>;
    /// Keeps a checkpoint; the same size on the same day is kept once.
    async fn add_checkpoint(&self, checkpoint: CheckpointRow) -> Result<()>;
    /// Every checkpoint, oldest first.
    async fn checkpoints(&self) -> Result<Vec<CheckpointRow>>;
    /// Notes that a checkpoint stands in the second place too.
    async fn checkpoint_is_outside(&self, size: i64, day: Date) -> Result<()>;
    /// Everything SQLite finds wrong with the file; empty when it is whole.
    async fn integrity(&self) -> Result<Vec<String>>;

    /// One meeting.
    async fn meeting(&self, id: &str) -> Result<Option<MeetingRow>>;
    /// The views with an open alert, by id; `None` stands for a row that cannot be read.
    async fn alerted_views(&self) -> Result<Vec<(String, Option<ViewRow>)>>;
}
