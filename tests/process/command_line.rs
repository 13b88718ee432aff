//! The binary as a person at a terminal meets it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::process::{Ask, FORM, form};
use crate::terminal::{out, pledge, recovery_key, said};
use std::path::Path;

fn data(folder: &Path) -> String {
    folder.join("data").to_str().unwrap().to_owned()
}

#[test]
fn init_prints_the_recovery_key_once_and_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(folder.path());
    let first = pledge(&["init", "--data", &data], "");
    assert!(first.status.success(), "{}", said(&first));
    let key = recovery_key(&first);
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(&data).unwrap() {
        kept.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    assert!(
        !kept
            .windows(key.len())
            .any(|window| window == key.as_bytes()),
        "the recovery key is on the disk"
    );

    let again = pledge(&["init", "--data", &data], "");
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("nothing was changed"));

    // Somebody is added with that key, and only with that key.
    let other = pledge(&["init", "--data", &format!("{data}-other")], "");
    let other_key = recovery_key(&other);
    let add = [
        "staff",
        "add",
        "--name",
        "Ada",
        "--role",
        "coordinator",
        "--data",
        &data,
    ];
    let wrong = pledge(&add, &other_key);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(
        said(&wrong).contains("not the recovery key"),
        "{}",
        said(&wrong)
    );
    let nonsense = pledge(&add, "hello");
    assert!(said(&nonsense).contains("not a recovery key"));
    let added = pledge(&add, &format!("  {key}\n"));
    assert!(added.status.success(), "{}", said(&added));
    assert!(out(&added).contains("First password"));
    let taken = pledge(&add, &key);
    assert!(said(&taken).contains("taken"), "{}", said(&taken));
    let list = out(&pledge(&["staff", "list", "--data", &data], ""));
    assert!(
        list.contains("coordinator") && list.contains("Ada"),
        "{list}"
    );
}

#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = data(folder.path());
    pledge(&["init", "--data", &data], "");
    for entry in std::fs::read_dir(&data).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o077,
            0,
            "{:?}",
            entry.path()
        );
    }
    assert_eq!(
        std::fs::metadata(&data).unwrap().permissions().mode() & 0o077,
        0
    );
    // A key file that others can read is refused.
    let keys = Path::new(&data).join("server-keys.json");
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
    let open = pledge(&["staff", "list", "--data", &data], "");
    assert_eq!(open.status.code(), Some(1));
    assert!(said(&open).contains("chmod 600"));
}

#[test]
fn one_process_serves_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(folder.path());
    pledge(&["init", "--data", &data], "");
    let serve = || crate::process::pledge_serve(Path::new(&data));
    let first = crate::process::start(serve(), &folder.path().join("first.txt"));
    let second = serve().output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(
        said(&second).contains("another process serves"),
        "{}",
        said(&second)
    );
    // The folder is free again when the first has ended, even by force.
    drop(first);
    crate::process::start(serve(), &folder.path().join("third.txt"));
}

#[test]
fn wrong_commands_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(folder.path());
    for (args, code, words) in [
        (vec!["sreve"], 2, "There is no command"),
        (vec!["serve", "--lisen", "x"], 2, "--lisen"),
        (vec!["serve", "--listen"], 2, "--listen"),
        (
            vec!["serve", "--listen", "nowhere", "--data", &data],
            2,
            "127.0.0.1:8080",
        ),
        (vec!["serve", "--data", &data], 1, "pledge init"),
        (vec!["staff", "add", "--data", &data], 2, "--name"),
        (
            vec![
                "staff", "add", "--name", "A B", "--role", "king", "--data", &data,
            ],
            2,
            "king",
        ),
        (vec!["staff", "list", "--data", &data], 1, "pledge init"),
    ] {
        let output = pledge(&args, "");
        assert_eq!(
            output.status.code(),
            Some(code),
            "{args:?}: {}",
            said(&output)
        );
        assert!(said(&output).contains(words), "{args:?}: {}", said(&output));
        assert!(!said(&output).contains("panicked"), "{args:?}");
    }
    assert!(out(&pledge(&[], "")).contains("pledge serve"));
    assert!(out(&pledge(&["version"], "")).starts_with("pledge "));
}

#[test]
fn a_public_address_on_a_loopback_listener_needs_the_header_of_its_proxy() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(folder.path());
    pledge(&["init", "--data", &data], "");
    let log = |name: &str| folder.path().join(name);
    let serve = |more: &[&str]| {
        let mut command = crate::process::pledge_serve(Path::new(&data));
        command.args(more);
        command
    };
    let public = ["--public-url", "https://pledge.council.test"];
    let refused = serve(&public).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("--proxy-header X-Forwarded-For"));
    let wrong = serve(&["--public-url", "pledge.council.test"]).output();
    let wrong = said(&wrong.unwrap());
    assert!(wrong.contains("--public-url takes"), "{wrong}");
    // By its variable as well.
    let variable = serve(&[]).env("PLEDGE_PUBLIC_URL", public[1]).output();
    assert_eq!(variable.unwrap().status.code(), Some(2));
    // The controls: with the header, and for an address of this machine alone, it starts.
    let proxied = [&public[..], &["--proxy-header", "X-Forwarded-For"]].concat();
    let local = ["--public-url", "http://127.0.0.1:8080"];
    for (more, told) in [
        (
            &proxied[..],
            "Its public address is https://pledge.council.test/\n",
        ),
        (&local[..], "Its public address is http://127.0.0.1:8080/\n"),
        (&[], "--public-url is not set"),
    ] {
        let log = log(&format!("{}.txt", more.len()));
        drop(crate::process::start(serve(more), &log));
        let log = std::fs::read_to_string(log).unwrap();
        assert!(log.contains(told), "{log}");
    }
}

#[test]
fn demo_never_fills_a_folder_with_real_data() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(folder.path());
    pledge(&["init", "--data", &data], "");
    let refused = pledge(
        &[
            "serve",
            "--demo",
            "--data",
            &data,
            "--listen",
            "127.0.0.1:0",
        ],
        "",
    );
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("real data"));
}

#[tokio::test]
async fn a_folder_of_sample_data_shows_its_sign_ins_with_demo_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let log = folder.path().join("log.txt");
    let look = async |more: &[&str]| {
        let mut command = crate::process::pledge_serve(&data);
        command.args(more);
        let _ = std::fs::remove_file(&log);
        let served = crate::process::start(command, &log);
        let said = std::fs::read_to_string(&log).unwrap();
        let sheet = std::fs::read_to_string(data.join("demo-sign-ins.txt")).unwrap();
        let (name, secret) = ("sample-clerk", sheet.split_whitespace().last().unwrap());
        let line = sheet.lines().find(|line| line.contains(name)).unwrap();
        let password = line.split_whitespace().nth(1).unwrap();
        let body = form(&[("name", name), ("password", password)]);
        let signed_in = Ask::post("/desk/sign-in", FORM, &body);
        let cookie = signed_in.of(served.address).await.unwrap().cookie;
        let head = format!("Cookie: {cookie}\r\n");
        let code = Ask {
            head: &head,
            ..Ask::get("/desk/code")
        };
        let page = code.of(served.address).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text);
        let shows_code = page.text.contains("The code of this sample person");
        let is_marked = page.text.contains("class=\"demo\"");
        (said.contains(secret), shows_code, is_marked)
    };
    assert_eq!(look(&["--demo"]).await, (true, true, true), "the control");
    assert_eq!(look(&[]).await, (false, false, true));
    assert_eq!(look(&["--demo"]).await, (true, true, true));
}

#[test]
fn the_words_are_checked_by_a_command() {
    let output = pledge(&["content", "check", "--on", "2026-11-21"], "");
    assert!(output.status.success(), "{}{}", out(&output), said(&output));
    assert!(out(&output).contains("nothing to mend"));
    // The control: in ten years every review is overdue.
    let late = pledge(&["content", "check", "--on", "2036-11-21"], "");
    assert_eq!(late.status.code(), Some(1));
    assert!(out(&late).contains("its review was due on"));
    assert_eq!(
        pledge(&["content", "check", "--on", "soon"], "")
            .status
            .code(),
        Some(2)
    );
}
