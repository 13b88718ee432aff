//! The command line: `pledge serve`, `init`, `staff`, `content`. Every setting is an option or a `PLEDGE_…` variable.

use crate::commands::{audit, backup, check, content, init, maintain, recovery, serve, staff};
use crate::error::CliError;
use crate::options::read_options;

const HELP: &str = "\
pledge: the portal of young people in care and care leavers

  pledge init   [--recovery-shares] [--data DIR]
      Makes the keys and the database, and prints the recovery key once. With --recovery-shares in three prints, of which
      any two are the key and one alone opens nothing.
  pledge staff add --name NAME --role ROLE [--data DIR] [--recovery-key FILE]
      Adds somebody to the desk and prints their first password. ROLE is one of: speakerbox, coordinator, safety,
      committee, clerk, admin. The recovery key is read from FILE, or from standard input: the key itself, or the
      rows of two prints. Where each print is in a file of its own, --recovery-key is given twice. So for every command
      that needs the key.
  pledge staff let-in --name NAME [--data DIR] [--recovery-key FILE]
      Gives somebody who was invited at the desk the keys of their role, when no member of it can.
  pledge staff suspend --name NAME [--even-if-last] [--data DIR]
  pledge staff remove --name NAME [--even-if-last] [--data DIR]
      As an administrator does it at the desk, for when none can sign in. Ends every session of theirs. The last one who
      can read what is sealed to a role is left alone unless --even-if-last is given. The server may be running.
  pledge staff list [--data DIR]
      Lists everybody at the desk.
  pledge recovery drill [--data DIR] [--recovery-key FILE]
      Proves that the recovery key opens every role key and the newest texts. Prints counts, never a text. Ends with 1
      when something stays shut.
  pledge recovery split [--data DIR] [--recovery-key FILE]
      Prints the recovery key of an installation in three new prints. The key stays the same: older prints and whole
      keys open everything as before, until they are destroyed.
  pledge recovery combine [--recovery-key FILE]
      Prints the whole key of two prints, for the stock `age` command. Needs no installation.
  pledge doctor [--data DIR]
      Looks at keys, people, permissions, database and clock, a line each. Ends with 1 when something must be mended.
  pledge serve  [--listen ADDR] [--data DIR] [--demo] [--public-url URL] [--proxy-header NAME] [--alert-…]
      Serves the portal. --demo fills an empty data folder with sample people, views and a meeting, and shows their
      sign-ins and codes; a folder that was filled so is served without those when --demo is not given.
      --public-url URL       the address under which everybody reaches the site, https://HOST: alerts, invitations and
                             the sitemap lead there. On a loopback address it means a proxy, so --proxy-header has to
                             be set too                                            (PLEDGE_PUBLIC_URL)
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
  pledge verify [--against FILE [--restored DAY]] [--checkpoint] [--data DIR]
      Checks the database file and walks the audit log along its checkpoints. --against also holds it against the
      checkpoints kept elsewhere; without them an end that was cut off goes unseen. --restored: a backup was restored
      on that day, so checkpoints of rows that went with it are counted and no break. --checkpoint signs a new one and
      prints it, to be kept elsewhere. Ends with 1 at the first break.
  pledge audit who --name NAME [--since DAY] [--data DIR]
      Lists the sessions of an account, what it did and tried since a day, and every view that its keys open: for when a
      password, a phone or a session got into other hands. Run it before the account is removed.
  pledge purge [--on DAY] [--dry-run] [--data DIR]
      Deletes everything whose time is over, as `pledge serve` does each day, and the backups in PLEDGE_BACKUPS that are
      too old. With --on, as of that day. --dry-run only says what would go.
  pledge backup --to FILE [--data DIR]
      Writes the database and the server's keys, sealed to the recovery key, to FILE, or to a file named by the day when
      FILE is a folder. The server may be running.
  pledge restore --from FILE --taken-back FILE [--recovery-key FILE] [--data DIR]
      Checks a backup and puts it into a folder that holds no installation. What was taken back since, by the list in
      FILE (taken-back.txt of the old folder, or its copy in PLEDGE_TAKEN_BACK), and what is past its time is deleted
      first; people who were removed or suspended since stay out, and whoever changed a password or second factor has to
      be invited again. Only where no list is left: --without-list in the place of --taken-back FILE; what that risks is
      said, and has to be confirmed.
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
        ["init"] => in_runtime(init::init(&options)),
        ["staff", "add"] => in_runtime(staff::staff_add(&options)),
        ["staff", "let-in"] => in_runtime(staff::staff_let_in(&options)),
        ["staff", "suspend"] => in_runtime(staff::staff_suspend(&options)),
        ["staff", "remove"] => in_runtime(staff::staff_remove(&options)),
        ["recovery", "drill"] => in_runtime(recovery::drill(&options)),
        ["recovery", "split"] => in_runtime(recovery::split(&options)),
        ["recovery", "combine"] => recovery::combine(&options),
        ["doctor"] => in_runtime(maintain::run_doctor(&options)),
        ["staff", "list"] => in_runtime(staff::staff_list(&options)),
        ["audit", "who"] => in_runtime(audit::who(&options)),
        ["serve"] => in_runtime(serve::serve(&options)),
        ["verify"] => in_runtime(maintain::verify(&options)),
        ["purge"] => in_runtime(maintain::purge(&options)),
        ["backup"] => in_runtime(backup::make_backup(&options)),
        ["restore"] => in_runtime(backup::restore(&options)),
        ["check"] => check::check(),
        ["content", "check"] => content::content_check(&options),
        ["content", "coverage"] => content::content_coverage(),
        ["content", "sizes"] => in_runtime(content::content_sizes()),
        ["content", "export"] => in_runtime(content::content_export(&options)),
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
