//! Every address a page links to, in one place, shared with the server's router.

/// The home page.
pub const HOME: &str = "/";
/// The list of rights; one right is [`right`].
pub const RIGHTS: &str = "/rights";
/// The pledge and its promises.
pub const PLEDGE: &str = "/pledge";
/// What the council promised, and how it goes; one promise is [`council_promise`].
pub const PROMISES: &str = "/promises";
/// Lifelong Links.
pub const LIFELONG_LINKS: &str = "/lifelong-links";
/// Staying put.
pub const STAYING_PUT: &str = "/staying-put";
/// Staying put, for foster carers.
pub const STAYING_PUT_CARERS: &str = "/staying-put/carers";
/// A sheet to print: talk about staying put.
pub const STAYING_PUT_TALK: &str = "/staying-put/talk";
/// A sheet to print: people I would like to find.
pub const PEOPLE_TO_FIND: &str = "/lifelong-links/people";
/// Money.
pub const MONEY: &str = "/money";
/// A home.
pub const HOUSING: &str = "/housing";
/// Health, papers, travel and work. (`/health` tells machines that the server answers.)
pub const HEALTH_AND_TRAVEL: &str = "/health-and-travel";
/// Every hard word explained.
pub const GLOSSARY: &str = "/glossary";
/// Letters to fill in; one letter is [`letter`].
pub const LETTERS: &str = "/letters";
/// The corporate parenting committee.
pub const COMMITTEE: &str = "/committee";
/// SpeakerBox.
pub const SPEAKERBOX: &str = "/speakerbox";
/// What am I entitled to?: every question and the result answer on this one address.
pub const CHECK: &str = "/check";
/// What the checker needs to work on the phone alone.
pub const CHECK_KIT: &str = "/check/kit";
/// Search: the form and its results answer on this one address.
pub const SEARCH: &str = "/search";
/// Several pages on paper at once.
pub const PRINT: &str = "/print";
/// What the phone needs to search by itself.
pub const SEARCH_WORDS: &str = "/search/words";
/// Help now.
pub const HELP: &str = "/help";
/// What Pledge keeps and who can read it.
pub const PRIVACY: &str = "/privacy";
/// Accessibility statement.
pub const ACCESSIBILITY: &str = "/accessibility";
/// You said, we did.
pub const YOU_SAID: &str = "/you-said";
/// Everything on one page.
pub const MENU: &str = "/menu";
/// Keep these pages on this phone.
pub const KEEP: &str = "/keep";
/// What a copy on a phone holds, as JSON.
pub const KEEP_LIST: &str = "/keep/list.json";
/// All reading pages in one file.
pub const KEEP_FILE: &str = "/keep/pledge.html";
/// The script of [`KEEP`].
pub const KEEP_SCRIPT: &str = "/keep.js";
/// The service worker that holds the copy.
pub const KEEP_WORKER: &str = "/sw.js";
/// What the phone shows when Pledge is put on its home screen.
pub const MANIFEST: &str = "/manifest.webmanifest";
/// Send a view: every step answers on this one address.
pub const SPEAK: &str = "/speak";
/// Come back with six words.
pub const FOLLOW: &str = "/follow";
/// Leave this page.
pub const LEAVE: &str = "/leave";
/// The desk's first page for a person who is signed in.
pub const DESK: &str = "/desk";
/// Staff sign in.
pub const DESK_SIGN_IN: &str = "/desk/sign-in";
/// Staff sign out (POST).
pub const DESK_SIGN_OUT: &str = "/desk/sign-out";
/// Change one's password.
pub const DESK_PASSWORD: &str = "/desk/password";
/// The second step of signing in.
pub const DESK_CODE: &str = "/desk/code";
/// Set up the second factor.
pub const DESK_SECOND_FACTOR: &str = "/desk/second-factor";
/// One's own sessions.
pub const DESK_SESSIONS: &str = "/desk/sessions";
/// Waiting for keys.
pub const DESK_WAITING: &str = "/desk/waiting";
/// Keys of one's role.
pub const DESK_KEYS: &str = "/desk/keys";
/// Accounts.
pub const DESK_ACCOUNTS: &str = "/desk/accounts";
/// SpeakerBox's queue.
pub const DESK_QUEUE: &str = "/desk/queue";
/// The safety lane.
pub const DESK_SAFETY: &str = "/desk/safety";
/// Who is on call.
pub const DESK_ON_CALL: &str = "/desk/on-call";
/// Figures of the council's promises.
pub const DESK_PROGRESS: &str = "/desk/progress";
/// The editor of the pages.
pub const DESK_PAGE_EDITOR: &str = "/desk/page-editor";
/// Every component in every state, in demo only.
pub const DESK_COMPONENTS: &str = "/desk/components";
/// Meetings.
pub const DESK_MEETINGS: &str = "/desk/meetings";
/// What is public of the committee's decisions, to take it down.
pub const DESK_PUBLISHED: &str = "/desk/published";

/// Who opened what, week by week.
pub const DESK_AUDIT: &str = "/desk/audit";
/// How the site is used, in numbers.
pub const DESK_USAGE: &str = "/desk/usage";

/// The page of words of this name: its name is its address.
pub fn article(name: &str) -> String {
    if name == "home" {
        return HOME.to_owned();
    }
    format!("/{name}")
}

/// One right.
pub fn right(slug: &str) -> String {
    format!("{RIGHTS}/{slug}")
}

/// One "We will" statement of the council.
pub fn council_promise(slug: &str) -> String {
    format!("{PROMISES}/{slug}")
}

/// One promise of the pledge.
pub fn promise(slug: &str) -> String {
    format!("{PLEDGE}/{slug}")
}

/// The page of what `right:<slug>`, `promise:<slug>`, `we-will:<slug>` or `entitlement:<id>` names.
pub fn of_link(link: &str) -> Option<String> {
    let (kind, slug) = link.split_once(':')?;
    match kind {
        "right" => Some(right(slug)),
        "promise" => Some(promise(slug)),
        "we-will" => Some(council_promise(slug)),
        "entitlement" => Some(CHECK.to_owned()),
        _ => None,
    }
}

/// One letter: the form, and the letter that it makes.
pub fn letter(slug: &str) -> String {
    format!("{LETTERS}/{slug}")
}

/// One account at the desk.
pub fn desk_account(id: &str) -> String {
    format!("{DESK_ACCOUNTS}/{id}")
}

/// An act on an account: `suspend`, `restore`, `remove`, `invite-again`.
pub fn desk_account_act(id: &str, act: &str) -> String {
    format!("{DESK_ACCOUNTS}/{id}/{act}")
}

/// An invitation to the desk.
pub fn desk_join(code: &str) -> String {
    format!("/desk/join/{code}")
}

/// One view at the desk. Acts on it POST to `…/{action}`.
pub fn desk_view(id: &str) -> String {
    format!("/desk/view/{id}")
}

/// An act on a view at the desk: `ask-back`, `reply`, `note`, `approve`, `list`, `unlist`, `close`, `raise`, `take`, `release`, `name`.
pub fn desk_view_act(id: &str, action: &str) -> String {
    format!("/desk/view/{id}/{action}")
}

/// One file of words at the desk. Its slashes are written `~`, because an address is cut at them.
pub fn desk_page_editor(file: &str) -> String {
    format!("{DESK_PAGE_EDITOR}/{}", file.replace('/', "~"))
}

/// A draft as the page that it will be.
pub fn desk_page_preview(file: &str) -> String {
    format!("{}/preview", desk_page_editor(file))
}

/// Every version of a file of words.
pub fn desk_page_history(file: &str) -> String {
    format!("{}/history", desk_page_editor(file))
}

/// An act on a file of words: `publish`, `discard`, `return`.
pub fn desk_page_act(file: &str, act: &str) -> String {
    format!("{}/{act}", desk_page_editor(file))
}

/// One meeting at the desk.
pub fn desk_meeting(id: &str) -> String {
    format!("{DESK_MEETINGS}/{id}")
}

/// One text on a meeting's list at the desk. Acts POST to `…/{action}`: `decide`, `publish`, `correct`, `mark-done`, `raise`.
pub fn desk_item(meeting: &str, view: &str) -> String {
    format!("{DESK_MEETINGS}/{meeting}/{view}")
}

/// Takes down everything that is public of a view.
pub fn desk_take_down(view: &str) -> String {
    format!("{DESK_PUBLISHED}/{view}/take-down")
}

/// An act on a text on a meeting's list.
pub fn desk_item_act(meeting: &str, view: &str, action: &str) -> String {
    format!("{DESK_MEETINGS}/{meeting}/{view}/{action}")
}
