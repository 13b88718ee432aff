//! What each page is made from. Plain data, filled by the server's handlers; no page looks anything up by itself.

pub mod editing;
pub mod help;
pub mod language;
pub mod letter_text;
pub mod progress;
pub mod search;
pub mod urls;
pub mod words;

use domain::date::Date;
use domain::lifecycle::{Action, CloseReason, Lane, Service, State, Turn, ViewStatus};
use domain::role::Role;
use domain::view::{Feeling, Safe, Subject, Topic};

/// A help line of `help.toml`.
#[derive(Clone, Debug)]
pub struct HelpLine {
    /// Its place on the help page.
    pub id: String,
    /// For which of the things that may be going on: words `help.need.<id>`.
    pub needs: Vec<String>,
    /// Answers at night and at weekends.
    pub night: bool,
    /// Name of the service.
    pub name: String,
    /// Whom it is for.
    pub for_whom: String,
    /// Number as it is read out; may be empty.
    pub phone: String,
    /// `tel:` address; may be empty.
    pub phone_href: String,
    /// How to write by text message; may be empty.
    pub text: String,
    /// Host name shown as text; may be empty.
    pub web: String,
    /// Opening hours; empty if not known.
    pub hours: String,
    /// Known to be free.
    pub free: bool,
    /// Belongs in every footer.
    pub urgent: bool,
    /// Where we read it.
    pub source: String,
    /// The day it was checked.
    pub checked: Date,
}

/// A field of a form that needs mending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The `id` of the field, which the summary links to.
    pub field: &'static str,
    /// Key of the words that say what to do, for example `error.said.empty`.
    pub key: &'static str,
}

// ---------------------------------------------------------------- reading pages

/// How sure we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// We read the source.
    Verified,
    /// We read part of it, or a copy at second hand.
    Partly,
    /// Not checked: the page says "ask".
    Ask,
}

/// Where a claim comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Act and section, or document and paragraph.
    pub title: String,
    /// What copy was read.
    pub seen: String,
    /// How sure we are.
    pub certainty: Certainty,
}

/// A part of an article under its own heading.
#[derive(Clone, Debug)]
pub struct Section {
    /// Address inside the page.
    pub id: String,
    /// Heading; empty for what stands before the first heading.
    pub heading: String,
    /// Body as HTML, made from our own Markdown.
    pub html: String,
}

/// A page of words with sources.
#[derive(Clone, Debug)]
pub struct Article {
    /// Title and only h1.
    pub title: String,
    /// One sentence on what the page is.
    pub short: String,
    /// The whole page in short, for ages 8 to 12, as HTML; empty on pages that are only a way in.
    pub in_short: String,
    /// Parts in order, for ages 13 and over where there is a short text.
    pub sections: Vec<Section>,
    /// Sources; empty on pages that state no facts.
    pub sources: Vec<Source>,
    /// The day the words were checked against the sources.
    pub checked: Date,
    /// The day they should be checked again.
    pub review_by: Date,
    /// How sure we are of the main point.
    pub certainty: Certainty,
}

/// "Keep these pages on this phone": what it takes. Sizes in KB of 1,000 bytes, rounded up.
#[derive(Clone, Copy, Debug)]
pub struct KeepPage {
    /// How many pages the copy holds.
    pub pages: usize,
    /// The checker and the search are among them.
    pub islands: bool,
    /// What fetching the copy takes over the wire.
    pub data_kb: usize,
    /// What the copy takes on the phone.
    pub room_kb: usize,
    /// What fetching the one file takes over the wire.
    pub file_kb: usize,
}

/// A page inside the one file with all pages.
#[derive(Clone, Debug)]
pub struct FilePart {
    /// Where it is inside the file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The page as HTML, made from the page itself.
    pub html: String,
}

/// A link to a right, in lists.
#[derive(Clone, Debug)]
pub struct RightLink {
    /// Name in the address.
    pub slug: String,
    /// Title.
    pub title: String,
    /// One sentence.
    pub short: String,
    /// Which drawn sign.
    pub sign: String,
}

/// A group of rights.
#[derive(Clone, Debug)]
pub struct RightGroup {
    /// Address inside the page.
    pub id: String,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub short: String,
    /// Its rights in order.
    pub rights: Vec<RightLink>,
}

/// One right.
#[derive(Clone, Debug)]
pub struct RightPage {
    /// Name in the address.
    pub slug: String,
    /// The words: four sections, `means`, `good`, `law`, `not-happening`.
    pub article: Article,
    /// Which drawn sign.
    pub sign: String,
    /// Whom it is for.
    pub who_for: String,
    /// Topic that Speak starts with.
    pub topic: Topic,
    /// The group's title, for the line that says where you are.
    pub group: String,
}

/// A promise of the pledge.
#[derive(Clone, Debug)]
pub struct Promise {
    /// Name in the address.
    pub slug: String,
    /// Title in our words.
    pub title: String,
    /// One sentence.
    pub short: String,
    /// Address of the right when it is law as well; may be empty.
    pub law: String,
}

/// A word explained in the glossary.
#[derive(Clone, Debug)]
pub struct GlossaryWord {
    /// Its address inside the glossary.
    pub slug: String,
    /// The word.
    pub word: String,
    /// Other ways to say it that are linked too.
    pub also: Vec<String>,
    /// What it means, as HTML.
    pub means: String,
    /// A page that says more; may be empty.
    pub page: String,
}

/// A letter or message to fill in.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Name in the address.
    pub slug: String,
    /// Title.
    pub title: String,
    /// One sentence on when to use it.
    pub short: String,
    /// Whom to give it to, in a sentence.
    pub to: String,
    /// The page of the right that it claims.
    pub page: String,
    /// Fields in order: at most [`LETTER_FIELDS`].
    pub fields: Vec<LetterField>,
    /// Paragraphs of the letter. `{id}` stands for a field.
    pub text: Vec<String>,
}

/// Names of a letter's fields in the form, in order. Fixed, so that a form can name nothing else.
pub const LETTER_FIELDS: [&str; 8] = ["f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8"];

/// One field of a letter.
#[derive(Clone, Debug)]
pub struct LetterField {
    /// Its name in the text.
    pub id: String,
    /// Label.
    pub label: String,
    /// Help under the label; may be empty.
    pub hint: String,
    /// Lines to write on; 1 is a field of one line.
    pub lines: usize,
}

impl LetterField {
    /// Most characters.
    pub fn max(&self) -> usize {
        if self.lines > 1 { 2_000 } else { 200 }
    }
}

/// A letter with what was typed, in the order of its fields.
#[derive(Clone, Debug)]
pub struct LetterPage {
    /// The letter.
    pub letter: Letter,
    /// What was typed.
    pub typed: Vec<String>,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// A published outcome.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the view was about.
    pub topic: Topic,
    /// What young people said, as approved for the public.
    pub said: String,
    /// What the committee decided.
    pub decided: String,
    /// Who is responsible (a job, never a private name).
    pub owner: String,
    /// By when.
    pub due: Date,
    /// The meeting that decided.
    pub meeting: Date,
    /// The day it was published.
    pub published: Date,
    /// Where it is now: published, done, agreed or disputed.
    pub state: State,
    /// At least how many views on its topic were sent, in steps; `None` for fewer than the first.
    pub views: Option<usize>,
    /// The last day on which those were counted.
    pub views_until: Date,
}

/// A meeting, as the public sees it.
#[derive(Clone, Debug)]
pub struct PublicMeeting {
    /// Its day.
    pub day: Date,
    /// Its title.
    pub title: String,
}

// ---------------------------------------------------------------- speak

/// The steps of sending a view, in order. Every step is a POST to the same address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpeakStep {
    /// What is it about?
    Subject,
    /// What do you want to say?
    Say,
    /// Are you safe?
    Safe,
    /// Who are you? (or stay anonymous)
    You,
    /// Check your answers.
    Check,
}

impl SpeakStep {
    /// Every step in order.
    pub const ALL: [SpeakStep; 5] = [
        SpeakStep::Subject,
        SpeakStep::Say,
        SpeakStep::Safe,
        SpeakStep::You,
        SpeakStep::Check,
    ];

    /// The value of the hidden field `step`.
    pub fn id(self) -> &'static str {
        match self {
            SpeakStep::Subject => "about",
            SpeakStep::Say => "say",
            SpeakStep::Safe => "safe",
            SpeakStep::You => "you",
            SpeakStep::Check => "check",
        }
    }
}

/// Everything typed so far, exactly as typed: a step shows its own fields and carries the others hidden.
/// Field names in forms: `topic`, `link`, `said`, `feeling`, `wish`, `safe`, `about`, `named`, `identity`, `helped`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpeakAnswers {
    /// A topic id, or empty.
    pub topic: String,
    /// `right:<slug>` or `promise:<slug>`, or empty.
    pub link: String,
    /// The view itself.
    pub said: String,
    /// A feeling id, or empty.
    pub feeling: String,
    /// What I would like to happen; may be empty.
    pub wish: String,
    /// A safe id, or empty.
    pub safe: String,
    /// An id of [`domain::view::Subject`]; empty means nobody.
    pub about: String,
    /// `yes` when the sender wants to give a name; empty or `no`: anonymous.
    pub named: String,
    /// Name or a way to reach me; only used when `named` is `yes`.
    pub identity: String,
    /// `yes` when someone is helping.
    pub helped: String,
    /// The language of the pages it was written on; empty: English.
    pub language: String,
}

impl SpeakAnswers {
    /// How the view begins, as far as it is answered: in which lane, and who is left out.
    pub fn begins(&self) -> ViewStatus {
        let danger = Safe::from_id(&self.safe).is_some_and(Safe::to_safety_lane);
        let about = Subject::chosen(&self.about).unwrap_or(Subject::Nobody);
        ViewStatus::begin_about(danger, about)
    }
}

/// One choice in a list of links to attach.
#[derive(Clone, Debug)]
pub struct LinkChoice {
    /// `right:<slug>` or `promise:<slug>`.
    pub value: String,
    /// Its title.
    pub title: String,
    /// Heading of its group in the list.
    pub group: String,
}

// ---------------------------------------------------------------- the checker

/// Something a status brings with it.
#[derive(Clone, Debug)]
pub struct Entitlement {
    /// Its name.
    pub id: String,
    /// Which group of the result it stands in: `say`, `care`, `worker`, `home`, `money`, …
    pub group: String,
    /// Title.
    pub title: String,
    /// What it is; holds `{amount}` where there are amounts.
    pub what: String,
    /// How to get it.
    pub ask: String,
    /// The right that says more; may be empty.
    pub right: String,
    /// The topic of a view about it.
    pub topic: String,
    /// Act and section; empty where it is policy.
    pub law: String,
    /// Where it was seen.
    pub source: String,
    /// How sure we are.
    pub certainty: Certainty,
    /// The day it was checked.
    pub checked: Date,
    /// The day it should be checked again.
    pub review_by: Date,
    /// Amounts, as words; when each holds stands in `offer.figures`.
    pub amounts: Vec<String>,
    /// Whom it is for.
    pub offer: domain::entitlements::report::Offer,
}

/// A question of the checker on its page.
#[derive(Clone, Debug)]
pub struct CheckPage {
    /// The question.
    pub question: domain::entitlements::questions::Question,
    /// Everything answered so far.
    pub texts: domain::entitlements::questions::AnswerTexts,
    /// The questions answered, in order.
    pub answered: Vec<domain::entitlements::questions::Question>,
    /// What was typed, by field, when it is shown again.
    pub typed: std::collections::BTreeMap<&'static str, String>,
    /// What is wrong with it.
    pub problem: Option<domain::entitlements::parse::Code>,
}

/// The result of the checker.
#[derive(Clone, Debug)]
pub struct CheckResult {
    /// Everything answered.
    pub texts: domain::entitlements::questions::AnswerTexts,
    /// The questions answered, in order.
    pub answered: Vec<domain::entitlements::questions::Question>,
    /// What is shown.
    pub shown: domain::entitlements::report::Shown,
    /// The one-page sheet instead of the whole.
    pub sheet: bool,
}

/// A step of Speak. Buttons: `go=next` (continue), `go=back`, `go=about|say|safe|you` (change, on the check page),
/// `go=send` (on the check page). The server knows the step from the hidden field `step`.
#[derive(Clone, Debug)]
pub struct SpeakPage {
    /// Which step is shown.
    pub step: SpeakStep,
    /// What was typed.
    pub answers: SpeakAnswers,
    /// What needs mending on this step.
    pub errors: Vec<FieldError>,
    /// Rights and promises that can be attached.
    pub links: Vec<LinkChoice>,
    /// Title of what is attached, if anything.
    pub attached: Option<String>,
    /// On the check page: the sealed ticket, in the hidden field `ticket`.
    pub ticket: String,
    /// Help lines, shown at once when the answer to "Are you safe?" is not yes.
    pub help: Vec<HelpLine>,
}

/// What typing the words back gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedBack {
    /// Not tried yet.
    NotYet,
    /// Other words than the receipt's.
    Different,
    /// The same words.
    Same,
}

/// The page with the receipt. Its form POSTs `step=keep`, `ticket` and `typed` to Speak.
#[derive(Clone, Debug)]
pub struct ReceiptPage {
    /// The six words.
    pub words: Vec<String>,
    /// The ticket, which shows the same words again.
    pub ticket: String,
    /// What typing them back gave.
    pub typed_back: TypedBack,
    /// The view went to the safety lane.
    pub in_safety_lane: bool,
    /// Who is left out because it is about them.
    pub about: Subject,
    /// The day it was sent.
    pub day: Date,
    /// Help lines, when it went to the safety lane.
    pub help: Vec<HelpLine>,
}

/// Much was sent from the same place: wait a moment before this is sent. Its form POSTs `step=check`, `go=send`, every
/// answer, `ticket`, `pass` and, when something is asked, `picked`.
#[derive(Clone, Debug)]
pub struct SlowPage {
    /// Everything typed.
    pub answers: SpeakAnswers,
    /// The ticket.
    pub ticket: String,
    /// Sealed: from when on it can be sent, and what the right answer is.
    pub pass: String,
    /// The name of the question's words, and the place (from 0) where the right answer stands among three.
    pub question: Option<(&'static str, u8)>,
    /// It was pressed too soon.
    pub early: bool,
    /// The answer was not the right one.
    pub wrong: bool,
    /// How long to wait.
    pub seconds: i64,
    /// Help lines, when the sender is not safe.
    pub help: Vec<HelpLine>,
}

/// Sending could not be finished; nothing is lost. Shown inside the check page as an error instead where possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The server could not save it just now.
    NotSaved,
    /// The ticket is too old: a new one is in the page.
    TicketOld,
}

// ---------------------------------------------------------------- follow

/// The page that asks for six words (form field `words`, POST to Follow).
#[derive(Clone, Debug, Default)]
pub struct FollowPage {
    /// Our own words above the form.
    pub article: Option<Article>,
    /// What was typed, shown again.
    pub typed: String,
    /// The words opened nothing. (Wrong and unknown are told apart by nobody.)
    pub not_found: bool,
    /// How many words were typed, when not six.
    pub typed_count: Option<usize>,
    /// Places (from 1) of words that are not on the list, with the nearest word if there is one.
    pub doubts: Vec<(usize, Option<String>)>,
    /// The sender's page was open for more than 15 minutes: ask for the words again.
    pub timed_out: bool,
    /// What was written on that page, carried along in the hidden field `message`, so that it is not lost.
    pub message: String,
    /// "I am not safe right now" was ticked on that page: carried along in the hidden field `unsafe` (`yes`).
    pub alarm: bool,
}

/// One line of the sender's timeline.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    /// The day.
    pub day: Date,
    /// What happened.
    pub what: TimelineWhat,
}

/// What happened, with the text the sender may read.
#[derive(Clone, Debug)]
pub enum TimelineWhat {
    /// The view was sent: its own words.
    Sent(SentWords),
    /// Opened on this day by somebody in this role.
    ReadBy(Role),
    /// Somebody who keeps children safe has read it and takes it on.
    TakenOn,
    /// It was handed over to somebody who keeps children safe.
    HandedOver(Service),
    /// A question to the sender.
    Question(String),
    /// A reply to the sender.
    Reply(String),
    /// What the sender wrote.
    YouWrote(String),
    /// The sender wrote that they are not safe.
    YouRaisedAlarm(String),
    /// SpeakerBox wrote this version for the committee.
    Approved(String),
    /// It is on the list of the meeting on this day.
    Listed(Date),
    /// It was taken off the list.
    Unlisted,
    /// The committee decided, and it is public.
    Decision(DecisionWords),
    /// The council says it is done.
    Done,
    /// The sender agreed.
    YouAgreed,
    /// The sender disputed.
    YouDisputed,
    /// Closed with this reason.
    Closed(CloseReason),
    /// The name was opened by somebody in this role.
    NameOpened(Role),
    /// A text that can no longer be opened: damaged, kept for recovery.
    Damaged,
    /// The words as sent are gone, because their time was over.
    WordsGone,
    /// The council must keep it longer.
    KeptLonger,
    /// It need not be kept longer any more.
    KeptNoLonger,
}

/// What time limits mean for a view, as its sender is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderLimits {
    /// It has not ended, so no day is known yet.
    Open {
        /// It had ended before, and the words as sent are gone.
        words_gone: bool,
    },
    /// It has ended.
    Ended {
        /// The day the words as sent go; `None` when they are gone.
        words: Option<Date>,
        /// The day everything else on the page goes.
        rest: Date,
    },
    /// The council must keep it.
    Held,
    /// It went on this day: a bare mark is left.
    Bare(Date),
}

/// What time limits mean for a view, at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeskLimits {
    /// What the sender is told.
    pub told: SenderLimits,
    /// The words as sent are gone.
    pub words_gone: bool,
    /// It is held back from going.
    pub held: bool,
    /// May hold it back, and lift that again. Field `reason`, acts `hold` and `unhold`.
    pub may_hold: bool,
}

/// The words of a view.
#[derive(Clone, Debug, Default)]
pub struct SentWords {
    /// The view itself.
    pub said: String,
    /// How it feels.
    pub feeling: Option<Feeling>,
    /// What the sender would like to happen.
    pub wish: String,
    /// Title of the right or promise attached.
    pub attached: Option<String>,
    /// Address of the right or promise attached.
    pub attached_url: Option<String>,
    /// Somebody helped.
    pub helped: bool,
}

/// The words of a decision.
#[derive(Clone, Debug)]
pub struct DecisionWords {
    /// What was decided.
    pub decided: String,
    /// The answer to the young person.
    pub answer: String,
    /// Who is responsible (a job).
    pub owner: String,
    /// By when.
    pub due: Date,
    /// The meeting.
    pub meeting: Date,
}

/// The sender's page. Forms POST to Follow with the hidden fields `handle` and `act`
/// (`write`, `withdraw`, `withdraw-sure`, `agree`, `dispute`); `write` has `message` and the checkbox `unsafe=yes`.
#[derive(Clone, Debug)]
pub struct ThreadPage {
    /// Sealed handle, good for 15 minutes.
    pub handle: String,
    /// The topic.
    pub topic: Topic,
    /// Where the view is.
    pub state: State,
    /// Whether safety has it first.
    pub lane: Lane,
    /// Who is left out because it is about them.
    pub about: Subject,
    /// Whose turn it is.
    pub turn: Turn,
    /// Newest last.
    pub timeline: Vec<TimelineEntry>,
    /// When it goes.
    pub limits: SenderLimits,
    /// What the sender can do now.
    pub possible: Vec<Action>,
    /// A message that could not be saved, shown again.
    pub message: String,
    /// "I am not safe right now" was ticked, shown again.
    pub alarm: bool,
    /// What needs mending.
    pub errors: Vec<FieldError>,
    /// What was just done, as a key of words, for example `follow.saved`.
    pub done: Option<&'static str>,
    /// Ask once more before taking back.
    pub confirm_withdraw: bool,
    /// Help lines.
    pub help: Vec<HelpLine>,
}

// ---------------------------------------------------------------- desk

/// Who is signed in, shown on every page of the desk.
#[derive(Clone, Debug)]
pub struct DeskFrame {
    /// The name they sign in with.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Hidden field `token` of every form of the desk.
    pub token: String,
    /// What was just done, as a key of words.
    pub done: Option<&'static str>,
    /// What waits in the safety lane; only for those who see it.
    pub lane: Option<LaneCount>,
}

/// How much waits in the safety lane that nobody has taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LaneCount {
    /// Views that nobody has taken on.
    pub waiting: usize,
    /// Those of them that wait too long.
    pub overdue: usize,
}

/// How long nobody has taken a view on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneClock {
    /// Whole hours.
    pub hours: i64,
    /// It waits too long.
    pub overdue: bool,
}

/// Sign in: fields `name` and `password`, and while waiting `recovery`.
#[derive(Clone, Debug, Default)]
pub struct SignInPage {
    /// The name as typed.
    pub name: String,
    /// Name or password is wrong (never which).
    pub wrong: bool,
    /// Too many tries: wait so many seconds.
    pub wait_seconds: u32,
    /// Was signed out because of time.
    pub timed_out: bool,
}

/// The second step of signing in: fields `token` and `code`.
#[derive(Clone, Debug, Default)]
pub struct CodePage {
    /// Hidden field `token`.
    pub token: String,
    /// The code was not right, or was used before.
    pub wrong: bool,
    /// Too many tries: wait so many seconds.
    pub wait_seconds: u32,
    /// The code of a sample person; the inner `None` for half a minute when two were used at once.
    pub sample: Option<Option<String>>,
}

/// Choose a new password: fields `token`, `old`, `new`, `again`.
#[derive(Clone, Debug)]
pub struct PasswordPage {
    /// Who; `None` for somebody on the way in, whose first password was given by somebody else.
    pub desk: Option<DeskFrame>,
    /// Hidden field `token`.
    pub token: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// Set up the second factor: fields `token`, `secret` (hidden), `code`, and `password` for whoever is signed in.
#[derive(Clone, Debug)]
pub struct SecondFactorPage {
    /// Who; `None` for somebody on the way in.
    pub desk: Option<DeskFrame>,
    /// Hidden field `token`.
    pub token: String,
    /// The secret in groups of four signs, to be typed.
    pub groups: String,
    /// The same as an address that an authenticator app opens.
    pub address: String,
    /// The address as a QR code: an `<svg>`, or nothing if it is too long for one.
    pub qr_code: String,
    /// Hidden field `secret`: the secret, sealed.
    pub field: String,
    /// Recovery codes that are left.
    pub codes_left: usize,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// The recovery codes, shown once.
#[derive(Clone, Debug)]
pub struct RecoveryCodesPage {
    /// The codes.
    pub codes: Vec<String>,
}

/// One's own sessions; a form ends one (field `session`) or all the others.
#[derive(Clone, Debug)]
pub struct SessionsPage {
    /// Who.
    pub desk: DeskFrame,
    /// The newest first.
    pub sessions: Vec<OwnSession>,
}

/// A session of whoever looks.
#[derive(Clone, Debug)]
pub struct OwnSession {
    /// Its name in the form: a hash that opens nothing.
    pub id: String,
    /// It began so many minutes ago.
    pub began_minutes: i64,
    /// It was last used so many minutes ago.
    pub seen_minutes: i64,
    /// The one that is looking.
    pub this: bool,
    /// Its second step is not done yet.
    pub half: bool,
}

/// Where an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Invited, and has not come yet.
    Invited,
    /// Came, and has not done every step of the first sign-in.
    Begun,
    /// Did not come before the first password was over.
    Late,
    /// Has to be let in by a member of the role.
    Waiting,
    /// Works at the desk.
    Active,
    /// Cannot sign in for now.
    Suspended,
}

impl AccountState {
    /// The name in word keys.
    pub fn id(self) -> &'static str {
        match self {
            AccountState::Invited => "invited",
            AccountState::Begun => "begun",
            AccountState::Late => "late",
            AccountState::Waiting => "waiting",
            AccountState::Active => "active",
            AccountState::Suspended => "suspended",
        }
    }
}

/// Somebody's account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Their id.
    pub id: String,
    /// The name they sign in with.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Where it is.
    pub state: AccountState,
}

/// Everybody's accounts; a form (fields `name`, `role`, `password`) invites somebody.
#[derive(Clone, Debug)]
pub struct AccountsPage {
    /// Who.
    pub desk: DeskFrame,
    /// By name.
    pub accounts: Vec<Account>,
    /// The name as typed.
    pub name: String,
    /// The role as chosen.
    pub role: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// One account; each form carries `token` and `password` and POSTs to [`crate::urls::desk_account_act`].
#[derive(Clone, Debug)]
pub struct AccountPage {
    /// Who looks.
    pub desk: DeskFrame,
    /// The account.
    pub account: Account,
    /// It is their own, which they cannot act on.
    pub own: bool,
    /// The form that was sent with a mistake: its act.
    pub act: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// An invitation that was just made. Its address is shown once.
#[derive(Clone, Debug)]
pub struct InvitedPage {
    /// Who looks.
    pub desk: DeskFrame,
    /// Who is invited.
    pub name: String,
    /// The address to give to them.
    pub address: String,
}

/// Take an invitation: fields `new`, `again`. POSTs to the address it is at.
#[derive(Clone, Debug)]
pub struct JoinPage {
    /// The code in the address.
    pub code: String,
    /// The name they will sign in with.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// For somebody who waits to be let in.
#[derive(Clone, Debug)]
pub struct WaitingPage {
    /// Hidden field `token`.
    pub token: String,
    /// Their role.
    pub role: Role,
    /// Four words that stand for their key.
    pub words: String,
}

/// Somebody who waits to be let in.
#[derive(Clone, Debug)]
pub struct PendingMember {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Four words that stand for their key.
    pub words: String,
}

/// The keys of a role. Forms carry `token`, `password` and `act`: `let-in` with `person`, or `seal-again`.
#[derive(Clone, Debug)]
pub struct KeysPage {
    /// Who.
    pub desk: DeskFrame,
    /// Who waits.
    pub pending_members: Vec<PendingMember>,
    /// Texts that are to be sealed again.
    pub outdated_texts: usize,
    /// The person, or `seal-again`, whose form was sent with a mistake.
    pub act: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// Which views a queue shows. Query fields: `show`, `topic`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct QueueFilter {
    /// Which part.
    pub show: QueueShow,
    /// Only this topic.
    pub topic: Option<Topic>,
    /// Only the views of this burst, instead of one line for all of them.
    pub burst: Option<Burst>,
}

/// Views that came in a burst and look alike as far as can be seen without opening them: the same day, the same topic.
/// Query fields: `burst` as `YYYY-MM-DD:topic`, and `from`, where to begin in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Burst {
    /// The day they were sent.
    pub day: Date,
    /// Their topic.
    pub topic: Topic,
    /// How many of them to pass over.
    pub from: usize,
}

impl Burst {
    /// How many are shown at a time.
    pub const PAGE: usize = 50;

    /// Reads the query fields.
    pub fn from_query(burst: &str, from: &str) -> Option<Burst> {
        let (day, topic) = burst.split_once(':')?;
        Some(Burst {
            day: day.parse().ok()?,
            topic: Topic::from_id(topic)?,
            from: from.parse().unwrap_or(0),
        })
    }
}

/// The line that stands for a burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollapsedBurst {
    /// Which.
    pub burst: Burst,
    /// How many views are in it.
    pub count: usize,
}

/// The parts of the queue, as in an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum QueueShow {
    /// Waiting for us: who waits longest stands first.
    #[default]
    Waiting,
    /// Waiting for the sender.
    Asked,
    /// Approved, not yet on a list.
    Approved,
    /// With the committee.
    Committee,
    /// Ended.
    Ended,
    /// All.
    All,
}

impl QueueShow {
    /// Every part in the order of the tabs.
    pub const ALL: [QueueShow; 6] = [
        QueueShow::Waiting,
        QueueShow::Asked,
        QueueShow::Approved,
        QueueShow::Committee,
        QueueShow::Ended,
        QueueShow::All,
    ];

    /// The value of the query field `show`.
    pub fn id(self) -> &'static str {
        match self {
            QueueShow::Waiting => "waiting",
            QueueShow::Asked => "asked",
            QueueShow::Approved => "approved",
            QueueShow::Committee => "committee",
            QueueShow::Ended => "ended",
            QueueShow::All => "all",
        }
    }
}

/// A view in a queue. No text: opening it is an act of its own.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// Its id.
    pub id: String,
    /// Two words that stand for the sender.
    pub pseudonym: String,
    /// Topic.
    pub topic: Topic,
    /// Where it is.
    pub state: State,
    /// Safety lane.
    pub lane: Lane,
    /// The sender wrote, and nobody opened it since.
    pub unread: bool,
    /// The day it was sent.
    pub sent: Date,
    /// How many days it has been waiting for whoever's turn it is.
    pub waiting_days: i32,
    /// Whose turn it is.
    pub turn: Turn,
    /// In the safety lane: nobody has taken it on, for so long.
    pub nobody_for: Option<LaneClock>,
    /// It came in a burst.
    pub burst: bool,
    /// The language of the pages it was written on, if that is not English: its name in English.
    pub language: Option<String>,
    /// Who is left out because it is about them.
    pub about: Subject,
    /// It was handed over to a service (told in the safety lane alone).
    pub handed: bool,
    /// It cannot be closed yet, and why: a word key.
    pub close_first: Option<&'static str>,
    /// It came to an end, but the safety lane has not said what was done.
    pub ended_in_open_lane: bool,
}

/// SpeakerBox's queue, or the safety lane (`safety`).
#[derive(Clone, Debug)]
pub struct QueuePage {
    /// Who.
    pub desk: DeskFrame,
    /// The safety lane instead of SpeakerBox's queue.
    pub safety: bool,
    /// Somebody is told outside the page when a view comes into the safety lane.
    pub told_outside: bool,
    /// What is shown.
    pub filter: QueueFilter,
    /// How many views each part holds, in the order of [`QueueShow::ALL`] (empty for the safety lane).
    pub counts: Vec<usize>,
    /// The views.
    pub rows: Vec<QueueRow>,
    /// The bursts among them, each in one line; of an open burst, the one line for it.
    pub folds: Vec<CollapsedBurst>,
}

/// One line of a view's record at the desk.
#[derive(Clone, Debug)]
pub struct DeskEntry {
    /// The day.
    pub day: Date,
    /// What happened.
    pub kind: domain::event::EventKind,
    /// Role of who did it; `None` for the sender.
    pub role: Option<Role>,
    /// The text that goes with it, if this reader's keys open one.
    pub text: Option<String>,
    /// There is a text, but it is sealed to others.
    pub sealed_to_others: bool,
    /// The closing reason.
    pub reason: Option<CloseReason>,
    /// The service that it was handed over to, and on which day.
    pub handed: Option<(Service, Date)>,
}

/// A view at the desk. The forms POST to [`crate::urls::desk_view_act`]; each carries `token` and `version`.
/// Fields: `text` for ask-back, reply, note, approve; `meeting` for list; `reason` and `text` for close; `reason` for name.
#[derive(Clone, Debug)]
pub struct DeskViewPage {
    /// Who.
    pub desk: DeskFrame,
    /// The view in the queue's terms.
    pub row: QueueRow,
    /// Who took it on last, by the name they sign in with.
    pub taken_by: Option<String>,
    /// Count of changes, so that two people cannot overwrite each other.
    pub version: i64,
    /// The words as sent, if this reader's keys open them.
    pub words: Option<SentWords>,
    /// What the sender answered to "Are you safe?", if the words can be opened.
    pub safe: Option<Safe>,
    /// A name was given. Opening it needs a reason and is recorded.
    pub has_identity: bool,
    /// The name, when it was just opened.
    pub identity: Option<String>,
    /// May open the name.
    pub may_open_identity: bool,
    /// The record, oldest first.
    pub entries: Vec<DeskEntry>,
    /// The text approved for the committee, if there is one.
    pub approved: Option<String>,
    /// What this person can do now.
    pub possible: Vec<Action>,
    /// Meetings it can be put on.
    pub meetings: Vec<MeetingRow>,
    /// The meeting it is on.
    pub listed_on: Option<MeetingRow>,
    /// When it goes.
    pub limits: DeskLimits,
    /// Which form was sent with a mistake (its action id), with what was typed.
    pub draft: Option<DeskDraft>,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// What was typed in a form of the desk that has to be shown again.
#[derive(Clone, Debug, Default)]
pub struct DeskDraft {
    /// The action's id.
    pub action: String,
    /// The text as typed.
    pub text: String,
    /// The reason, the service or the name, as chosen or typed.
    pub reason: String,
    /// The day as typed.
    pub day: String,
}

/// How the site is used.
#[derive(Clone, Debug)]
pub struct UsePage {
    /// Who.
    pub desk: DeskFrame,
    /// The numbers.
    pub numbers: UseNumbers,
}

/// How often what was opened. Every number goes in steps; `None` stands for fewer than the first.
#[derive(Clone, Debug)]
pub struct UseNumbers {
    /// The month from which on was counted, if anything was.
    pub since: Option<Date>,
    /// The first of the twelve months.
    pub from: Date,
    /// Views that were sent.
    pub sent: UseTimes,
    /// Pages, the most opened first.
    pub pages: Vec<UseLine>,
    /// Pages that were hardly opened.
    pub rare: Vec<UseLine>,
    /// Languages.
    pub languages: Vec<UseLine>,
}

/// What was opened, and how often.
#[derive(Clone, Debug)]
pub struct UseLine {
    /// Its title.
    pub title: String,
    /// Its address.
    pub address: String,
    /// How often.
    pub times: UseTimes,
}

/// How often, at least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UseTimes {
    /// In this month so far.
    pub this_month: Option<usize>,
    /// In the month before.
    pub last_month: Option<usize>,
    /// In twelve months up to now.
    pub year: Option<usize>,
}

/// Who opened what in one week. Query field: `week`, the week's first day.
#[derive(Clone, Debug)]
pub struct RecordPage {
    /// Who.
    pub desk: DeskFrame,
    /// The week's first day, a Monday.
    pub first: Date,
    /// The week after it can be shown too.
    pub has_next: bool,
    /// What was opened, the newest first.
    pub rows: Vec<RecordRow>,
    /// Views that are held back from going: made-up names, with ids for those who may open them.
    pub held: Vec<(String, Option<String>)>,
}

/// What one person opened on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// The day.
    pub day: Date,
    /// The name they sign in with; `None` when the account is gone.
    pub who: Option<String>,
    /// Their role then.
    pub role: Role,
    /// The name was opened, with a reason; otherwise the view was.
    pub name_opened: bool,
    /// They tried, and were refused.
    pub refused: bool,
    /// The two words that stand for the sender.
    pub pseudonym: String,
    /// The view's id, for those who may open it.
    pub view: Option<String>,
    /// How often on that day.
    pub times: usize,
}

/// A meeting in a list.
#[derive(Clone, Debug)]
pub struct MeetingRow {
    /// Its id.
    pub id: String,
    /// Its day.
    pub day: Date,
    /// Its title.
    pub title: String,
    /// How many texts are on its list.
    pub items: usize,
    /// How many of them are decided but not published, or not decided, after the meeting's day.
    pub open: usize,
}

/// All meetings; a form (fields `day` as `YYYY-MM-DD`, `title`) makes a new one for those who may.
#[derive(Clone, Debug)]
pub struct MeetingsPage {
    /// Who.
    pub desk: DeskFrame,
    /// Newest first.
    pub meetings: Vec<MeetingRow>,
    /// May make a meeting.
    pub may_make: bool,
    /// The day as typed.
    pub day: String,
    /// The title as typed.
    pub title: String,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// A text on a meeting's list.
#[derive(Clone, Debug)]
pub struct MeetingItem {
    /// The view's id.
    pub view: String,
    /// Topic.
    pub topic: Topic,
    /// Where it is.
    pub state: State,
    /// The approved text, if this reader's keys open it.
    pub approved: Option<String>,
    /// The decision, if there is one and this reader's keys open it.
    pub decision: Option<DecisionWords>,
    /// What this person can do with it now.
    pub possible: Vec<Action>,
    /// Count of changes.
    pub version: i64,
}

/// A meeting with its list.
#[derive(Clone, Debug)]
pub struct MeetingPage {
    /// Who.
    pub desk: DeskFrame,
    /// The meeting.
    pub meeting: MeetingRow,
    /// The texts in order.
    pub items: Vec<MeetingItem>,
}

/// One text on a meeting's list, with the forms to decide and publish. Fields of `decide`: `decided`, `answer`, `owner`,
/// `due` (`YYYY-MM-DD`), `said` (the public sentence of what young people said). Each form carries `token` and `version`.
#[derive(Clone, Debug)]
pub struct ItemPage {
    /// Who.
    pub desk: DeskFrame,
    /// The meeting.
    pub meeting: MeetingRow,
    /// The text.
    pub item: MeetingItem,
    /// What is in the form: the decision so far, or what was typed.
    pub form: DecisionForm,
    /// What needs mending.
    pub errors: Vec<FieldError>,
}

/// The decision form as typed.
#[derive(Clone, Debug, Default)]
pub struct DecisionForm {
    /// What young people said, for the public page.
    pub said: String,
    /// What was decided.
    pub decided: String,
    /// The answer to the young person.
    pub answer: String,
    /// Who is responsible (a job).
    pub owner: String,
    /// By when, `YYYY-MM-DD`.
    pub due: String,
}

// ---------------------------------------------------------------- errors

/// A page for something that went wrong. Words: `problem.<id>.title`, `problem.<id>.body`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// 404.
    NotFound,
    /// 405.
    WrongMethod,
    /// 400: the form could not be read.
    BadForm,
    /// 413: too much was sent.
    TooBig,
    /// 415: sent in a way we do not read.
    WrongType,
    /// 403: not for this person, or the page was too old.
    Forbidden,
    /// 409: somebody else changed it meanwhile.
    Changed,
    /// 408 or 400: the request was cut short.
    CutShort,
    /// 503: busy or cannot save just now; nothing was lost.
    Busy,
    /// 500: our mistake.
    Ours,
}

impl Problem {
    /// The name in word keys.
    pub fn id(self) -> &'static str {
        match self {
            Problem::NotFound => "not-found",
            Problem::WrongMethod => "wrong-method",
            Problem::BadForm => "bad-form",
            Problem::TooBig => "too-big",
            Problem::WrongType => "wrong-type",
            Problem::Forbidden => "forbidden",
            Problem::Changed => "changed",
            Problem::CutShort => "cut-short",
            Problem::Busy => "busy",
            Problem::Ours => "ours",
        }
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Problem::NotFound => 404,
            Problem::WrongMethod => 405,
            Problem::BadForm | Problem::CutShort => 400,
            Problem::TooBig => 413,
            Problem::WrongType => 415,
            Problem::Forbidden => 403,
            Problem::Changed => 409,
            Problem::Busy => 503,
            Problem::Ours => 500,
        }
    }
}
