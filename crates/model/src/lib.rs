//! What each page is made from. Plain data, filled by the server's handlers; no page looks anything up by itself.

pub mod catalog;
pub mod checker;
pub mod content;
pub mod desk;
pub mod form;
pub mod help;
pub mod language;
pub mod letter_text;
pub mod progress;
pub mod public;
pub mod record_page;
pub mod search;
pub mod speak;
pub mod thread;
pub mod urls;
pub mod words;

pub use checker::{CheckPage, CheckResult};
pub use content::{
    Article, Certainty, Entitlement, GlossaryWord, HelpLine, LETTER_FIELDS, Letter, LetterField,
    Promise, RightGroup, RightLink, RightPage, Section, Source,
};
pub use desk::accounts::{
    Account, AccountPage, AccountState, AccountsPage, InvitedPage, JoinPage, KeysPage,
    PendingMember, WaitingPage,
};
pub use desk::audit::{AuditLine, AuditPage, AuditedOpening, OddUse};
pub use desk::frame::{DeskFrame, LaneCount};
pub use desk::meetings::{
    DecisionForm, DisputedItem, ItemPage, MeetingItem, MeetingPage, MeetingSummary, MeetingsPage,
    PublishedItem, PublishedPage,
};
pub use desk::on_call;
pub use desk::page_editor as editing;
pub use desk::queue::{
    Burst, CollapsedBurst, EndingView, LaneClock, QueueFilter, QueuePage, QueueRow, QueueShow,
};
pub use desk::sign_in::{
    CodePage, OwnSession, PasswordPage, RecoveryCodesPage, SecondFactorPage, SessionsPage,
    SignInPage,
};
pub use desk::usage::{UsageCount, UsageLine, UsageNumbers, UsagePage};
pub use desk::view::{DeskDraft, DeskEntry, DeskLimits, DeskViewPage};
pub use form::{FieldError, Problem};
pub use public::{FilePart, LetterPage, OfflinePage, PublicMeeting, PublishedOutcome};
pub use record_page::RecordPage;
pub use speak::{
    LinkChoice, ReceiptPage, SlowPage, SpeakAnswers, SpeakPage, SpeakStep, StartPage, TypedBack,
};
pub use thread::{
    DecisionWords, FollowPage, NotSent, PublicAnswer, SenderLimits, SentWords, ThreadPage,
    TimelineEntry, TimelineWhat,
};
