//! The backends, and how a test is run on each of them.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use store::Store;
use store_sqlite::SqliteStore;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// Where a fresh store of each backend is made; `{folder}` is an empty folder.
const BACKENDS: &[&str] = &["sqlite://{folder}/pledge.db"];

pub async fn open(url: &str) -> Arc<dyn Store> {
    match url.split_once("://") {
        Some(("sqlite", path)) => Arc::new(SqliteStore::open(Path::new(path)).await.unwrap()),
        _ => panic!("no backend for {url}"),
    }
}

/// On the disk, also where the temporary folder is in memory: what is promised here is that it survives a crash.
pub const DISK: &str = env!("CARGO_TARGET_TMPDIR");

pub fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// Runs a test on a fresh store of every backend. It gets the URL too, to open the store again.
pub fn on_each<F: Future<Output = ()>>(test: impl Fn(Arc<dyn Store>, String) -> F) {
    for backend in BACKENDS {
        let folder = TempDir::new_in(DISK).unwrap();
        let url = backend.replace("{folder}", folder.path().to_str().unwrap());
        runtime().block_on(async { test(open(&url).await, url).await });
    }
}
