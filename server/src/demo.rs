//! Sample data for trying Pledge out: sample people, sample views in every state, a sample meeting. Every text says that
//! it is a sample; no real person appears in it.

use domain::date::Date;
use domain::lifecycle::CloseReason;
use domain::publication::DecisionKind;
use domain::role::Role;
use model::SpeakAnswers;
use service::setup::NewStaff;
use service::sign_in::{PasswordChange, Session, SetUp, SignIn, StaffSession};
use service::speak::SendOutcome;
use service::views::{Act, OpenedView};
use service::{ActError, App, DecisionBody, thread};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use vault::seal::Identity;
use vault::second_factor::{STEP_SECONDS, Secret};

/// Marks a data folder as sample data, and holds the sample sign-ins.
const MARK: &str = "demo-sign-ins.txt";

/// The sample people's recovery codes, a name and a code a line.
const CODES: &str = "demo-recovery-codes.txt";

/// Stands in the folder while it is being filled: what is found beside it at a start was cut short.
const UNFINISHED: &str = "demo-unfinished";

const PEOPLE: [(&str, Role); 6] = [
    ("sample-speakerbox", Role::Speakerbox),
    ("sample-coordinator", Role::Coordinator),
    ("sample-safety", Role::Safety),
    ("sample-committee", Role::Committee),
    ("sample-clerk", Role::Clerk),
    ("sample-admin", Role::Admin),
];

/// Sample numbers of pages that were opened.
const SAMPLE_USES: [(&str, u64); 9] = [
    ("/", 41),
    ("/rights", 23),
    ("/check", 18),
    ("/speak", 12),
    ("/help", 9),
    ("/rights/complain", 3),
    ("language:en", 96),
    ("language:es", 7),
    ("language:ar", 3),
];

/// Whether this folder holds sample data.
pub fn marked(data: &Path) -> bool {
    data.join(MARK).exists()
}

/// Begins a folder of sample data. What an interrupted filling left behind is removed first.
pub fn begin(data: &Path) -> std::io::Result<()> {
    let unfinished = data.join(UNFINISHED);
    if unfinished.exists() {
        std::fs::remove_dir_all(data)?;
    }
    std::fs::create_dir_all(data)?;
    std::fs::write(unfinished, "")
}

/// Whether the filling of this folder was cut short, so that it may be begun again.
pub fn unfinished(data: &Path) -> bool {
    data.join(UNFINISHED).exists()
}

/// The sample sign-ins, to be printed at start.
pub fn sign_ins(data: &Path) -> String {
    std::fs::read_to_string(data.join(MARK)).unwrap_or_default()
}

/// Fills an installation that has just begun.
pub async fn fill(pledge: &App, recovery: &Identity, data: &Path) -> Result<(), ActError> {
    let desks = add_people(pledge, recovery, data).await?;
    let [speakerbox, _coordinator, _safety, committee, clerk, _admin] = desks.as_slice() else {
        return Err(ActError::Internal("demo-people"));
    };
    add_page_counts(pledge).await?;
    let today = pledge.clock.today();
    let last = meeting(
        pledge,
        clerk,
        today.plus_days(-20),
        "Sample meeting: autumn",
    )
    .await?;
    let next = meeting(pledge, clerk, today.plus_days(30), "Sample meeting: winter").await?;

    send_unread_views(pledge).await?;
    ask_back(pledge, speakerbox).await?;
    list_for_meeting(pledge, speakerbox, next).await?;
    decide_and_publish(pledge, [speakerbox, committee, clerk], last).await?;
    close(pledge, speakerbox).await?;

    for desk in desks {
        pledge.sign_out(&Session::Active(desk)).await?;
    }
    std::fs::remove_file(data.join(UNFINISHED)).map_err(|_| ActError::Internal("demo-finish"))?;
    Ok(())
}

// Everybody's accounts, signed in, and the sheets with their sign-ins.
async fn add_people(
    pledge: &App,
    recovery: &Identity,
    data: &Path,
) -> Result<Vec<StaffSession>, ActError> {
    let mut sheet = String::from(
        "Sample sign-ins, for /desk/sign-in (nothing here is real). Name, password, secret of the one-time codes:\n",
    );
    let mut codes = String::new();
    let mut desks = Vec::new();
    for (name, role) in PEOPLE {
        let first = pledge
            .add_staff(
                recovery,
                NewStaff {
                    name,
                    role,
                    now: pledge.clock.unix_seconds(),
                },
            )
            .await?;
        let (desk, sample) = settle(pledge, name, &first).await?;
        let secret = sample.secret.groups().replace(' ', "");
        let _ = writeln!(sheet, "  {name:<20} {}  {secret}", sample.password);
        for code in sample.codes {
            let _ = writeln!(codes, "{name} {code}");
        }
        desks.push(desk);
    }
    write_sheet(&data.join(CODES), &codes).map_err(|_| ActError::Internal("demo-sheet"))?;
    write_sheet(&data.join(MARK), &sheet).map_err(|_| ActError::Internal("demo-sheet"))?;
    Ok(desks)
}

// Sample numbers: pages that were opened in this month and the one before.
async fn add_page_counts(pledge: &App) -> Result<(), ActError> {
    let (year, month, _) = pledge.clock.today().year_month_day();
    for (first, times) in [
        (Date::new(year, month, 1), 1),
        (
            Date::new(year, month, 1).map(|first| first.plus_days(-1)),
            3,
        ),
    ] {
        let month = first.and_then(|day| {
            let (year, month, _) = day.year_month_day();
            Date::new(year, month, 1)
        });
        let counts = SAMPLE_USES.map(|(what, count)| (what.to_owned(), count * times));
        let month = month.ok_or(ActError::Internal("demo-month"))?;
        pledge.store.add_uses(month, counts.to_vec()).await?;
    }
    Ok(())
}

async fn send_unread_views(pledge: &App) -> Result<(), ActError> {
    send(
        pledge,
        "home",
        "yes",
        "Sample: my room is cold and nobody has come to look at the heater.",
    )
    .await?;
    send(
        pledge,
        "family-time",
        "yes",
        "Sample: I would like to see my brother more than once a month.",
    )
    .await?;
    send(
        pledge,
        "feeling-safe",
        "no",
        "Sample: someone where I live scares me at night.",
    )
    .await?;
    Ok(())
}

// A view whose sender was asked a question, and answered it.
async fn ask_back(pledge: &App, speakerbox: &StaffSession) -> Result<(), ActError> {
    let asked = send(
        pledge,
        "school",
        "yes",
        "Sample: I had to change school twice this year.",
    )
    .await?;
    let id = newest(pledge).await?;
    read_and(
        pledge,
        speakerbox,
        &id,
        Act::AskBack("Sample: what would help you most at the new school?".to_owned()),
    )
    .await?;
    answer(pledge, &asked, "Sample: someone to sit with at lunch.").await
}

// A view on the list of the next meeting.
async fn list_for_meeting(
    pledge: &App,
    speakerbox: &StaffSession,
    next: String,
) -> Result<(), ActError> {
    send(
        pledge,
        "worker",
        "yes",
        "Sample: my social worker changed three times.",
    )
    .await?;
    let id = newest(pledge).await?;
    let approved = "Sample: a young person had three social workers in a year and had to start again each time.";
    read_and(pledge, speakerbox, &id, Act::Approve(approved.to_owned())).await?;
    now(pledge, speakerbox, &id, Act::List(next)).await
}

// A view that the last meeting decided on, with its published outcome.
async fn decide_and_publish(
    pledge: &App,
    [speakerbox, committee, clerk]: [&StaffSession; 3],
    last: String,
) -> Result<(), ActError> {
    send(
        pledge,
        "money",
        "yes",
        "Sample: my first rent was due before my money came.",
    )
    .await?;
    let id = newest(pledge).await?;
    let approved = "Sample: rent can fall due before the first payment arrives.";
    read_and(pledge, speakerbox, &id, Act::Approve(approved.to_owned())).await?;
    now(pledge, speakerbox, &id, Act::List(last)).await?;
    let decision = DecisionBody {
        said: approved.to_owned(),
        decided: "Sample: the leaving care team will pay the first month's rent in advance."
            .to_owned(),
        answer: "Sample: you were right, and this should not happen to the next person.".to_owned(),
        owner: "Sample: head of the leaving care service".to_owned(),
        due: Some(pledge.clock.today().plus_days(60)),
        kind: Some(DecisionKind::Yes),
        ..DecisionBody::default()
    };
    now(pledge, committee, &id, Act::Decide(decision)).await?;
    now(pledge, clerk, &id, Act::Publish).await
}

async fn close(pledge: &App, speakerbox: &StaffSession) -> Result<(), ActError> {
    send(
        pledge,
        "other",
        "yes",
        "Sample: thank you for the summer trip.",
    )
    .await?;
    let id = newest(pledge).await?;
    let thanks = "Sample: we have told the people who planned it.";
    read_and(
        pledge,
        speakerbox,
        &id,
        Act::Close(CloseReason::Settled, thanks.to_owned()),
    )
    .await
}

fn write_sheet(path: &Path, sheet: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(sheet.as_bytes())
}

struct Sample {
    password: String,
    secret: Secret,
    codes: Vec<String>,
}

/// Does every step of a first sign-in, as a person would.
async fn settle(pledge: &App, name: &str, first: &str) -> Result<(StaffSession, Sample), ActError> {
    let SignIn::Welcome(token) = pledge.sign_in(name, first, "", None).await? else {
        return Err(ActError::Internal("demo-sign-in"));
    };
    let session = pledge.session(token).await?;
    let session = session.ok_or(ActError::Internal("demo-session"))?;
    let password = vault::staff_keys::first_password(&*pledge.random);
    let changed = pledge
        .change_password(&session, first, &password, &password)
        .await?;
    let PasswordChange::Done(token) = changed else {
        return Err(ActError::Internal("demo-password"));
    };
    let Some(Session::Pending(half)) = pledge.session(token).await? else {
        return Err(ActError::Internal("demo-session"));
    };
    let (secret, field) = pledge.new_second_factor(&half.staff);
    // The code of the step before, so that this moment's is there for the first sign-in.
    let code = secret.code(pledge.clock.unix_seconds().div_euclid(STEP_SECONDS) - 1);
    let set_up = pledge.set_up_second_factor(&half, &field, &code).await?;
    let SetUp::Done { token, codes } = set_up else {
        return Err(ActError::Internal("demo-second-factor"));
    };
    let Some(Session::Active(desk)) = pledge.session(token).await? else {
        return Err(ActError::Internal("demo-session"));
    };
    let sample = Sample {
        password,
        secret,
        codes,
    };
    Ok((desk, sample))
}

/// The secrets on the sheet of this folder.
pub fn samples(data: &Path) -> web::Samples {
    let sheet = sign_ins(data);
    let person = |line: &str| {
        let mut words = line.split_whitespace();
        let (name, secret) = (words.next()?, words.nth(1)?);
        Some((name.to_owned(), Secret::from_base32(secret)?))
    };
    sheet.lines().filter_map(person).collect()
}

async fn meeting(
    pledge: &App,
    desk: &StaffSession,
    day: Date,
    title: &str,
) -> Result<String, ActError> {
    pledge.add_meeting(desk, day, title).await
}

async fn send(pledge: &App, topic: &str, safe: &str, said: &str) -> Result<String, ActError> {
    let ticket = pledge.new_ticket(None).await;
    let answers = SpeakAnswers {
        topic: topic.to_owned(),
        said: said.to_owned(),
        safe: safe.to_owned(),
        named: "no".to_owned(),
        ..SpeakAnswers::default()
    };
    match pledge.send_view(&ticket, &answers, None).await? {
        SendOutcome::Stored { words } => Ok(words),
        _ => Err(ActError::Internal("demo-send")),
    }
}

async fn newest(pledge: &App) -> Result<String, ActError> {
    let rows = pledge.store.views().await?;
    rows.into_iter()
        .max_by_key(|row| row.seq)
        .map(|row| row.id)
        .ok_or(ActError::Internal("demo-newest"))
}

async fn read_and(pledge: &App, desk: &StaffSession, id: &str, act: Act) -> Result<(), ActError> {
    let OpenedView { row, .. } = pledge.open_view(desk, id).await?;
    pledge.act_on_view(desk, id, row.version, act).await
}

async fn now(pledge: &App, desk: &StaffSession, id: &str, act: Act) -> Result<(), ActError> {
    let row = pledge.store.view(id).await?.ok_or(ActError::NotFound)?;
    pledge.act_on_view(desk, id, row.version, act).await
}

async fn answer(pledge: &App, words: &str, message: &str) -> Result<(), ActError> {
    match pledge.open_by_words(words, None).await? {
        thread::OpenedByWords::View(visit) => pledge.write_back(&visit, message, false, None).await,
        thread::OpenedByWords::Nothing(_) => Err(ActError::Internal("demo-follow")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_filling_is_begun_again() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        begin(&data).unwrap();
        std::fs::write(data.join("pledge.sqlite"), "half").unwrap();
        assert!(unfinished(&data));
        begin(&data).unwrap();
        assert!(!data.join("pledge.sqlite").exists());
    }

    #[test]
    fn only_a_sheet_has_samples() {
        let folder = tempfile::tempdir().unwrap();
        assert!(samples(folder.path()).is_empty());
        let line = format!(
            "Name, password, secret:\n  sample-clerk  aaaaa-bbbbb  {}\n",
            "ABCD".repeat(8)
        );
        std::fs::write(folder.path().join(MARK), line).unwrap();
        let found = samples(folder.path());
        assert_eq!(found.keys().collect::<Vec<_>>(), ["sample-clerk"]);
    }
}
