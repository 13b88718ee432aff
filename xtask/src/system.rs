//! What comes from the machine's package manager: the C compiler, Node, a browser, `age`.

use crate::project::Project;
use crate::shell::{self, Done, say};
use std::process::{Command, Stdio};

/// A program the project uses but does not build.
pub(crate) struct SystemTool {
    /// Any one of these will do.
    programs: &'static [&'static str],
    /// Debian's packages that bring it.
    packages: &'static [&'static str],
}

/// Compiles the parts of the server that are written in C.
pub(crate) const C_COMPILER: SystemTool = SystemTool {
    programs: &["cc"],
    packages: &["gcc", "libc6-dev"],
};

/// Runs the optimiser and the browser journeys.
pub(crate) const NODE: SystemTool = SystemTool {
    programs: &["node"],
    packages: &["nodejs"],
};

/// Installs what Node runs.
pub(crate) const NPM: SystemTool = SystemTool {
    programs: &["npm"],
    packages: &["npm"],
};

/// The browser with everything a person's browser has: what a phone installs, and what it brings back from its history.
pub(crate) const CHROMIUM: SystemTool = SystemTool {
    programs: &["chromium", "chromium-browser", "google-chrome"],
    packages: &["chromium"],
};

/// The browser of most journeys. Without windows of its own it starts faster.
pub(crate) const HEADLESS_SHELL: SystemTool = SystemTool {
    programs: &["chromium-headless-shell"],
    packages: &["chromium-headless-shell"],
};

/// Runs what tries the API.
pub(crate) const PYTHON: SystemTool = SystemTool {
    programs: &["python3"],
    packages: &["python3", "python3-venv"],
};

/// The stock command, which a test asks to open what the server sealed.
pub(crate) const AGE: SystemTool = SystemTool {
    programs: &["age"],
    packages: &["age"],
};

impl SystemTool {
    /// Where the first of its programs is.
    pub(crate) fn find(&self, project: &Project) -> Option<std::path::PathBuf> {
        self.programs
            .iter()
            .find_map(|program| project.program(program))
    }
}

/// Installs those of the tools that are missing, with Debian's package manager and the right to use it.
pub(crate) fn ensure(project: &Project, tools: &[SystemTool]) -> Done {
    let missing = || tools.iter().filter(|tool| tool.find(project).is_none());
    let packages: Vec<&str> = missing().flat_map(|tool| tool.packages).copied().collect();
    if packages.is_empty() {
        return Ok(());
    }
    install(project, &packages)?;
    match missing().next() {
        None => Ok(()),
        Some(tool) => Err(format!(
            "{} installed, but `{}` is still not on PATH.",
            packages.join(" "),
            tool.programs.join("` or `")
        )),
    }
}

/// Installs Debian packages by name.
///
/// # Errors
/// A sentence that names the packages, if the machine has no `apt-get`, if only root may install, or if it fails.
pub(crate) fn install(project: &Project, packages: &[&str]) -> Done {
    let names = packages.join(" ");
    let by_hand = format!("Install {names} with this machine's package manager, then try again.");
    let may =
        permission(project).map_err(|why| format!("{names} missing, and {why}. {by_hand}"))?;
    say(&format!("Set-up: apt-get install {names}"));
    // A list that cannot be brought up to date may still name what is needed; the install tells.
    if let Err(why) = shell::run_quietly(&mut apt(project, may, &["update"])) {
        say(&format!("Set-up: going on although {why}"));
    }
    let mut install = apt(project, may, &["install", "-y", "--no-install-recommends"]);
    install.args(packages);
    shell::run_quietly(&mut install).map_err(|why| format!("{why} {by_hand}"))
}

/// What to write before the rest: nothing for root, `sudo -n` where that works without a question.
fn permission(project: &Project) -> Result<&'static [&'static str], &'static str> {
    if project.program("apt-get").is_none() {
        return Err("this machine has no apt-get");
    }
    if shell::read(project.command("id").arg("-u")).as_deref() == Some("0") {
        return Ok(&[]);
    }
    match shell::read(project.command("sudo").args(["-n", "true"])) {
        Some(_) => Ok(&["sudo", "-n"]),
        None => Err("only root may install here"),
    }
}

/// `apt-get` that asks nothing, and waits while a new machine is still installing by itself.
const APT: [&str; 6] = [
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-q",
    "-o",
    "DPkg::Lock::Timeout=300",
];

fn apt(project: &Project, before: &[&str], words: &[&str]) -> Command {
    let line = [before, &APT, words].concat();
    let mut command = project.command(line[0]);
    command.args(&line[1..]).stdin(Stdio::null());
    command
}
