//! What the server keeps, in domain words. Handlers and services know this trait; SQL stays inside a backend.
//!
//! Every write is one commit, and is answered only after that commit is on the disk.

use async_trait::async_trait;
use domain::audience::{RoleKey, TextKind};
use domain::date::Date;
use domain::event::EventKind;
use domain::indicator::{Number, Period};
use domain::lifecycle::{CloseReason, Service, State, ViewStatus};
use domain::role::Role;
use domain::view::{Subject, Topic};
use std::collections::BTreeSet;
use std::sync::Arc;

pub mod audit;

use audit::{AuditRow, CheckpointRow, Entry, Outcome};

/// Why the store could not do it. The inner text is for the log's code only; it never reaches a page.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much is waiting, or another process holds the database; nothing was written. Trying again later may help.
    #[error("busy")]
    Busy,
    /// The write did not reach the disk, or the database refused it; nothing was promised.
    #[error("not saved: {0}")]
    NotSaved(String),
    /// It could not be read.
    #[error("cannot read: {0}")]
    Unreadable(String),
    /// A row holds something this version does not know.
    #[error("a row of {0} is damaged")]
    Damaged(&'static str),
    /// The database file cannot be used at all, in a sentence for the person who starts the server.
    #[error("{0}")]
    CannotOpen(String),
}

/// Result of a call.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A view as it arrives, already sealed.
#[derive(Clone, Debug)]
pub struct NewView {
    /// Random id.
    pub id: String,
    /// The receipt's tag; sending the same tag again stores nothing.
    pub tag: [u8; 32],
    /// Public key of the receipt.
    pub recipient: String,
    /// The day it was sent.
    pub day: Date,
    /// Topic.
    pub topic: Topic,
    /// Language it was written in.
    pub language: String,
    /// Where its life begins.
    pub life: ViewStatus,
    /// The sealed texts: the view, and the name if there is one.
    pub bodies: Vec<NewBody>,
    /// Tell somebody: the quarter of an hour (Unix seconds) from which on it waits in the safety lane. The row of the
    /// outbox is written in the same commit.
    pub alert: Option<i64>,
    /// It came in a burst: many in a short time from one place.
    pub burst: bool,
}

/// A sealed text to be added.
#[derive(Clone, Debug)]
pub struct NewBody {
    /// What it is.
    pub kind: TextKind,
    /// The day it was written.
    pub day: Date,
    /// Generation of the role keys.
    pub generation: u32,
    /// Role of the writer; `None` for the sender.
    pub writer: Option<Role>,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// What sending gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Stored now.
    Stored,
    /// It had been stored before; nothing was changed.
    Already,
}

/// A view without its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewRow {
    /// Its id.
    pub id: String,
    /// Order of arrival.
    pub seq: i64,
    /// Public key of the receipt.
    pub recipient: String,
    /// The day it was sent.
    pub day: Date,
    /// Topic.
    pub topic: Topic,
    /// Language.
    pub language: String,
    /// Where it is.
    pub life: ViewStatus,
    /// The day since when it has been waiting for whoever's turn it is.
    pub since: Date,
    /// A name was given.
    pub has_identity: bool,
    /// The meeting it is on.
    pub meeting: Option<String>,
    /// Count of changes.
    pub version: i64,
    /// It came in a burst.
    pub burst: bool,
}

/// What brought an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// A view marked unsafe.
    Sent,
    /// "I am not safe right now", in a later message.
    Alarm,
}

impl AlertKind {
    /// The word in the store.
    pub fn id(self) -> &'static str {
        match self {
            AlertKind::Sent => "sent",
            AlertKind::Alarm => "alarm",
        }
    }

    /// The kind of this word.
    pub fn from_id(id: &str) -> Option<AlertKind> {
        [AlertKind::Sent, AlertKind::Alarm]
            .into_iter()
            .find(|kind| kind.id() == id)
    }
}

/// A way out of the house for an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlertChannel {
    /// E-mail.
    Mail,
    /// An HTTP POST.
    Hook,
}

/// An alert that nobody has ended yet. It holds nothing that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRow {
    /// Running number, never used again.
    pub id: i64,
    /// The view it is about.
    pub view: String,
    /// What brought it.
    pub kind: AlertKind,
    /// Since when it waits: the beginning of a quarter of an hour, in Unix seconds.
    pub since: i64,
    /// The last round delivered by e-mail; 0 before the first.
    pub mail: u32,
    /// The last round delivered by HTTP; 0 before the first.
    pub hook: u32,
}

/// What an act does to the alerts about its view, in the same commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AlertChange {
    /// Nothing.
    #[default]
    Keep,
    /// The sender raised an alarm in this quarter of an hour (Unix seconds).
    Raise(i64),
    /// A named person has it, or there is nothing left to read: they end, and with them the moments.
    End,
}

impl ViewRow {
    /// Nothing can be sealed to its sender any more: it was taken back, or its time is over.
    pub fn is_bare(&self) -> bool {
        self.recipient.is_empty()
    }
}

/// A sealed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyRow {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub kind: TextKind,
    /// The day it was written.
    pub day: Date,
    /// Generation of the role keys.
    pub generation: u32,
    /// Role of the writer; `None` for the sender.
    pub writer: Option<Role>,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// Something that happened to a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The day.
    pub day: Date,
    /// What happened.
    pub kind: EventKind,
    /// Role of who did it; `None` for the sender.
    pub role: Option<Role>,
    /// Who did it.
    pub staff: Option<String>,
    /// The text that goes with it.
    pub body: Option<i64>,
    /// The closing reason.
    pub reason: Option<CloseReason>,
    /// The meeting's id.
    pub meeting: Option<String>,
    /// The service that it was handed over to, and on which day.
    pub handed: Option<(Service, Date)>,
}

/// One act on a view, written in one commit or not at all.
#[derive(Clone, Debug)]
pub struct Change {
    /// The view.
    pub view: String,
    /// The version the act was decided on. If the view has moved on, nothing is written.
    pub from_version: i64,
    /// What its life becomes.
    pub life: ViewStatus,
    /// Its waiting day, if it changes.
    pub since: Option<Date>,
    /// Its meeting: `Some(None)` takes it off.
    pub meeting: Option<Option<String>>,
    /// The event (its `body` is ignored: it is the text below).
    pub event: EventRow,
    /// A text that goes with it.
    pub body: Option<NewBody>,
    /// Publish this outcome in the same commit.
    pub outcome: Option<OutcomeRow>,
    /// Erase every text, event and name in the same commit (the sender takes the view back). What stays is the
    /// tombstone (tag, day, topic, lane, the state "withdrawn") and this act's event; `body` is not written.
    pub erase: bool,
    /// What becomes of the alerts about it.
    pub alert: AlertChange,
}

/// What a change gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Written.
    Done,
    /// The view is not at that version any more (or is gone); nothing was written.
    Stale,
}

/// What time limits ask of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// It must be kept: a legal hold.
    pub held: bool,
    /// The day on which its record went. What is left is the tombstone, and the decision while that is kept.
    pub bare_since: Option<Date>,
    /// The last day the sender wrote or answered, while there is a record of it.
    pub last_word: Option<Date>,
    /// A decision, an approved text or a published outcome is left.
    pub has_decision: bool,
}

/// What goes of a view because its time is over, in one commit.
#[derive(Clone, Debug)]
pub struct Purge {
    /// The view.
    pub view: String,
    /// The version this was decided on.
    pub from_version: i64,
    /// The day.
    pub day: Date,
    /// Texts of these kinds go.
    pub kinds: Vec<TextKind>,
    /// The record goes too, and what is left becomes a tombstone for its sender and for the queues.
    pub record: bool,
    /// The published outcome and the place on a meeting's list go too.
    pub outcome: bool,
}

/// A published outcome: public by intent, so it stands in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeRow {
    /// What the view was about.
    pub topic: Topic,
    /// What young people said.
    pub said: String,
    /// What was decided.
    pub decided: String,
    /// Who is responsible.
    pub owner: String,
    /// By when.
    pub due: Date,
    /// The meeting's day.
    pub meeting_day: Date,
    /// The day of publication.
    pub published: Date,
    /// Where it is now: always the state of the view's life, whatever is given when it is published.
    pub state: State,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingRow {
    /// Its id.
    pub id: String,
    /// Its day.
    pub day: Date,
    /// Its title.
    pub title: String,
}

/// A figure entered at the desk: public by intent, so it stands in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureRow {
    /// Order of entry; given by the store.
    pub seq: i64,
    /// The indicator's id.
    pub indicator: String,
    /// When the figure was true.
    pub period: Period,
    /// The number; `None` takes it away.
    pub number: Option<Number>,
    /// Where it was read.
    pub source: String,
    /// The day of that source.
    pub source_day: Date,
    /// Why it differs from what stood there; may be empty.
    pub reason: String,
    /// The day it was entered.
    pub entered: Date,
}

/// How often something was opened in a month. It stands for nobody, so it is in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseRow {
    /// The first day of the month.
    pub month: Date,
    /// The address of a public page, or `language:` and a code.
    pub what: String,
    /// How often.
    pub count: u64,
}

/// Words of a file that were begun at the desk and are not public yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Changes with each save, and is never used again; given by the store.
    pub seq: i64,
    /// The file, under `content/southwark/`.
    pub file: String,
    /// The published version it was begun from; 0 for the words that the program brings.
    pub over: i64,
    /// The whole file.
    pub text: String,
    /// Account of whoever wrote the last change.
    pub writer: String,
    /// The day of that change.
    pub day: Date,
}

/// Words of a file that were published at the desk: public by intent, so they stand in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordsRow {
    /// Order of publication.
    pub seq: i64,
    /// The file, under `content/southwark/`.
    pub file: String,
    /// The whole file.
    pub text: String,
    /// Account of whoever wrote the last change.
    pub writer: String,
    /// The day of that change.
    pub written: Date,
    /// Account of whoever published it: never the writer's.
    pub publisher: String,
    /// The day of publication.
    pub published: Date,
    /// SHA-256 of the file as the program brought it then.
    pub given: [u8; 32],
}

/// A draft that is to become public.
#[derive(Clone, Debug)]
pub struct Publish {
    /// The file.
    pub file: String,
    /// The draft's number as it was seen.
    pub seen: i64,
    /// Account of whoever publishes it.
    pub publisher: String,
    /// The day.
    pub day: Date,
    /// SHA-256 of the file as the program brings it.
    pub given: [u8; 32],
}

/// A role key: public part, and private part sealed to the recovery key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleKeyRow {
    /// Which key.
    pub key: RoleKey,
    /// Generation, from 1.
    pub generation: u32,
    /// Public key.
    pub recipient: String,
    /// Private key, sealed to the recovery key.
    pub for_recovery: Vec<u8>,
}

/// A staff member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRow {
    /// Random id.
    pub id: String,
    /// The name they sign in with.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Public key.
    pub recipient: String,
    /// Salt of the password.
    pub salt: [u8; 16],
    /// Private key wrapped by the password.
    pub wrapped: Vec<u8>,
    /// The password was given by somebody else.
    pub must_change: bool,
    /// Until when that password is good, in Unix seconds.
    pub temp_password_expires_at: i64,
    /// The secret of their one-time codes, sealed; `None` until they set it up.
    pub second_factor: Option<Vec<u8>>,
    /// The last step whose code was taken.
    pub last_step: i64,
    /// Cannot sign in for now.
    pub suspended: bool,
}

impl StaffRow {
    /// Has keys of their own: whoever was invited has none until they join.
    pub fn has_joined(&self) -> bool {
        !self.recipient.is_empty()
    }

    /// The password was given by somebody else and not used in time: it opens nothing any more.
    pub fn first_is_over(&self, now: i64) -> bool {
        self.must_change && now > self.temp_password_expires_at
    }
}

/// A second factor that was just proven.
#[derive(Clone, Debug)]
pub struct SecondFactor {
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// The step whose code proved it: taken by that.
    pub step: i64,
    /// Hashes of the recovery codes, in place of all older ones.
    pub recovery: Vec<[u8; 32]>,
}

/// An invitation that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// Who is invited.
    pub staff: String,
    /// Hash of the code in its address.
    pub hash: [u8; 32],
    /// Until when it is good (Unix seconds).
    pub until: i64,
}

/// The keys of somebody who joins.
#[derive(Clone, Debug)]
pub struct Joining {
    /// Public key.
    pub recipient: String,
    /// Salt of the password.
    pub salt: [u8; 16],
    /// Private key wrapped by the password.
    pub wrapped: Vec<u8>,
}

/// A text sealed again to newer keys.
#[derive(Clone, Debug)]
pub struct SealedAgain {
    /// Id of the text.
    pub body: i64,
    /// The generation it was opened at; if it has another by now, nothing is written.
    pub from: u32,
    /// The new generation.
    pub generation: u32,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// Texts of one kind by writers of one role, of views about the same, at one generation: there is at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextsAt {
    /// What they are.
    pub kind: TextKind,
    /// The role that wrote them; `None`: the sender.
    pub writer: Option<Role>,
    /// Whom their views are about.
    pub about: Subject,
    /// The newest generation of all role keys when they were sealed.
    pub generation: u32,
}

/// A role key sealed to a staff member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// Which key.
    pub key: RoleKey,
    /// Generation.
    pub generation: u32,
    /// The private key, sealed to the member.
    pub sealed: Vec<u8>,
}

/// A staff session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// Whose it is.
    pub staff: String,
    /// The person's private key wrapped under the token.
    pub wrapped: Vec<u8>,
    /// When it began (Unix seconds).
    pub began: i64,
    /// When it was last used (Unix seconds).
    pub seen: i64,
    /// Half a session: it opens nothing but the next step of signing in.
    pub half: bool,
}

/// Everything the server keeps.
#[async_trait]
pub trait Store: Send + Sync {
    /// Stores a view once, with its texts and an event `sent` that points to the text of kind `View`.
    async fn send(&self, view: NewView) -> Result<Sent>;
    /// A view by id, also one that was taken back.
    async fn view(&self, id: &str) -> Result<Option<ViewRow>>;
    /// A view by the tag of its receipt, also one that was taken back.
    async fn view_by_tag(&self, tag: &[u8; 32]) -> Result<Option<ViewRow>>;
    /// Every view that was not taken back, oldest first.
    async fn views(&self) -> Result<Vec<ViewRow>>;
    /// The texts of a view, oldest first.
    async fn bodies(&self, view: &str) -> Result<Vec<BodyRow>>;
    /// What happened to a view, oldest first.
    async fn events(&self, view: &str) -> Result<Vec<EventRow>>;
    /// Writes one act.
    async fn change(&self, change: Change) -> Result<Changed>;
    /// Writes an event that changes nothing else (a name was opened), with its `body` as given.
    async fn record(&self, view: &str, event: EventRow) -> Result<()>;
    /// Every alert that nobody has ended, oldest first.
    async fn alerts(&self) -> Result<Vec<AlertRow>>;
    /// Notes that this channel has delivered these alerts in these rounds: (number, round). A round never goes back.
    async fn alerts_told(&self, channel: AlertChannel, told: Vec<(i64, u32)>) -> Result<()>;
    /// Notes that these views came in a burst.
    async fn flag_as_burst(&self, views: Vec<String>) -> Result<()>;
    /// Published outcomes, newest first.
    async fn outcomes(&self) -> Result<Vec<OutcomeRow>>;

    /// How many views there are of each topic that were sent before this day and not taken back; topics without one are
    /// left out.
    async fn views_by_topic(&self, before: Date) -> Result<Vec<(Topic, usize)>>;

    /// Adds a figure (its `seq` is not read), unless there is one of the same indicator and period that came after
    /// `seen`: then it is [`Changed::Stale`].
    async fn add_figure(&self, figure: FigureRow, seen: i64) -> Result<Changed>;
    /// Every figure, in order of entry.
    async fn figures(&self) -> Result<Vec<FigureRow>>;

    /// How many views were sent in each month and not taken back, by the first day of the month, oldest first.
    async fn views_by_month(&self) -> Result<Vec<(Date, u64)>>;
    /// Adds to what was counted in the month that begins on this day: what was opened, and how often.
    async fn add_uses(&self, month: Date, counts: Vec<(String, u64)>) -> Result<()>;
    /// Everything that was counted, oldest month first.
    async fn uses(&self) -> Result<Vec<UseRow>>;

    /// Saves a draft (its `seq` is not read) over the one with the number `seen`, whose `over` stays; 0: there is none
    /// yet. [`Changed::Stale`] when there is another, or when the newest version is not `over` any more.
    async fn save_draft(&self, draft: DraftRow, seen: i64) -> Result<Changed>;
    /// Takes a draft away, unless it was changed since.
    async fn discard_draft(&self, file: &str, seen: i64) -> Result<Changed>;
    /// Every draft, by file.
    async fn drafts(&self) -> Result<Vec<DraftRow>>;
    /// Makes a draft the newest version of its file. [`Changed::Stale`] when it was changed since, or when its writer
    /// would be its publisher.
    async fn publish_draft(&self, publish: Publish) -> Result<Changed>;
    /// The newest version of each file, by file.
    async fn published_words(&self) -> Result<Vec<WordsRow>>;
    /// Every version of a file, oldest first.
    async fn word_versions(&self, file: &str) -> Result<Vec<WordsRow>>;

    /// Adds a meeting.
    async fn add_meeting(&self, meeting: MeetingRow) -> Result<()>;
    /// Every meeting, newest first; of one day, the last added first.
    async fn meetings(&self) -> Result<Vec<MeetingRow>>;
    /// The views on a meeting's list, in order of arrival.
    async fn listed(&self, meeting: &str) -> Result<Vec<ViewRow>>;

    /// Stores the role keys and the recovery key's public part, once; `false` if there are some already.
    async fn begin(&self, recovery: &str, keys: Vec<RoleKeyRow>) -> Result<bool>;
    /// The recovery key's public part, if the store has begun.
    async fn recovery(&self) -> Result<Option<String>>;
    /// Every generation of every role key.
    async fn role_keys(&self) -> Result<Vec<RoleKeyRow>>;

    /// Adds a staff member with their keys; `false` if the name is taken.
    async fn add_staff(&self, staff: StaffRow, grants: Vec<GrantRow>) -> Result<bool>;
    /// Everybody, by name.
    async fn all_staff(&self) -> Result<Vec<StaffRow>>;
    /// A staff member by name.
    async fn staff_by_name(&self, name: &str) -> Result<Option<StaffRow>>;
    /// A staff member by id.
    async fn staff(&self, id: &str) -> Result<Option<StaffRow>>;
    /// The role keys sealed to a staff member.
    async fn grants(&self, staff: &str) -> Result<Vec<GrantRow>>;
    /// Sets a new password and ends every session of the person but this one. For nobody it is
    /// [`StoreError::NotSaved`].
    async fn set_password(
        &self,
        staff: &str,
        salt: [u8; 16],
        wrapped: Vec<u8>,
        keep: Option<[u8; 32]>,
    ) -> Result<()>;

    /// Sets a second factor. For nobody it is [`StoreError::NotSaved`].
    async fn set_second_factor(&self, staff: &str, new: SecondFactor) -> Result<()>;
    /// Takes the code of a step; `false` if it, or a later one, was taken before.
    async fn consume_totp_step(&self, staff: &str, step: i64) -> Result<bool>;
    /// Takes a recovery code; `false` if it is none of theirs, or was taken before.
    async fn take_recovery_code(&self, staff: &str, hash: [u8; 32]) -> Result<bool>;
    /// How many recovery codes a person has left.
    async fn recovery_codes_left(&self, staff: &str) -> Result<usize>;

    /// Adds somebody who is invited: a person without keys; `false` if the name is taken.
    async fn invite(&self, staff: StaffRow, invitation: InvitationRow) -> Result<bool>;
    /// Invites somebody again: in one commit their keys, password, second factor and sessions go, and a new invitation
    /// stands in place of an older one. For nobody it is [`StoreError::NotSaved`].
    async fn invite_again(&self, invitation: InvitationRow) -> Result<()>;
    /// An invitation by the hash of its code.
    async fn invitation(&self, hash: &[u8; 32]) -> Result<Option<InvitationRow>>;
    /// Takes an invitation: whoever was invited now has these keys. `false` if it is gone.
    async fn join(&self, hash: [u8; 32], keys: Joining) -> Result<bool>;
    /// Suspends somebody, which ends their sessions, or lets them sign in again. For nobody it is
    /// [`StoreError::NotSaved`].
    async fn set_suspended(&self, staff: &str, suspended: bool) -> Result<()>;
    /// Removes somebody with all that is theirs and, in the same commit, begins new role keys, each sealed to the members
    /// who stay. For nobody it is [`StoreError::NotSaved`].
    async fn remove_staff(
        &self,
        staff: &str,
        keys: Vec<RoleKeyRow>,
        grants: Vec<(String, GrantRow)>,
    ) -> Result<()>;
    /// Seals role keys to somebody; those they have stay as they are.
    async fn add_grants(&self, staff: &str, grants: Vec<GrantRow>) -> Result<()>;
    /// The texts older than this generation, of views that have not ended, with the ids of their views.
    async fn outdated_texts(&self, before: u32) -> Result<Vec<(String, BodyRow)>>;
    /// Puts texts that were sealed again in the place of what they were; says how many still were as expected.
    async fn reseal(&self, texts: Vec<SealedAgain>) -> Result<usize>;
    /// What kinds of texts there are, and at which generations.
    async fn sealed_text_generations(&self) -> Result<Vec<TextsAt>>;
    /// Deletes these generations of role keys, and what of them is sealed to members. [`Changed::Stale`], and nothing goes,
    /// if [`Store::sealed_text_generations`] gives anything else than this by now, or if one of them is the newest of its key.
    async fn delete_role_keys(
        &self,
        gone: Vec<(RoleKey, u32)>,
        texts: Vec<TextsAt>,
    ) -> Result<Changed>;

    /// Begins a session.
    async fn add_session(&self, session: SessionRow) -> Result<()>;
    /// A session by the hash of its token.
    async fn session(&self, hash: &[u8; 32]) -> Result<Option<SessionRow>>;
    /// Notes that a session was used.
    async fn touch_session(&self, hash: &[u8; 32], seen: i64) -> Result<()>;
    /// Ends a session.
    async fn end_session(&self, hash: &[u8; 32]) -> Result<()>;
    /// Every session of a person, the newest first.
    async fn sessions_of(&self, staff: &str) -> Result<Vec<SessionRow>>;
    /// Ends every session of a person but this one.
    async fn end_sessions_of(&self, staff: &str, keep: Option<[u8; 32]>) -> Result<()>;
    /// Ends the sessions that began or were last used before these moments.
    async fn end_old_sessions(&self, began_before: i64, seen_before: i64) -> Result<()>;

    /// The same store, for one act of staff: each write through it puts this entry into the audit log in the commit of
    /// that write. A write that does nothing (a stale change, a name that is taken) is entered as "not done".
    fn by(&self, entry: Entry) -> Arc<dyn Store>;
    /// What time limits ask of a view.
    async fn limits(&self, view: &str) -> Result<Option<Limits>>;
    /// Holds a view or lifts the hold, with a sealed reason and an event in the same commit. [`Changed::Stale`] if it is
    /// as asked already, or is gone.
    async fn hold(
        &self,
        view: &str,
        held: bool,
        event: EventRow,
        reason: NewBody,
    ) -> Result<Changed>;
    /// The ids of the views that were handed over to a service.
    async fn handed_over(&self) -> Result<BTreeSet<String>>;
    /// Keeps somebody away from a view, for good. Doing it again changes nothing.
    async fn recuse(&self, view: &str, staff: &str) -> Result<()>;
    /// The ids of the views that somebody is kept away from.
    async fn recused(&self, staff: &str) -> Result<BTreeSet<String>>;
    /// The views that are held, oldest first.
    async fn held(&self) -> Result<Vec<ViewRow>>;
    /// Views that were closed, done or agreed and of which something is left to go, oldest first: the bare ones too.
    async fn views_due_for_retention(&self) -> Result<Vec<ViewRow>>;
    /// Erases what goes of a view, unless it is held or not at that version any more.
    async fn purge(&self, purge: Purge) -> Result<Changed>;
    /// Erases meetings before this day on whose list nothing is; says how many.
    async fn purge_meetings(&self, before: Date) -> Result<u64>;
    /// Erases what was counted in months that began before this day; says how many rows.
    async fn purge_uses(&self, before: Date) -> Result<u64>;
    /// Erases the rows of the audit log that this checkpoint covers, and the checkpoints before it; says how many rows.
    async fn purge_audit(&self, size: i64, day: Date) -> Result<u64>;

    /// Puts an entry into the audit log that goes with no other write.
    async fn enter(&self, entry: Entry, outcome: Outcome) -> Result<()>;
    /// Rows of the audit log after this place, oldest first, at most so many.
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
}
