//! Sample data for trying Pledge out: sample people, sample views in every state, a sample meeting. Every text says that
//! it is a sample; no real person appears in it.

use crate::service::desk::{Act, Opened};
use crate::service::sessions::{Desk, SignIn};
use crate::service::speak::SendOutcome;
use crate::service::staff::NewStaff;
use crate::service::{ActError, DecisionBody, Pledge, follow};
use crate::vault::seal::Identity;
use app::model::SpeakAnswers;
use domain::date::Date;
use domain::life::CloseReason;
use domain::role::Role;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Marks a data folder as sample data, and holds the sample sign-ins.
const MARK: &str = "demo-sign-ins.txt";

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
pub async fn fill(pledge: &Pledge, recovery: &Identity, data: &Path) -> Result<(), ActError> {
    let mut sheet = String::from("Sample sign-ins, for /desk/sign-in (nothing here is real):\n");
    let mut desks = Vec::new();
    for (name, role) in PEOPLE {
        let first = pledge.add_staff(recovery, NewStaff { name, role }).await?;
        let desk = sign_in(pledge, name, &first).await?;
        // A sample password is not changed by anybody at first sign-in, so it is set here.
        let password = crate::vault::staff::first_password(&*pledge.random);
        pledge
            .change_password(&desk, &first, &password, &password)
            .await?;
        let _ = writeln!(sheet, "  {name:<20} {password}");
        desks.push(sign_in(pledge, name, &password).await?);
    }
    write_sheet(&data.join(MARK), &sheet).map_err(|_| ActError::Internal("demo-sheet"))?;
    let [speakerbox, _coordinator, _safety, committee, clerk, _admin] = desks.as_slice() else {
        return Err(ActError::Internal("demo-people"));
    };

    let today = pledge.clock.today();
    let last = meeting(
        pledge,
        clerk,
        today.plus_days(-20),
        "Sample meeting: autumn",
    )
    .await?;
    let next = meeting(pledge, clerk, today.plus_days(30), "Sample meeting: winter").await?;

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
    answer(pledge, &asked, "Sample: someone to sit with at lunch.").await?;

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
    now(pledge, speakerbox, &id, Act::List(next)).await?;

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
        due: today.plus_days(60),
    };
    now(pledge, committee, &id, Act::Decide(decision)).await?;
    now(pledge, clerk, &id, Act::Publish).await?;

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
    .await?;

    for desk in &desks {
        pledge.sign_out(desk).await?;
    }
    std::fs::remove_file(data.join(UNFINISHED)).map_err(|_| ActError::Internal("demo-finish"))?;
    Ok(())
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

async fn sign_in(pledge: &Pledge, name: &str, password: &str) -> Result<Desk, ActError> {
    match pledge.sign_in(name, password).await? {
        SignIn::Welcome(token) => pledge
            .session(token)
            .await?
            .ok_or(ActError::Internal("demo-session")),
        SignIn::Wrong | SignIn::Wait(_) => Err(ActError::Internal("demo-sign-in")),
    }
}

async fn meeting(pledge: &Pledge, desk: &Desk, day: Date, title: &str) -> Result<String, ActError> {
    pledge.add_meeting(desk, day, title).await
}

async fn send(pledge: &Pledge, topic: &str, safe: &str, said: &str) -> Result<String, ActError> {
    let ticket = pledge.new_ticket().await;
    let answers = SpeakAnswers {
        topic: topic.to_owned(),
        said: said.to_owned(),
        safe: safe.to_owned(),
        named: "no".to_owned(),
        ..SpeakAnswers::default()
    };
    match pledge.send(&ticket, &answers).await? {
        SendOutcome::Stored { words } => Ok(words),
        _ => Err(ActError::Internal("demo-send")),
    }
}

async fn newest(pledge: &Pledge) -> Result<String, ActError> {
    let rows = pledge.store.views().await?;
    rows.into_iter()
        .max_by_key(|row| row.seq)
        .map(|row| row.id)
        .ok_or(ActError::Internal("demo-newest"))
}

async fn read_and(pledge: &Pledge, desk: &Desk, id: &str, act: Act) -> Result<(), ActError> {
    let Opened { row, .. } = pledge.open_view(desk, id).await?;
    pledge.act(desk, id, row.version, act).await
}

async fn now(pledge: &Pledge, desk: &Desk, id: &str, act: Act) -> Result<(), ActError> {
    let row = pledge.store.view(id).await?.ok_or(ActError::NotFound)?;
    pledge.act(desk, id, row.version, act).await
}

async fn answer(pledge: &Pledge, words: &str, message: &str) -> Result<(), ActError> {
    match pledge.open_by_words(words).await? {
        follow::Opened::View(visit) => pledge.write_back(&visit, message, false).await,
        follow::Opened::Nothing(_) => Err(ActError::Internal("demo-follow")),
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
}
