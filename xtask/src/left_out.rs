//! What must not come back into the scripts that phones load.

/// Classes that the published `wasm-streams` exports. With them come 13 KB of code that no page uses;
/// `crates/wasm-streams` stands in its place.
const STREAM_CLASSES: &str = "IntoUnderlying";

/// Lines of a script that was minified: `esbuild` writes a few long ones.
const MOST_LINES: usize = 12;

/// Why this script of a bundle may not be served, if there is a reason.
pub(crate) fn fault(bundle: &str, script: &str) -> Option<String> {
    if script.contains(STREAM_CLASSES) {
        return Some(format!(
            "the bundle `{bundle}` exports {STREAM_CLASSES}…: the published wasm-streams is linked again. Does the \
             `[patch.crates-io]` of Cargo.toml still fit the version in Cargo.lock?"
        ));
    }
    let lines = script.lines().count();
    (lines > MOST_LINES).then(|| {
        format!("the script of the bundle `{bundle}` has {lines} lines: it is not minified.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cut_is_missed_when_it_comes_back() {
        let minified = "var a=1;export{a as default};\n";
        assert_eq!(fault("speak", minified), None);
        let streams = "export class IntoUnderlyingSource{}\n";
        assert!(fault("speak", streams).is_some_and(|why| why.contains("`speak`")));
        let readable = "let a = 1;\n".repeat(400);
        assert!(fault("check", &readable).is_some_and(|why| why.contains("400 lines")));
    }
}
