//! `pledge serve`: a process that serves the site until it is asked to stop.

use crate::bootstrap::{DATABASE, init_folder, keep_pool_full, load_content, marks_of, open};
use crate::config::{alert_channels, core_dumps_are_off, data_folder, proxy_header, public_url};
use crate::error::{CliError, act_error};
use crate::housekeeping::{Housekeeping, Places};
use crate::ops::readers;
use crate::options::Options;
use crate::{assets, demo};
use notify::{Channels, PublicUrl};
use service::clock::{Clock, SystemClock};
use service::{App, safety_alerts};
use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use store::Store;
use store_sqlite::SqliteStore;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use vault::key_derivation::Argon2Params;
use vault::random::SystemRandom;
use vault::receipts::{self, Pool};
use vault::seal::Identity;
use vault::server_keys::{self, ServerKeys};
use web::{ProxyHeader, Site, SiteHandle, security_txt};

/// Printed at start when no channel for safety alerts is set.
const UNTOLD: &str = "\
pledge: WARNING: NOBODY IS TOLD OUTSIDE THE PAGE when a young person says they are not safe.
pledge: WARNING: Set --alert-to, --alert-from and --alert-smtp, or --alert-webhook. See `pledge help`.";

/// Printed at start when no place may be distinguishable from another.
const ONE_PLACE: &str = "\
pledge: Behind a proxy no place can be told from another: what it passes on is counted for nobody, or, if it adds no
pledge: header, for one place. If there is one, name the header in which it puts the address it speaks for:
pledge: --proxy-header X-Forwarded-For. See docs/OPERATIONS.md.";

/// Said at start when addresses outside have to be guessed.
const NO_PUBLIC_URL: &str = "\
pledge: --public-url is not set: alerts do not say where the desk is, invitations are written as the browser calls this
pledge: site, and the sitemap names no host.";

/// Said at start when sample data is served as if it were real: nobody is shown a way in then.
const HAS_SAMPLES: &str = "\
pledge: This folder holds sample data, and every page says so. Its sign-ins and codes are shown with --demo only.";

pub(crate) async fn serve(options: &Options) -> Result<(), CliError> {
    let address = listen_address(options)?;
    let channels = alert_channels(options)?;
    let proxy_header = proxy_header(options)?;
    let public_url = public_url(options)?;
    refuse_public_without_proxy(public_url.as_ref(), address, proxy_header.is_some())?;
    let data = data_folder(options);
    let content = Arc::new(load_content()?);
    let is_demo = options.demo;
    let (has_samples, recovery) = prepare_folder(options, &data).await?;
    let key_file = data.join(server_keys::FILE);
    let keys = ServerKeys::read_file(&key_file)?;
    // Held until the process ends, however it ends.
    let _alone = lock_folder(&key_file)?;
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
    if is_demo {
        pledge.pool = Pool::new(receipts::DEMO_POOL);
    }
    pledge.alerts_outside = channels.any();
    pledge.public_url = public_url;
    pledge.withdrawals = marks_of(&data)?;
    if !core_dumps_are_off(&std::fs::read_to_string("/proc/self/limits").unwrap_or_default()) {
        println!(
            "A crash could write this process's memory to the disk. Turn that off: LimitCORE=0 in its unit, or ulimit -c 0."
        );
    }
    let behind_proxy = proxy_header.is_some();
    let site = Arc::new(site(pledge, has_samples, proxy_header)?);
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
    } else if has_samples {
        eprintln!("{HAS_SAMPLES}");
    }
    say_at_start(&site.pledge, bound, behind_proxy, is_demo);
    for warning in readers::warnings(site.pledge.present_readers().await) {
        eprintln!("pledge: WARNING: {warning}");
    }
    println!("Pledge is at http://{bound}/");
    run(site, store, channels, listener, behind_proxy).await
}

/// Makes sure that no other process serves this folder: two would seal to different keys after a removal, and each would
/// count its limits alone. The lock lies on the key file, so that the folder holds no file more.
fn lock_folder(key_file: &Path) -> Result<File, CliError> {
    let cannot = |error: std::io::Error| {
        CliError::Stopped(format!("{} cannot be read: {error}.", key_file.display()))
    };
    let file = File::open(key_file).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(CliError::Stopped(format!(
            "another process serves {} already; stop it first.",
            key_file.parent().unwrap_or(key_file).display()
        ))),
        Err(TryLockError::Error(error)) => {
            // Some network file systems have no locks. Nothing is known then, so nothing is refused.
            eprintln!(
                "pledge: the folder cannot be locked ({error}); serve it with one process only."
            );
            Ok(file)
        }
    }
}

/// Prints what the person who starts it may want to set.
fn say_at_start(pledge: &App, bound: SocketAddr, behind_proxy: bool, is_demo: bool) {
    if !pledge.alerts_outside {
        eprintln!("{UNTOLD}");
    }
    match &pledge.public_url {
        Some(public) => println!("Its public address is {}", public.of("/")),
        None if is_demo => {}
        None => eprintln!("{NO_PUBLIC_URL}"),
    }
    if bound.ip().is_loopback() && !behind_proxy && !is_demo {
        eprintln!("{ONE_PLACE}");
    }
}

/// A public address on a loopback listener means a proxy; without its header no place is distinguishable from another.
fn refuse_public_without_proxy(
    public: Option<&PublicUrl>,
    address: SocketAddr,
    behind_proxy: bool,
) -> Result<(), CliError> {
    let is_public = public.is_some_and(|public| !public.is_local());
    if is_public && address.ip().is_loopback() && !behind_proxy {
        return Err(CliError::Usage(
            "--public-url names an address that others reach, and --listen one that only this machine does: so a proxy \
             stands before it. Name the header in which it puts the address it speaks for: --proxy-header \
             X-Forwarded-For. Without it no limit could tell one place from another."
                .to_owned(),
        ));
    }
    Ok(())
}

fn listen_address(options: &Options) -> Result<SocketAddr, CliError> {
    let address = options
        .listen
        .clone()
        .or_else(|| std::env::var("PLEDGE_LISTEN").ok());
    let address = address.unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    address.parse().map_err(|_| {
        CliError::Usage(format!(
            "--listen takes an address and a port, such as 127.0.0.1:8080, not `{address}`."
        ))
    })
}

/// Whether the folder is one of sample data, and the recovery key of one that still has to be filled. Real data and
/// sample data are never mixed.
async fn prepare_folder(
    options: &Options,
    data: &Path,
) -> Result<(bool, Option<Identity>), CliError> {
    let cut_short = demo::unfinished(data);
    let has_demo_mark = demo::marked(data) && !cut_short;
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
        demo::begin(data).map_err(|error| {
            CliError::Stopped(format!("{} cannot be filled: {error}", data.display()))
        })?;
        Some(init_folder(data, &SystemRandom).await?)
    } else {
        None
    };
    Ok((options.demo || has_demo_mark, recovery))
}

/// The site with what only a served one has: the header of its proxy and its security contact.
fn site(
    pledge: App,
    has_samples: bool,
    proxy_header: Option<ProxyHeader>,
) -> Result<Site, CliError> {
    let mut site = Site::new(pledge, Arc::new(assets::assets()), has_samples);
    site.proxy_header = proxy_header;
    match std::env::var("PLEDGE_SECURITY_CONTACT") {
        Ok(contact) => {
            let file = security_txt::body(
                &contact,
                SystemClock.today(),
                site.pledge.public_url.as_ref(),
            )
            .map_err(CliError::Usage)?;
            site = site.with_file(security_txt::PATH, file);
        }
        Err(_) => println!(
            "PLEDGE_SECURITY_CONTACT is not set, so {} is not served: nobody can tell you about a hole.",
            security_txt::PATH
        ),
    }
    Ok(site)
}

/// Serves, with housekeeping and alerts beside it, until the process is asked to stop or a write failed.
async fn run(
    site: Arc<Site>,
    store: Arc<SqliteStore>,
    channels: Channels,
    listener: TcpListener,
    behind_proxy: bool,
) -> Result<(), CliError> {
    let warm = Arc::clone(&site);
    tokio::task::spawn_blocking(move || warm.warm());
    let live = SiteHandle::new(Arc::clone(&site));
    let newest = store.last_day().await?;
    let mut beside = JoinSet::new();
    let places = Places::from_environment();
    let housekeeping = Housekeeping::new(Arc::clone(&site.pledge), live.clone(), newest, places);
    beside.spawn(housekeeping.run());
    let alerting = Arc::clone(&site);
    beside.spawn(async move { safety_alerts::run_alerts(&alerting.pledge, &channels).await });
    let failed = {
        let store = Arc::clone(&store);
        async move {
            // A disk that failed a write cannot be trusted with the next one: stop, so that the supervisor restarts us.
            while !store.broken() {
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
        }
    };
    let mut reason = StopReason::Asked;
    let stop = async {
        reason = stop_reason(web::accept::asked_to_stop(), failed, &mut beside).await;
    };
    web::accept::serve_behind(behind_proxy, listener, web::router_of(live), stop).await;
    // An alert that is not noted as delivered is delivered after the next start.
    beside.shutdown().await;
    if let Err(error) = site.pledge.save_usage().await {
        eprintln!("pledge: uses: {error}");
    }
    if store.broken() {
        reason = StopReason::NotWritten;
    }
    store.close().await;
    reason.result()
}

/// Why the server stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StopReason {
    /// By a signal.
    Asked,
    /// A write failed.
    NotWritten,
    /// A task that never ends by itself has ended.
    TaskEnded,
}

impl StopReason {
    /// What the command ends with: a code for the log, and a sentence.
    fn result(self) -> Result<(), CliError> {
        let said = match self {
            StopReason::Asked => return Ok(()),
            StopReason::NotWritten => {
                "disk: the database could not be written; stopped. Check the disk."
            }
            StopReason::TaskEnded => {
                "task-ended: alerts or daily deletion ended by themselves; stopped, so that a restart begins them anew."
            }
        };
        Err(CliError::Stopped(said.to_owned()))
    }
}

/// Waits for a reason to stop. Of the tasks beside the pages none ends by itself: pages that go on while no alert goes out
/// would promise what nobody does.
async fn stop_reason(
    asked: impl Future<Output = ()>,
    failed: impl Future<Output = ()>,
    beside: &mut JoinSet<()>,
) -> StopReason {
    tokio::select! {
        () = asked => StopReason::Asked,
        () = failed => StopReason::NotWritten,
        _ = beside.join_next() => StopReason::TaskEnded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    #[tokio::test]
    async fn a_task_that_ends_or_panics_stops_the_server_with_a_code() {
        for panics in [false, true] {
            let mut beside = JoinSet::new();
            beside.spawn(pending());
            beside.spawn(async move { assert!(!panics, "planted") });
            let reason = stop_reason(pending(), pending(), &mut beside).await;
            assert_eq!(reason, StopReason::TaskEnded);
        }
        for reason in [StopReason::TaskEnded, StopReason::NotWritten] {
            // Exit code 1, and a code at the start of the line in the log.
            let Err(CliError::Stopped(said)) = reason.result() else {
                panic!("{reason:?}");
            };
            let (code, _) = said.split_once(": ").unwrap();
            assert!(
                code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{said}"
            );
        }
        // The control: while all go on, it stops when it is asked, and that is no error.
        let mut beside = JoinSet::new();
        beside.spawn(pending());
        let reason = stop_reason(ready(()), pending(), &mut beside).await;
        assert!(reason == StopReason::Asked && reason.result().is_ok());
    }
}
