//! `cargo xtask bench`: the server's benchmarks with the release they measure, then the entitlement rules and the
//! first paint in the browser, and what Lighthouse says of the pages.

use crate::project::Project;
use crate::shell::{self, Done, say};
use crate::wasm::Optimiser;
use crate::{build, node, system, wasm};

/// Builds the release, hands the rest of the command line to `cargo bench`, and measures rules and paints in a slowed browser.
pub(crate) fn bench(project: &Project, passed_on: &[String]) -> Done {
    let tools = [
        system::C_COMPILER,
        system::NODE,
        system::NPM,
        system::CHROMIUM,
    ];
    system::ensure(project, &tools)?;
    build::release(project, Optimiser::Required)?;

    let mut bench = project.cargo(&["bench", "-p", "server"]);
    bench
        .args(passed_on)
        .env("PLEDGE_BIN", project.release_binary());
    say(&format!("Bench: {}", shell::line(&bench)));
    shell::run(&mut bench)?;

    let rules = wasm::rules_for_tests(project)?;
    let chromium = system::CHROMIUM
        .find(project)
        .ok_or("no chromium on PATH.")?;
    node::bench_packages(project)?;
    for script in ["bench/rules.mjs", "bench/paint.mjs", "bench/lighthouse.mjs"] {
        say(&format!("Bench: node {script}"));
        let mut browser = project.command(node::packages(project)?);
        browser
            .arg(script)
            .current_dir(node::folder(project))
            .env("PLEDGE_BIN", project.release_binary())
            .env("PLEDGE_CHECK_WASM", &rules)
            .env("PLEDGE_CHROMIUM", &chromium);
        shell::run(&mut browser)?;
    }
    Ok(())
}
