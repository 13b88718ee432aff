//! The command line: `pledge serve`, `init`, `staff`, `content`. Every setting is an option or a `PLEDGE_…` variable.

use crate::ops::{backup, doctor};
use crate::{assets, demo};
use axum::http::HeaderName;
use content::{self, Content, Library};
use domain::date::Date;
use domain::role::Role;
use notify::{Channels, settings};
use service::abandoned_journeys::AbandonedJourneys;
use service::clock::{Clock, SystemClock};
use service::rate_limit::{Limits, Numbers};
use service::{
    ActError, App, Recipients, audit, page_editor, progress, retention, role_keys, safety_alerts,
    setup, sign_in, usage, withdrawals,
};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use store::audit::Entry;
use store::{Store, StoreError};
use store_sqlite::SqliteStore;
use tokio::net::TcpListener;
use vault::key_derivation::{Argon2Params, KdfLimiter};
use vault::random::{Random, SystemRandom};
use vault::receipts::{self, Pool};
use vault::seal::{AgeSealer, Identity};
use vault::server_keys::{self, KeyFileError, ServerKeys};
use vault::signed_notes::Signer;
use web::{self, Site, SiteHandle, security_txt};

pub use crate::ops::backup::DATABASE;

const HELP: &str = "\
pledge: the portal of young people in care and care leavers

  pledge init   [--data DIR]
      Makes the keys and the database, and prints the recovery key once.
  pledge staff add --name NAME --role ROLE [--data DIR] [--recovery-key FILE]
      Adds somebody to the desk and prints their first password. ROLE is one of: speakerbox, coordinator, safety,
      committee, clerk, admin. The recovery key is read from FILE, or from standard input.
  pledge staff let-in --name NAME [--data DIR] [--recovery-key FILE]
      Gives somebody who was invited at the desk the keys of their role, when no member of it can.
  pledge staff list [--data DIR]
      Lists everybody at the desk.
  pledge recovery drill [--data DIR] [--recovery-key FILE]
      Proves that the recovery key opens every role key and the newest texts. Prints counts, never a text. Ends with 1
      when something stays shut.
  pledge doctor [--data DIR]
      Looks at keys, people, permissions, database and clock, a line each. Ends with 1 when something must be mended.
  pledge serve  [--listen ADDR] [--data DIR] [--demo] [--proxy-header NAME] [--alert-…]
      Serves the portal. --demo fills an empty data folder with sample people, views and a meeting.
      --proxy-header NAME    the header in which your own proxy, and nobody else, puts the address it speaks for, such
                             as X-Forwarded-For; its last address counts          (PLEDGE_PROXY_HEADER)
      When a view comes into the safety lane, people are told, again and again until somebody takes it on:
      --alert-to ADDR,ADDR   who gets an e-mail: the safety lead, then who is next in line   (PLEDGE_ALERT_TO)
      --alert-from ADDR      from whom it comes                                              (PLEDGE_ALERT_FROM)
      --alert-smtp URL       the mail server: smtps://HOST[:PORT], or smtp://HOST[:PORT]     (PLEDGE_ALERT_SMTP)
      --alert-user NAME      to sign in there; the password is PLEDGE_ALERT_PASSWORD         (PLEDGE_ALERT_USER)
      --alert-webhook URL    a relay on this machine that takes a POST, http://127.0.0.1:…   (PLEDGE_ALERT_WEBHOOK)
      --without-wasm         also starts when the WASM is not inside this binary, as in a plain `cargo build`: every
                             page works, with forms alone
  pledge verify [--against FILE] [--checkpoint] [--data DIR]
      Checks the database file and walks the audit log along its checkpoints. --against also holds it against the
      checkpoints kept elsewhere; without them an end that was cut off goes unseen. --checkpoint signs a new one and
      prints it, to be kept elsewhere. Ends with 1 at the first break.
  pledge purge [--on DAY] [--dry-run] [--data DIR]
      Deletes everything whose time is over, as `pledge serve` does each day, and the backups in PLEDGE_BACKUPS that are
      too old. With --on, as of that day. --dry-run only says what would go.
  pledge backup --to FILE [--data DIR]
      Writes the database and the server's keys, sealed to the recovery key, to FILE, or to a file named by the day when
      FILE is a folder. The server may be running.
  pledge restore --from FILE --taken-back FILE [--recovery-key FILE] [--data DIR]
      Checks a backup and puts it into a folder that holds no installation. What was taken back since, by the list in
      FILE (taken-back.txt of the old folder, or its copy in PLEDGE_TAKEN_BACK), and what is past its time is deleted
      first. Only where no list is left: --without-list in the place of --taken-back FILE.
  pledge content check [--on DAY] [--worst]
      Checks the words: sources, dates, links, sentences, reading age, figures, both lengths, glossary, coverage. Ends
      with 1 when something must be mended. With --on, as of that day (YYYY-MM-DD): which reviews will be overdue?
      With --worst, lists the ten pages that are hardest to read, with their figures.
  pledge content coverage
      Prints where each thing that the sources name is covered, or why it is not.
  pledge content export --to FOLDER [--data DIR]
      Writes the words in force, with what was published at the desk, to an empty or new FOLDER, laid out as
      content/southwark/ in the project. The server may be running.
  pledge check
      Reads answers for the checker as JSON from standard input, one object or a list of them, and prints what they are
      entitled to, as JSON.
  pledge content sizes
      Prints the size of every reading page on the wire and of the WASM. Ends with 1 above the budget.

  PLEDGE_CHECKPOINTS=FILE
      A file in another place, to which `pledge serve` adds each checkpoint of the audit log.

  PLEDGE_TAKEN_BACK=FILE
      A file in another place, to which `pledge serve` copies the list of views that were taken back. It names nobody.

  PLEDGE_SECURITY_CONTACT=ADDRESS
      Whom to tell about a hole in the site: mailto:…, https://… or tel:…. Served as /.well-known/security.txt.
  PLEDGE_BACKUPS=DIR
      The folder of backups, from which those that are too old are deleted each day.

  --data DIR     default: data          (PLEDGE_DATA)
  --listen ADDR  default: 127.0.0.1:8080 (PLEDGE_LISTEN)
";

/// Said at start when nobody would be told.
const UNTOLD: &str = "\
pledge: WARNING: NOBODY IS TOLD OUTSIDE THE PAGE when a young person says they are not safe.
pledge: WARNING: Set --alert-to, --alert-from and --alert-smtp, or --alert-webhook. See `pledge help`.";

/// Said at start when everybody may seem to come from one place.
const ONE_PLACE: &str = "\
pledge: Behind a proxy everybody seems to come from one place, and shares its limits. If there is one, name the header
pledge: in which it puts the address it speaks for: --proxy-header X-Forwarded-For. See docs/OPERATIONS.md.";

/// Why a command stops. Shown to the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The words of the command are wrong: exit 2.
    #[error("{0}\nRun `pledge help` to see what there is.")]
    Usage(String),
    /// It cannot be done: exit 1.
    #[error("{0}")]
    Stopped(String),
}

impl From<lexopt::Error> for CliError {
    fn from(error: lexopt::Error) -> CliError {
        CliError::Usage(error.to_string())
    }
}

impl From<KeyFileError> for CliError {
    fn from(error: KeyFileError) -> CliError {
        CliError::Stopped(error.to_string())
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> CliError {
        CliError::Stopped(error.to_string())
    }
}

/// What the command line asks for.
#[derive(Debug, Default)]
struct Options {
    words: Vec<String>,
    listen: Option<String>,
    data: Option<PathBuf>,
    demo: bool,
    name: Option<String>,
    role: Option<String>,
    recovery_key: Option<PathBuf>,
    on: Option<String>,
    against: Option<PathBuf>,
    checkpoint: bool,
    dry_run: bool,
    to: Option<PathBuf>,
    from: Option<PathBuf>,
    taken_back: Option<PathBuf>,
    without_list: bool,
    proxy_header: Option<String>,
    alerts: Vec<(&'static str, String)>,
    worst: bool,
    without_wasm: bool,
}

fn read_options(parser: &mut lexopt::Parser) -> Result<Options, CliError> {
    use lexopt::prelude::{Long, Short, Value};
    let mut options = Options::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("listen") => options.listen = Some(parser.value()?.string_lossy()),
            Long("data") => options.data = Some(parser.value()?.into()),
            Long("demo") => options.demo = true,
            Long("name") => options.name = Some(parser.value()?.string_lossy()),
            Long("role") => options.role = Some(parser.value()?.string_lossy()),
            Long("on") => options.on = Some(parser.value()?.string_lossy()),
            Long("against") => options.against = Some(parser.value()?.into()),
            Long("dry-run") => options.dry_run = true,
            Long("to") => options.to = Some(parser.value()?.into()),
            Long("from") => options.from = Some(parser.value()?.into()),
            Long("taken-back") => options.taken_back = Some(parser.value()?.into()),
            Long("without-list") => options.without_list = true,
            Long("checkpoint") => options.checkpoint = true,
            Long("worst") => options.worst = true,
            Long("without-wasm") => options.without_wasm = true,
            Long("proxy-header") => options.proxy_header = Some(parser.value()?.string_lossy()),
            Long("recovery-key") => options.recovery_key = Some(parser.value()?.into()),
            Long(name) if alert_option(name).is_some() => {
                if let Some(name) = alert_option(name) {
                    options.alerts.push((name, parser.value()?.string_lossy()));
                }
            }
            Long("help") | Short('h') => options.words = vec!["help".to_owned()],
            Long("version") => options.words = vec!["version".to_owned()],
            Value(word) => options.words.push(word.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn alert_option(name: &str) -> Option<&'static str> {
    let known = settings::OPTIONS.iter().map(|(option, _)| *option);
    known.into_iter().find(|option| *option == name)
}

/// The header in which a proxy of ours names the address that it speaks for.
fn proxy_header(options: &Options) -> Result<Option<HeaderName>, CliError> {
    let named = options
        .proxy_header
        .clone()
        .or_else(|| std::env::var("PLEDGE_PROXY_HEADER").ok())
        .filter(|name| !name.is_empty());
    named
        .map(|name| {
            HeaderName::try_from(&name).map_err(|_| {
                CliError::Usage(format!(
                    "--proxy-header takes the name of a header such as X-Forwarded-For, not `{name}`."
                ))
            })
        })
        .transpose()
}

fn alert_channels(options: &Options) -> Result<Channels, CliError> {
    let given = |name: &str| {
        let mut found = options.alerts.iter().rev();
        found
            .find(|(option, _)| *option == name)
            .map(|(_, value)| value.clone())
    };
    settings::read_channels(given, |name| std::env::var(name).ok()).map_err(CliError::Usage)
}

trait StringLossy {
    fn string_lossy(self) -> String;
}

impl StringLossy for std::ffi::OsString {
    fn string_lossy(self) -> String {
        self.to_string_lossy().into_owned()
    }
}

/// Runs a command.
pub fn run(mut parser: lexopt::Parser) -> Result<(), CliError> {
    let options = read_options(&mut parser)?;
    let words: Vec<&str> = options.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["help"] => {
            print!("{HELP}");
            Ok(())
        }
        ["version"] => {
            println!("pledge {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        ["init"] => in_runtime(init(&options)),
        ["staff", "add"] => in_runtime(staff_add(&options)),
        ["staff", "let-in"] => in_runtime(staff_let_in(&options)),
        ["recovery", "drill"] => in_runtime(recovery_drill(&options)),
        ["doctor"] => in_runtime(run_doctor(&options)),
        ["staff", "list"] => in_runtime(staff_list(&options)),
        ["serve"] => in_runtime(serve(&options)),
        ["verify"] => in_runtime(verify(&options)),
        ["purge"] => in_runtime(purge(&options)),
        ["backup"] => in_runtime(make_backup(&options)),
        ["restore"] => in_runtime(restore(&options)),
        ["check"] => check(),
        ["content", "check"] => content_check(&options),
        ["content", "coverage"] => {
            print!("{}", content::coverage::table(&load_content()?.coverage));
            Ok(())
        }
        ["content", "sizes"] => in_runtime(content_sizes()),
        ["content", "export"] => in_runtime(content_export(&options)),
        other => Err(CliError::Usage(format!(
            "There is no command `{}`.",
            other.join(" ")
        ))),
    }
}

fn in_runtime(work: impl Future<Output = Result<(), CliError>>) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::Stopped(format!("the system gives no threads: {error}")))?;
    runtime.block_on(work)
}

fn data_folder(options: &Options) -> PathBuf {
    let named = options
        .data
        .clone()
        .or_else(|| std::env::var_os("PLEDGE_DATA").map(PathBuf::from));
    named.unwrap_or_else(|| PathBuf::from("data"))
}

fn make_folder(data: &Path) -> Result<(), CliError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(data).map_err(|error| {
        CliError::Stopped(format!(
            "the data folder {} cannot be made: {error}",
            data.display()
        ))
    })
}

fn act_error(error: &ActError) -> CliError {
    CliError::Stopped(match error {
        ActError::Field("recovery", _) => {
            "this is not the recovery key of this installation".to_owned()
        }
        ActError::Field(_, "staff-unknown") => {
            "nobody of this name has joined: invite them at the desk first".to_owned()
        }
        ActError::Field(_, "staff-taken") => "this name is taken".to_owned(),
        ActError::Field(..) => "the name needs 2 to 60 characters".to_owned(),
        other => other.to_string(),
    })
}

async fn init(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    let recovery = init_folder(&data, &SystemRandom).await?;
    println!("Made the keys and the database in {}.", data.display());
    println!();
    println!(
        "RECOVERY KEY. It opens every view with the stock `age` command. It is shown once and kept nowhere here."
    );
    println!("Print it twice, put both prints in the safe, and clear this screen:");
    println!();
    println!("  {}", recovery.as_text());
    println!();
    println!(
        "Next: pledge staff add --name NAME --role coordinator --data {}",
        data.display()
    );
    Ok(())
}

/// Makes server keys, database, role keys and the recovery key in a folder that has none.
pub async fn init_folder(data: &Path, random: &dyn Random) -> Result<Identity, CliError> {
    make_folder(data)?;
    let key_file = data.join(server_keys::FILE);
    if key_file.exists() || data.join(DATABASE).exists() {
        return Err(CliError::Stopped(format!(
            "{} holds an installation already; nothing was changed",
            data.display()
        )));
    }
    ServerKeys::generate(random).write_new(&key_file)?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let recovery = setup::begin(&store, &AgeSealer, random)
        .await
        .map_err(|error| act_error(&error))?;
    store.close().await;
    recovery.ok_or_else(|| {
        CliError::Stopped("the database has keys already; nothing was changed".to_owned())
    })
}

async fn staff_add(options: &Options) -> Result<(), CliError> {
    let name = options
        .name
        .clone()
        .ok_or_else(|| CliError::Usage("--name is missing.".to_owned()))?;
    let role = options.role.as_deref().unwrap_or_default();
    let role = Role::from_id(role)
        .ok_or_else(|| CliError::Usage(format!("--role is missing or unknown: `{role}`.")))?;
    let data = data_folder(options);
    let keys = ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let recovery = recovery_key(options)?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let new = setup::NewStaff {
        name: &name,
        role,
        now: SystemClock.unix_seconds(),
    };
    let added = setup::add(
        &store,
        &AgeSealer,
        &SystemRandom,
        &keys,
        Argon2Params::FULL,
        &recovery,
        new,
    )
    .await;
    store.close().await;
    let password = added.map_err(|error| act_error(&error))?;
    println!("Added {} as {}.", name.trim(), role.id());
    println!(
        "First password, good for {} days and to be changed at the first sign-in: {password}",
        setup::FIRST_PASSWORD_SECONDS / (24 * 60 * 60)
    );
    Ok(())
}

/// The recovery key, from its file or from standard input.
fn recovery_key(options: &Options) -> Result<Identity, CliError> {
    let text = match &options.recovery_key {
        Some(file) => std::fs::read_to_string(file).map_err(|error| {
            CliError::Stopped(format!("{} cannot be read: {error}", file.display()))
        })?,
        None => {
            eprintln!("Type or paste the recovery key, then press Enter and Ctrl-D:");
            let mut text = String::new();
            std::io::stdin()
                .take(10_000)
                .read_to_string(&mut text)
                .map_err(|error| {
                    CliError::Stopped(format!("the recovery key cannot be read: {error}"))
                })?;
            text
        }
    };
    Identity::from_text(&text).map_err(|_| {
        CliError::Stopped("this is not a recovery key: it begins with AGE-SECRET-KEY-1".to_owned())
    })
}

/// What somebody does at the machine itself: nobody of the desk, so no actor.
fn from_the_command_line(action: &'static str) -> Entry {
    Entry {
        at: SystemClock.unix_seconds(),
        actor: None,
        role: None,
        action,
        object: None,
        reason: false,
    }
}

async fn staff_let_in(options: &Options) -> Result<(), CliError> {
    let name = options
        .name
        .clone()
        .ok_or_else(|| CliError::Usage("--name is missing.".to_owned()))?;
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let recovery = recovery_key(options)?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let entry = from_the_command_line("let-in");
    let done =
        role_keys::grant_keys_with_recovery(&store, entry, &AgeSealer, &recovery, &name).await;
    store.close().await;
    done.map_err(|error| act_error(&error))?;
    println!("{} is let in.", name.trim());
    Ok(())
}

async fn recovery_drill(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let recovery = recovery_key(options)?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let drill = role_keys::verify_recovery_key(&store, &AgeSealer, &recovery).await;
    store.close().await;
    let drill = drill.map_err(|error| act_error(&error))?;
    let (opened, all) = drill.role_keys;
    println!("{opened} of {all} role keys opened");
    for (kind, (opened, tried)) in &drill.texts {
        println!("{opened} of {tried} texts opened: {}", kind.id());
    }
    if drill.texts.is_empty() {
        println!("No text is there yet to be tried.");
    }
    if drill.is_whole() {
        println!("The recovery key opens everything that was tried.");
        return Ok(());
    }
    Err(CliError::Stopped(
        "the recovery key does not open everything".to_owned(),
    ))
}

async fn run_doctor(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    let database = data.join(DATABASE);
    let key_file = data.join(server_keys::FILE);
    if !database.exists() {
        return Err(CliError::Stopped(format!(
            "{} holds no installation. Run `pledge init` first.",
            data.display()
        )));
    }
    let mut findings: Vec<doctor::Finding> = [&data, &database, &key_file]
        .into_iter()
        .map(|path| doctor::is_private(path))
        .collect();
    if let Err(error) = ServerKeys::read_file(&key_file) {
        findings.push(doctor::Finding {
            sound: false,
            what: format!("{error}."),
        });
    }
    let mut log = database.clone().into_os_string();
    log.push("-wal");
    let log_bytes = std::fs::metadata(log).map_or(0, |meta| meta.len());
    match SqliteStore::open(&database).await {
        Ok(store) => {
            let health = store.health().await;
            let keys = doctor::of_keys(&store).await;
            let open_ends = doctor::of_open_ends(&store).await;
            store.close().await;
            findings.extend(doctor::of_file(&health?, log_bytes, SystemClock.today()));
            findings.extend(keys.map_err(|error| act_error(&error))?);
            findings.push(open_ends.map_err(|error| act_error(&error))?);
        }
        Err(error) => findings.push(doctor::Finding {
            sound: false,
            what: error.to_string(),
        }),
    }
    for finding in &findings {
        let mark = if finding.sound { "pass" } else { "FAIL" };
        println!("{mark}  {}", finding.what);
    }
    match findings.iter().filter(|finding| !finding.sound).count() {
        0 => Ok(()),
        count => Err(CliError::Stopped(format!("{count} to mend"))),
    }
}

async fn staff_list(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let everybody = store.all_staff().await;
    store.close().await;
    for person in everybody? {
        let first = if person.suspended {
            "  (suspended)"
        } else if !person.has_joined() {
            "  (invited)"
        } else if person.first_is_over(SystemClock.unix_seconds()) {
            "  (has not signed in, and the first password is over)"
        } else if person.must_change {
            "  (has not signed in yet)"
        } else {
            ""
        };
        println!("{:<12} {}{first}", person.role.id(), person.name);
    }
    Ok(())
}

/// Reads the words the binary carries; a fault is a sentence.
pub fn load_content() -> Result<Content, CliError> {
    let files = assets::content_files();
    let (content, mut faults) = content::load("en", &files);
    faults.extend(content::translation::translations(&files).1);
    if faults.is_empty() {
        return Ok(content);
    }
    let mut text = "the words inside this binary are not whole:".to_owned();
    for fault in faults {
        let _ = write!(text, "\n  {fault}");
    }
    Err(CliError::Stopped(text))
}

async fn serve(options: &Options) -> Result<(), CliError> {
    let address = options
        .listen
        .clone()
        .or_else(|| std::env::var("PLEDGE_LISTEN").ok());
    let address = address.unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let address: SocketAddr = address.parse().map_err(|_| {
        CliError::Usage(format!(
            "--listen takes an address and a port, such as 127.0.0.1:8080, not `{address}`."
        ))
    })?;
    let channels = alert_channels(options)?;
    let proxy_header = proxy_header(options)?;
    let data = data_folder(options);
    let content = Arc::new(load_content()?);
    let cut_short = demo::unfinished(&data);
    let has_demo_mark = demo::marked(&data) && !cut_short;
    let is_empty =
        cut_short || (!data.join(DATABASE).exists() && !data.join(server_keys::FILE).exists());
    if cut_short && !options.demo {
        return Err(CliError::Stopped(format!(
            "filling {} with sample data was cut short. Start it once with --demo, or name another folder.",
            data.display()
        )));
    }
    if options.demo && !is_empty && !has_demo_mark {
        return Err(CliError::Stopped(format!(
            "{} holds real data. --demo only fills an empty folder: name another one with --data.",
            data.display()
        )));
    }
    let recovery = if options.demo && is_empty {
        demo::begin(&data).map_err(|error| {
            CliError::Stopped(format!("{} cannot be filled: {error}", data.display()))
        })?;
        Some(init_folder(&data, &SystemRandom).await?)
    } else {
        None
    };
    let keys = ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let store: Arc<SqliteStore> = Arc::new(store);
    let mut pledge = open(
        Arc::clone(&store) as Arc<dyn Store>,
        keys,
        content,
        Argon2Params::FULL,
        Arc::new(SystemClock),
    )
    .await?;
    let is_demo = options.demo || has_demo_mark;
    if is_demo {
        pledge.pool = Pool::new(receipts::DEMO_POOL);
    }
    pledge.alerts_outside = channels.any();
    let list = data.join(withdrawals::FILE);
    pledge.withdrawals = withdrawals::WithdrawalLog::at(&list).map_err(|error| {
        CliError::Stopped(format!(
            "the list of views that were taken back, {}, cannot be read: {error}",
            list.display()
        ))
    })?;
    if !core_dumps_are_off(&std::fs::read_to_string("/proc/self/limits").unwrap_or_default()) {
        println!(
            "A crash could write this process's memory to the disk. Turn that off: LimitCORE=0 in its unit, or ulimit -c 0."
        );
    }
    let behind_proxy = proxy_header.is_some();
    let mut site = Site::new(pledge, Arc::new(assets::assets()), is_demo);
    site.proxy_header = proxy_header;
    match std::env::var("PLEDGE_SECURITY_CONTACT") {
        Ok(contact) => {
            let file =
                security_txt::body(&contact, SystemClock.today()).map_err(CliError::Usage)?;
            site = site.with_file(security_txt::PATH, file);
        }
        Err(_) => println!(
            "PLEDGE_SECURITY_CONTACT is not set, so {} is not served: nobody can tell you about a hole.",
            security_txt::PATH
        ),
    }
    let site = Arc::new(site);
    if !site.has_bundle() && !options.without_wasm {
        return Err(CliError::Stopped(
            "this binary was built without its WASM. Build it with `cargo xtask build` or `cargo xtask run`, or start it \
             with --without-wasm."
                .to_owned(),
        ));
    }
    keep_pool_full(&site.pledge);
    if let Some(recovery) = recovery {
        println!(
            "Filling {} with sample data: this takes some seconds.",
            data.display()
        );
        demo::fill(&site.pledge, &recovery, &data)
            .await
            .map_err(|error| act_error(&error))?;
    }

    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| CliError::Stopped(format!("{address} cannot be listened on: {error}")))?;
    let bound = listener.local_addr().map_or(address, |bound| bound);
    if is_demo {
        // Nothing sets them twice.
        let _ = site.samples.set(demo::samples(&data));
        print!("{}", demo::sign_ins(&data));
    }
    if !channels.any() {
        eprintln!("{UNTOLD}");
    }
    if bound.ip().is_loopback() && !behind_proxy && !is_demo {
        eprintln!("{ONE_PLACE}");
    }
    println!("Pledge is at http://{bound}/");
    let warm = Arc::clone(&site);
    tokio::task::spawn_blocking(move || warm.warm());
    let live = SiteHandle::new(Arc::clone(&site));
    let house = tokio::spawn(run_housekeeping(Arc::clone(&site.pledge), live.clone()));
    let failed = {
        let store = Arc::clone(&store);
        async move {
            // A disk that failed a write cannot be trusted with the next one: stop, so that the supervisor restarts us.
            while !store.broken() {
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
        }
    };
    let stop = async {
        tokio::select! {
            () = web::accept::asked_to_stop() => {}
            () = failed => {}
        }
    };
    let telling = Arc::clone(&site);
    let telling =
        tokio::spawn(async move { safety_alerts::run_alerts(&telling.pledge, &channels).await });
    web::accept::serve_behind(behind_proxy, listener, web::router_of(live), stop).await;
    house.abort();
    // What is not noted as told is told after the next start.
    telling.abort();
    if let Err(error) = site.pledge.save_usage().await {
        eprintln!("pledge: uses: {error}");
    }
    let broken = store.broken();
    store.close().await;
    if broken {
        return Err(CliError::Stopped(
            "the database could not be written; stopped. Check the disk.".to_owned(),
        ));
    }
    Ok(())
}

/// Looks after what comes due, once a minute until the server stops: each day what is past its time goes, and pages
/// whose review was due say so; and checkpoints of the audit log are made.
async fn run_housekeeping(pledge: Arc<App>, live: SiteHandle) {
    let second_place = std::env::var_os("PLEDGE_CHECKPOINTS").map(PathBuf::from);
    let list_elsewhere = std::env::var_os("PLEDGE_TAKEN_BACK").map(PathBuf::from);
    let mut purged = None;
    loop {
        let clock = &pledge.clock;
        let today = clock.today();
        if purged != Some(today) {
            let now = clock.unix_seconds();
            match retention::purge(&*pledge.store, today, now, false).await {
                Ok(_) => purged = Some(today),
                // Tried again in a minute.
                Err(error) => eprintln!("pledge: purge: {error}"),
            }
            if let Some(folder) = backup_folder()
                && backup::purge_backups(&folder, today).is_err()
            {
                eprintln!("pledge: purge: the folder of backups cannot be read or changed");
            }
        }
        let (list, place) = (pledge.withdrawals.clone(), list_elsewhere.clone());
        let kept = tokio::task::spawn_blocking(move || list.keep(today, place.as_deref())).await;
        if !matches!(kept, Ok(Ok(()))) {
            // Tried again in a minute.
            eprintln!("pledge: taken-back: the list cannot be kept, here or in its second place");
        }
        if let Err(error) = pledge.save_usage().await {
            // Kept for the next minute.
            eprintln!("pledge: uses: {error}");
        }
        if live.is_stale() {
            let live = live.clone();
            if tokio::task::spawn_blocking(move || live.reload())
                .await
                .is_err()
            {
                // Tried again in a minute.
                eprintln!("pledge: words: pages could not be made anew");
            }
        }
        if let Err(error) = pledge.keep_checkpoints(second_place.as_deref()).await {
            eprintln!("pledge: checkpoint: {error}");
        }
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }
}

/// Whether the limits of a process, as Linux lists them, let no core dump be written. Where there is no list nothing is
/// known, and nothing is said.
fn core_dumps_are_off(limits: &str) -> bool {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max core file size"));
    line.is_none_or(|line| line.split_whitespace().next() == Some("0"))
}

fn backup_folder() -> Option<PathBuf> {
    std::env::var_os("PLEDGE_BACKUPS").map(PathBuf::from)
}

async fn purge(options: &Options) -> Result<(), CliError> {
    let today = day_of(options)?;
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let now = SystemClock.unix_seconds();
    let purged = retention::purge(&store, today, now, options.dry_run).await;
    store.close().await;
    let purged = purged.map_err(|error| act_error(&error))?;
    let done = if options.dry_run { "Would go" } else { "Gone" };
    println!(
        "{done}: something of {} views, {} of them to a bare mark; {} rows of the audit log; {} meetings; {} old keys.",
        purged.views, purged.records, purged.audit_rows, purged.meetings, purged.keys
    );
    if !purged.held.is_empty() {
        println!("Held back: {}.", purged.held.join(", "));
    }
    if let Some(folder) = backup_folder().filter(|_| !options.dry_run) {
        let gone = backup::purge_backups(&folder, today).map_err(|error| {
            CliError::Stopped(format!("{} cannot be purged: {error}", folder.display()))
        })?;
        println!("Gone: {gone} old backups.");
    }
    Ok(())
}

async fn make_backup(options: &Options) -> Result<(), CliError> {
    let to = options
        .to
        .as_deref()
        .ok_or_else(|| CliError::Usage("--to is missing.".to_owned()))?;
    let data = data_folder(options);
    ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let made = backup::backup(&data, SystemClock.today(), to)
        .await
        .map_err(|stopped| CliError::Stopped(stopped.to_string()))?;
    println!("Made {}, sealed to the recovery key.", made.display());
    Ok(())
}

async fn restore(options: &Options) -> Result<(), CliError> {
    let from = options
        .from
        .as_deref()
        .ok_or_else(|| CliError::Usage("--from is missing.".to_owned()))?;
    let marks = taken_back_since(options)?;
    let recovery = recovery_key(options)?;
    let data = data_folder(options);
    make_folder(&data)?;
    let restored = backup::restore(from, &recovery, &data, &SystemClock, &marks)
        .await
        .map_err(|stopped| CliError::Stopped(stopped.to_string()))?;
    println!(
        "Restored the backup of {} into {}: {} views, whole, and its audit log is whole. Past their time, and deleted: \
         something of {} views. Taken back since, and deleted: {} views.",
        restored.day,
        data.display(),
        restored.views,
        restored.purged.views,
        restored.taken_back
    );
    println!(
        "What was sent or answered after {} is not in it.",
        restored.day
    );
    if options.without_list {
        println!(
            "Without the list, what was taken back after {} is there again: its senders have to be believed.",
            restored.day
        );
    }
    Ok(())
}

// What was taken back since a backup was made. Leaving the list out must be said, so that nobody forgets it.
fn taken_back_since(options: &Options) -> Result<withdrawals::Marks, CliError> {
    match (&options.taken_back, options.without_list) {
        (Some(file), false) => match file.try_exists() {
            Ok(true) => withdrawals::read_marks(file).map_err(|error| {
                CliError::Stopped(format!("{} cannot be read: {error}", file.display()))
            }),
            _ => Err(CliError::Stopped(format!(
                "{} is not there. The list of views that were taken back stands in the old data folder, and in \
                 PLEDGE_TAKEN_BACK.",
                file.display()
            ))),
        },
        (None, true) => Ok(withdrawals::Marks::new()),
        _ => Err(CliError::Usage(
            "--taken-back FILE is missing: the list of views that were taken back since. Where none is left, give \
             --without-list."
                .to_owned(),
        )),
    }
}

/// The day of --on, or today.
fn day_of(options: &Options) -> Result<Date, CliError> {
    match &options.on {
        Some(day) => day.parse().map_err(|_| {
            CliError::Usage(format!("--on takes a day such as 2027-05-01, not `{day}`."))
        }),
        None => Ok(SystemClock.today()),
    }
}

async fn verify(options: &Options) -> Result<(), CliError> {
    let data = data_folder(options);
    let keys = ServerKeys::read_file(&data.join(server_keys::FILE))?;
    let against = match &options.against {
        Some(file) => Some(std::fs::read_to_string(file).map_err(|error| {
            CliError::Stopped(format!("{} cannot be read: {error}", file.display()))
        })?),
        None => None,
    };
    let signer = Signer::new(&keys);
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&data.join(DATABASE)).await?);
    let pledge = open(
        Arc::clone(&store),
        keys,
        Arc::new(load_content()?),
        Argon2Params::FULL,
        Arc::new(SystemClock),
    )
    .await?;
    let today = SystemClock.today();
    let whole = audit::verify(&*store, &signer, today, against.as_deref())
        .await
        .map_err(|broken| CliError::Stopped(broken.to_string()))?;
    eprintln!(
        "The database is whole. The audit log is whole: {} rows, {} checkpoints beside it, {} from the second place.",
        whole.rows, whole.checkpoints, whole.outside
    );
    if against.is_none() {
        eprintln!(
            "Without --against, an end that was cut off together with its checkpoints is not seen."
        );
    }
    if options.checkpoint {
        let note = pledge
            .sign_checkpoint()
            .await
            .map_err(|error| act_error(&error))?;
        eprintln!("Its public key: {}", signer.verifier());
        match note {
            Some(note) => print!("{note}"),
            None => eprintln!("The audit log is empty, so there is nothing to sign yet."),
        }
    }
    Ok(())
}

/// Opens the services over a store that has begun.
pub async fn open(
    store: Arc<dyn Store>,
    keys: ServerKeys,
    content: Arc<Content>,
    cost: Argon2Params,
    clock: Arc<dyn Clock>,
) -> Result<App, CliError> {
    let not_begun = || {
        CliError::Stopped(
            "the database has no keys. Run `pledge init` on an empty data folder.".to_owned(),
        )
    };
    let recovery = store.recovery().await?.ok_or_else(not_begun)?;
    let rows = store.role_keys().await?;
    let recipients = Recipients::from_rows(&recovery, &rows).ok_or_else(not_begun)?;
    let files = assets::content_files();
    let pledge = App {
        store,
        sealer: Arc::new(AgeSealer),
        keys,
        random: Arc::new(SystemRandom),
        clock,
        cost,
        gate: KdfLimiter::new(),
        pool: Pool::new(receipts::POOL),
        recipients: RwLock::new(recipients),
        library: Library::new(content, &files),
        words: page_editor::PublishedWords::new(files),
        throttle: sign_in::Throttle::default(),
        failed_sign_ins: audit::FailedSignIns::default(),
        safety_alert_notify: tokio::sync::Notify::new(),
        limits: Limits::new(&SystemRandom, Numbers::REAL),
        alerts_outside: false,
        view_counts: progress::ViewCounts::default(),
        abandoned_journeys: AbandonedJourneys::default(),
        withdrawals: withdrawals::WithdrawalLog::default(),
        usage: usage::UsageCounter::default(),
    };
    pledge
        .begin_words()
        .await
        .map_err(|error| act_error(&error))?;
    Ok(pledge)
}

/// Starts filling the pool of receipts.
pub fn keep_pool_full(pledge: &App) {
    let (keys, random, cost) = (pledge.keys.clone(), Arc::clone(&pledge.random), pledge.cost);
    let pool = Arc::clone(&pledge.pool);
    tokio::spawn(pool.keep_full(move || receipts::issue(&keys, &*random, cost).ok()));
}

/// The entitlement rules on the command line. Exit 2 when the input is not JSON of the right shape.
fn check() -> Result<(), CliError> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| CliError::Stopped(format!("the answers cannot be read: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| CliError::Usage("The input is not JSON: it is not UTF-8.".to_owned()))?;
    let outcome = domain::entitlements::json::check_text(&text, SystemClock.today())
        .map_err(|refused| CliError::Usage(format!("{refused}.")))?;
    std::io::stdout()
        .write_all(outcome.as_bytes())
        .and_then(|()| std::io::stdout().write_all(b"\n"))
        .map_err(|error| CliError::Stopped(format!("the outcome cannot be written: {error}")))
}

/// A site over an empty database in memory's stead: for checks that need the pages but no data.
async fn bare_site() -> Result<Site, CliError> {
    let folder = std::env::temp_dir().join(format!("pledge-sizes-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    init_folder(&folder, &SystemRandom).await?;
    let keys = ServerKeys::read_file(&folder.join(server_keys::FILE))?;
    let store = SqliteStore::open(&folder.join(DATABASE)).await?;
    let pledge = open(
        Arc::new(store),
        keys,
        Arc::new(load_content()?),
        Argon2Params::FULL,
        Arc::new(SystemClock),
    )
    .await?;
    let site = Site::new(pledge, Arc::new(assets::assets()), false);
    let _ = std::fs::remove_dir_all(&folder);
    Ok(site)
}

/// Writes the words in force as files.
async fn content_export(options: &Options) -> Result<(), CliError> {
    let to = options
        .to
        .as_deref()
        .ok_or_else(|| CliError::Usage("--to is missing.".to_owned()))?;
    let data = data_folder(options);
    if !data.join(DATABASE).exists() {
        return Err(CliError::Stopped(format!(
            "{} holds no installation. Name its folder with --data.",
            data.display()
        )));
    }
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let published = store.published_words().await;
    store.close().await;
    let published = published?;
    let found = page_editor::in_force(assets::content_files(), &published);
    write_words(to, &found.files).map_err(|error| {
        CliError::Stopped(format!("{} cannot be written: {error}", to.display()))
    })?;
    for file in &found.aside {
        println!("Set aside, because it does not fit this version of Pledge: {file}.");
    }
    println!(
        "Wrote {} files to {}: {} of them published at the desk.",
        found.files.len(),
        to.display(),
        published.len() - found.aside.len()
    );
    Ok(())
}

/// Writes files into a folder that is new or empty.
fn write_words(to: &Path, files: &[(String, String)]) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    if std::fs::read_dir(to)?.next().is_some() {
        return Err(std::io::Error::other("it is not empty"));
    }
    for (path, text) in files {
        let path = to.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}

async fn content_sizes() -> Result<(), CliError> {
    let site = Arc::new(bare_site().await?);
    let mut above = 0;
    for (name, bytes, most) in web::sizes(&site) {
        let mark = if bytes > most { "ABOVE THE BUDGET" } else { "" };
        above += usize::from(bytes > most);
        println!("{bytes:>8} of {most:>6} bytes  {name} {mark}");
    }
    if !site.has_bundle() {
        return Err(CliError::Stopped(
            "the WASM is not inside this binary, so its size is not known".to_owned(),
        ));
    }
    if above > 0 {
        return Err(CliError::Stopped(format!("{above} above the budget")));
    }
    Ok(())
}

/// The ten pages that are hardest to read.
fn worst_pages(content: &Content) -> String {
    let mut text = "grade  words a sentence  longest  short text  page\n".to_owned();
    for page in content::lint::readings(content).into_iter().take(10) {
        let short = if page.short.words == 0 {
            "-".to_owned()
        } else {
            format!("{:.1}", page.short.grade())
        };
        let _ = writeln!(
            text,
            "{:5.1}  {:16.1}  {:7}  {short:>10}  {}",
            page.whole.grade(),
            page.whole.sentence(),
            page.longest,
            page.address
        );
    }
    text
}

fn content_check(options: &Options) -> Result<(), CliError> {
    let today = day_of(options)?;
    let content = load_content()?;
    let files = assets::content_files();
    let addresses = web::public_addresses(&content);
    let mut faults = content::lint::check(&content, today, &addresses);
    faults.extend(content::translation::check(&files, today, &addresses));
    for fault in &faults {
        println!("{fault}");
    }
    if options.worst {
        print!("{}", worst_pages(&content));
    }
    println!(
        "Other sites named, which no machine follows: {}.",
        content::lint::other_sites(&content).join(", ")
    );
    let unknown = content::lint::amounts_to_look_up(&content, today);
    if !unknown.is_empty() {
        println!(
            "No amount is known for {today}, so the checker says \"ask\": {}.",
            unknown.join(", ")
        );
    }
    let (languages, _) = content::translation::read(&files);
    for language in languages.iter().filter(|one| !one.is_english()) {
        let checked = match language.checked {
            true => "checked by a person",
            false => "not yet checked by a person, and its pages say so",
        };
        println!(
            "{}: {checked}. Shown in English so far: {}.",
            language.english,
            content::translation::lacking(&files, language).join(", ")
        );
    }
    if faults.is_empty() {
        println!(
            "{} rights, {} pages, {} help lines, {} entitlements: nothing to mend.",
            content.rights.len(),
            content.pages.len(),
            content.lines.len(),
            content.entitlements.len()
        );
        return Ok(());
    }
    Err(CliError::Stopped(format!("{} to mend", faults.len())))
}

#[cfg(test)]
mod tests {
    use super::core_dumps_are_off;

    #[test]
    fn core_dumps_are_seen_in_the_list_of_limits() {
        let list = |soft: &str| {
            format!(
                "Limit                     Soft Limit           Hard Limit           Units\n\
                 Max stack size            8388608              unlimited            bytes\n\
                 Max core file size        {soft}                    unlimited            bytes\n"
            )
        };
        assert!(core_dumps_are_off(&list("0")));
        assert!(!core_dumps_are_off(&list("unlimited")));
        assert!(!core_dumps_are_off(&list("1024")));
        assert!(core_dumps_are_off(""));
    }
}
