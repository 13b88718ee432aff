//! The recovery key as it is given to a command: whole, or as the rows of two prints; from files or typed.

use crate::error::CliError;
use crate::options::Options;
use std::io::{BufRead, IsTerminal, Read};
use std::path::{Path, PathBuf};
use vault::recovery_shares::{self as shares, ROWS, Share, ShareFault, ShareRow};
use vault::seal::{Identity, Recipient};
use zeroize::Zeroizing;

/// How a whole key begins.
const KEY_START: &str = "AGE-SECRET-KEY-";
/// The most that is read of a file or of what is typed.
const MOST_BYTES: u64 = 20_000;

/// The recovery key, from its files or from standard input. `own` is the public key of the installation it is for, where
/// that is known: a print of another one is named then.
pub(crate) fn recovery_key(options: &Options, own: Option<&str>) -> Result<Identity, CliError> {
    let own = own.map(|recovery| shares::installation_of(&Recipient(recovery.to_owned())));
    let mut given = Given {
        own,
        prints: Vec::new(),
        rows: Vec::new(),
    };
    if options.recovery_key.is_empty() {
        typed(&mut given).map_err(|what| no_key(&what))
    } else {
        from_files(&mut given, &options.recovery_key)
    }
}

fn no_key(what: &str) -> CliError {
    CliError::Stopped(format!("this is not a recovery key: {what}"))
}

/// Asks at the terminal until the key is there: what is wrong is said, and the row asked for again. What comes from a pipe
/// is not asked for twice.
fn typed(given: &mut Given) -> Result<Identity, String> {
    let input = std::io::stdin().lock();
    let asks = input.is_terminal();
    eprintln!(
        "Type or paste the recovery key and press Enter. With prints: the {ROWS} rows of one, then the {ROWS} of another, a \
         row a line."
    );
    read_lines(given, input, asks)
}

fn read_lines(given: &mut Given, mut input: impl BufRead, asks: bool) -> Result<Identity, String> {
    let mut left = MOST_BYTES;
    loop {
        if asks {
            eprint!("{}: ", given.next());
        }
        let mut line = Zeroizing::new(String::new());
        let read = (&mut input).take(left).read_line(&mut line);
        let read = read.map_err(|error| format!("it cannot be read ({error})"))?;
        left = left.saturating_sub(u64::try_from(read).unwrap_or(left));
        if read == 0 {
            return Err(given.missing());
        }
        match given.line(&line) {
            Ok(Some(key)) => return Ok(key),
            Ok(None) => {}
            Err(what) if asks => eprintln!("{what}."),
            Err(what) => return Err(what),
        }
    }
}

fn from_files(given: &mut Given, files: &[PathBuf]) -> Result<Identity, CliError> {
    for file in files {
        let text = read_file(file)?;
        // Of a print that was kept as it came only its rows count: they are numbered.
        let is_row = |line: &&str| line.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let rows: Vec<&str> = text.lines().filter(is_row).collect();
        let lines = if rows.is_empty() {
            text.lines().collect()
        } else {
            rows
        };
        for line in lines {
            let found = given.line(line);
            let found = found.map_err(|what| no_key(&format!("{what} ({})", file.display())))?;
            if let Some(key) = found {
                return Ok(key);
            }
        }
    }
    Err(no_key(&given.missing()))
}

fn read_file(file: &Path) -> Result<Zeroizing<String>, CliError> {
    let mut text = Zeroizing::new(String::new());
    let opened = std::fs::File::open(file);
    let read = opened.and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
    read.map_err(|error| CliError::Stopped(format!("{} cannot be read: {error}", file.display())))?;
    Ok(text)
}

/// What was given so far.
struct Given {
    own: Option<[u8; 2]>,
    prints: Vec<Share>,
    rows: Vec<ShareRow>,
}

impl Given {
    fn which(&self) -> &'static str {
        match self.prints.len() {
            0 => "first",
            _ => "second",
        }
    }

    /// What is asked for next.
    fn next(&self) -> String {
        match (self.prints.len(), self.rows.len()) {
            (0, 0) => "The key, or row 1 of the first print".to_owned(),
            (_, rows) => format!("Row {} of the {} print", rows + 1, self.which()),
        }
    }

    fn missing(&self) -> String {
        match (self.prints.len(), self.rows.len()) {
            (0, 0) => format!("nothing was given. A whole key begins with {KEY_START}1"),
            (_, rows) => format!("row {} of the {} print is missing", rows + 1, self.which()),
        }
    }

    /// Takes a line; gives the key once it is there.
    fn line(&mut self, line: &str) -> Result<Option<Identity>, String> {
        let line = line.trim();
        if line.is_empty() {
            return Ok(None);
        }
        if line.starts_with(KEY_START) {
            let key = Identity::from_text(line);
            return key
                .map(Some)
                .map_err(|_| format!("it begins with {KEY_START}1, and a sign in it is wrong"));
        }
        let (at, which) = (self.rows.len(), self.which());
        let row = shares::read_row(at, line).map_err(|fault| {
            let or_key = match (self.prints.len(), at) {
                (0, 0) => format!("it does not begin with {KEY_START}1, and "),
                _ => String::new(),
            };
            format!("{or_key}row {} of the {which} print: {fault}", at + 1)
        })?;
        self.rows.push(row);
        if self.rows.len() < ROWS {
            return Ok(None);
        }
        let rows = std::mem::take(&mut self.rows);
        let print = Share::from_rows(&rows)
            .map_err(|fault| format!("the {which} print is not right: {fault}"))?;
        if self.own.is_some_and(|own| own != print.installation()) {
            return Err(format!(
                "print {} (the {which}) is of another installation",
                print.number()
            ));
        }
        let Some(first) = self.prints.first() else {
            self.prints.push(print);
            return Ok(None);
        };
        let key = shares::combine(first, &print);
        key.map(Some).map_err(|fault: ShareFault| fault.to_string())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;
    use vault::random::SystemRandom;
    use vault::staff_keys::new_identity;

    #[test]
    fn at_a_terminal_what_is_wrong_is_asked_for_again() {
        let (key, public) = new_identity(&SystemRandom).unwrap();
        let prints = shares::split(&key, &SystemRandom).unwrap();
        let (one, two) = (prints[0].rows(), prints[2].rows());
        let mut lines: Vec<&str> = one.iter().map(|row| row.as_str()).collect();
        // A slip, a row too early, and the same print once more before the other.
        lines.insert(3, "aple apple apple apple");
        lines.insert(5, &one[9]);
        lines.extend(one.iter().map(|row| row.as_str()));
        lines.extend(two.iter().map(|row| row.as_str()));
        let text = lines.join("\n");
        let given = || Given {
            own: Some(shares::installation_of(&public)),
            prints: Vec::new(),
            rows: Vec::new(),
        };
        let read = read_lines(&mut given(), text.as_bytes(), true).unwrap();
        assert_eq!(read.as_text(), key.as_text());
        // The control: a pipe is not asked twice.
        let refused = read_lines(&mut given(), text.as_bytes(), false).unwrap_err();
        assert!(
            refused.starts_with("row 4 of the first print: "),
            "{refused}"
        );
        let endless = "\n".repeat(30_000);
        assert!(read_lines(&mut given(), endless.as_bytes(), true).is_err());
    }
}
