//! The SQLite file when the process is killed or the disk fails: nothing acknowledged is lost.

use crate::backend::runtime;
use crate::rows::{tag, view};
use crate::sqlite_file::place;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Sent, Store, StoreError};
use store_sqlite::SqliteStore;

/// Which of these views are not there, whole.
async fn lost(store: &dyn Store, acknowledged: &[u64]) -> Vec<u64> {
    let mut lost = Vec::new();
    for n in acknowledged {
        let whole = match store.view_by_tag(&tag(*n)).await.unwrap() {
            Some(row) => {
                let bodies = store.bodies(&row.id).await.unwrap();
                bodies.len() == 2 && bodies[0].sealed == view(*n).bodies[0].sealed
            }
            None => false,
        };
        if !whole {
            lost.push(*n);
        }
    }
    lost
}

async fn all_whole(store: &dyn Store) {
    for row in store.views().await.unwrap() {
        assert_eq!(
            store.bodies(&row.id).await.unwrap().len(),
            2,
            "a view is whole or absent"
        );
        assert_eq!(store.events(&row.id).await.unwrap().len(), 1);
    }
}

#[test]
fn loses_nothing_acknowledged_when_the_store_is_dropped_in_the_middle() {
    let (_folder, path) = place();
    let ledger = Arc::new(Mutex::new(Vec::new()));
    let mut next = 0;
    for cycle in 0..10u64 {
        let running = runtime();
        let store = Arc::new(running.block_on(SqliteStore::open(&path)).unwrap());
        for client in 0..8 {
            let (store, ledger) = (Arc::clone(&store), Arc::clone(&ledger));
            let begin = next + client * 100_000;
            running.spawn(async move {
                for n in begin.. {
                    if store.send(view(n)).await.is_err() {
                        break;
                    }
                    ledger.lock().unwrap().push(n);
                }
            });
        }
        next += 1_000_000;
        std::thread::sleep(Duration::from_millis(5 + cycle * 13));
        drop(store);
        // Every task, the writer too, ends where it is.
        running.shutdown_background();
    }
    let acknowledged = ledger.lock().unwrap().clone();
    assert!(
        acknowledged.len() > 20,
        "only {} were acknowledged",
        acknowledged.len()
    );
    runtime().block_on(async {
        let store = SqliteStore::open(&path).await.unwrap();
        assert_eq!(lost(&store, &acknowledged).await, [0; 0]);
        all_whole(&store).await;
        // Control: one that was never sent is noticed.
        assert_eq!(
            lost(&store, &[acknowledged[0], 77_777_777]).await,
            [77_777_777]
        );
    });
}

/// Runs one of the ignored tests below in a process of its own.
fn child(test: &str, path: &Path, limit: Option<u32>) -> Command {
    let exe = std::env::current_exe().unwrap();
    let mut command = Command::new("sh");
    let limited = limit.map_or(String::new(), |blocks| {
        format!("trap '' XFSZ; ulimit -f {blocks}; ")
    });
    command
        .arg("-c")
        .arg(format!("{limited}exec \"$0\" \"$@\""))
        .arg(exe)
        .arg(format!(
            "{}::{test}",
            module_path!().split_once("::").unwrap().1
        ))
        .args(["--exact", "--ignored", "--nocapture"])
        .env("STORE_CONTRACT_FILE", path);
    command
}

fn childs_path() -> PathBuf {
    PathBuf::from(std::env::var_os("STORE_CONTRACT_FILE").expect("started by another test"))
}

#[test]
#[ignore = "a child process of the next test"]
fn child_sends_until_killed() {
    runtime().block_on(async {
        let store = Arc::new(SqliteStore::open(&childs_path()).await.unwrap());
        let begin = store.views().await.unwrap().len() as u64 * 1_000;
        let clients: Vec<_> = (0..8)
            .map(|client| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    for n in begin + client * 1_000_000.. {
                        store.send(view(n)).await.unwrap();
                        println!("\nsent {n}");
                    }
                })
            })
            .collect();
        for client in clients {
            client.await.unwrap();
        }
    });
}

#[test]
fn loses_nothing_acknowledged_when_the_process_is_killed() {
    let (_folder, path) = place();
    let mut acknowledged = Vec::new();
    for cycle in 0..6u64 {
        let mut process = child("child_sends_until_killed", &path, None)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        // Killed a little after the first, the eighth, the sixteenth … answer.
        let (mut seen, wanted) = (0, 1 + cycle * 8);
        let mut note = |line: String, acknowledged: &mut Vec<u64>| {
            if let Some(n) = line.strip_prefix("sent ").and_then(|n| n.parse().ok()) {
                acknowledged.push(n);
                seen += 1;
            }
            seen >= wanted
        };
        while let Some(Ok(line)) = lines.next() {
            if note(line, &mut acknowledged) {
                break;
            }
        }
        std::thread::sleep(Duration::from_millis(cycle * 7));
        process.kill().unwrap();
        process.wait().unwrap();
        // What it had said before it died counts as well.
        for line in lines.map_while(Result::ok) {
            note(line, &mut acknowledged);
        }
        runtime().block_on(async {
            let store = SqliteStore::open(&path).await.unwrap();
            assert_eq!(lost(&store, &acknowledged).await, [0; 0], "cycle {cycle}");
            all_whole(&store).await;
        });
    }
    assert!(acknowledged.len() >= 100, "{}", acknowledged.len());
}

#[test]
#[ignore = "a child process of the next test"]
fn child_sends_until_the_disk_fails() {
    runtime().block_on(async {
        let store = SqliteStore::open(&childs_path()).await.unwrap();
        let mut acknowledged = Vec::new();
        let failed = loop {
            let n = acknowledged.len() as u64;
            assert!(n < 10_000, "the limit does not work");
            assert!(!store.broken());
            match store.send(view(n)).await {
                Ok(_) => acknowledged.push(n),
                Err(error) => break error,
            }
        };
        assert!(matches!(failed, StoreError::NotSaved(_)), "{failed:?}");
        assert!(store.broken(), "raised before the answer");
        for n in 0..3 {
            assert!(matches!(
                store.send(view(50_000 + n)).await,
                Err(StoreError::NotSaved(_))
            ));
        }
        assert!(!acknowledged.is_empty());
        assert_eq!(lost(&store, &acknowledged).await, [0; 0], "reading goes on");
        println!("\nacknowledged {}", acknowledged.len());
        // Must end at once although the writing connection was given up.
        store.close().await;
    });
}

#[test]
fn stops_for_good_after_a_failed_write() {
    let (_folder, path) = place();
    runtime().block_on(async { SqliteStore::open(&path).await.unwrap().close().await });
    let output = child("child_sends_until_the_disk_fails", &path, Some(800))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let count: u64 = said
        .lines()
        .find_map(|line| line.strip_prefix("acknowledged "))
        .unwrap()
        .parse()
        .unwrap();
    runtime().block_on(async {
        let store = SqliteStore::open(&path).await.unwrap();
        assert_eq!(lost(&store, &(0..count).collect::<Vec<_>>()).await, [0; 0]);
        all_whole(&store).await;
        assert_eq!(
            store.send(view(60_000)).await.unwrap(),
            Sent::Stored,
            "a restart brings it back"
        );
        assert_eq!(store.view_by_tag(&tag(50_000)).await.unwrap(), None);
    });
}
