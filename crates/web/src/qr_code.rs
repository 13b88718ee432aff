//! QR codes as inline SVG: no image to fetch, no `data:` address, nothing that the policy of a page would have to allow.

use fast_qr::{ECL, QRBuilder};
use std::fmt::Write;

/// Light modules around a code, on each side, that a reader needs to find it (ISO/IEC 18004).
const QUIET: usize = 4;

/// This text as a QR code of level M: an `<svg>` without a name, so the element around it must have one. Always black
/// on white, in dark mode too, because many readers do not find light on dark. `None` if the text is too long: more
/// than 2,331 bytes.
pub fn svg(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let side = code.size + 2 * QUIET;
    let mut path = String::new();
    for row in 0..code.size {
        let mut column = 0;
        for run in code[row].chunk_by(|one, next| one.value() == next.value()) {
            if run.first().is_some_and(|module| module.value()) {
                let (x, y, length) = (column + QUIET, row + QUIET, run.len());
                // Writing to a string cannot fail.
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            column += run.len();
        }
    }
    Some(format!(
        "<svg viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" \
         d=\"M0 0h{side}v{side}h-{side}z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "otpauth://totp/Pledge:Ann%20Bee?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Pledge\
                           &algorithm=SHA1&digits=6&period=30";

    /// The picture, a `true` for each dark module, and its side.
    fn drawn(svg: &str) -> (Vec<bool>, usize) {
        let side = svg.split("viewBox=\"0 0 ").nth(1).unwrap();
        let side: usize = side.split(' ').next().unwrap().parse().unwrap();
        let mut dark = vec![false; side * side];
        let path = svg.split("fill=\"#000\" d=\"").nth(1).unwrap();
        let path = path.split('"').next().unwrap();
        for run in path.split_terminator('z') {
            let (x, rest) = run.strip_prefix('M').unwrap().split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, back) = rest.split_once("v1h-").unwrap();
            assert_eq!(length, back);
            let start = y.parse::<usize>().unwrap() * side + x.parse::<usize>().unwrap();
            dark[start..start + length.parse::<usize>().unwrap()].fill(true);
        }
        (dark, side)
    }

    /// What a reader of another make finds in it.
    fn scanned(dark: &[bool], side: usize) -> Option<String> {
        const SCALE: usize = 4;
        let size = side * SCALE;
        let is_dark = |x: usize, y: usize| dark[y / SCALE * side + x / SCALE];
        let mut image = rqrr::PreparedImage::prepare_from_bitmap(size, size, is_dark);
        let found = image.detect_grids();
        found.first()?.decode().ok().map(|(_, text)| text)
    }

    #[test]
    fn a_code_is_read_as_what_went_in() {
        for text in [ADDRESS, "a", "PL-23456", "Zażółć gęślą jaźń"] {
            let (dark, side) = drawn(&svg(text).unwrap());
            assert_eq!(scanned(&dark, side).as_deref(), Some(text));
            let quiet = |at: usize| at < QUIET || at >= side - QUIET;
            let in_quiet = |at: &usize| quiet(at / side) || quiet(at % side);
            assert!((0..side * side).filter(in_quiet).all(|at| !dark[at]));
        }
        // The reader does not find what is not there: one corner's mark taken away.
        let (mut dark, side) = drawn(&svg(ADDRESS).unwrap());
        for row in 0..QUIET + 7 {
            dark[row * side..row * side + QUIET + 7].fill(false);
        }
        assert_eq!(scanned(&dark, side), None);
    }

    #[test]
    fn a_code_has_nothing_that_a_policy_must_allow_and_is_small() {
        let svg = svg(ADDRESS).unwrap();
        for bad in ["style", "href", "url(", "script", "data:"] {
            assert!(!svg.contains(bad), "{bad}");
        }
        assert!(svg.len() < 10_000, "{}", svg.len());
    }

    #[test]
    fn a_text_that_is_too_long_is_refused() {
        assert!(svg(&"a".repeat(2_331)).is_some());
        assert!(svg(&"a".repeat(2_332)).is_none());
    }
}
