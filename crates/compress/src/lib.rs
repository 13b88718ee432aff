//! Bytes made small for the wire, and opened again.
//!
//! A crate of its own because the code of `brotli` and `flate2` is generic: it is compiled where it is used, and only a
//! crate can be optimised in a debug build. Without that each page takes seconds there.

use std::io::{self, Read, Write};

/// Brotli at a level from 0 to 11, in one window.
pub fn brotli(plain: &[u8], level: i32) -> Vec<u8> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: level,
        lgwin: window_bits(plain.len()),
        size_hint: plain.len(),
        ..Default::default()
    };
    // Writing to memory cannot fail.
    let _ = brotli::BrotliCompress(&mut &plain[..], &mut out, &params);
    out
}

/// The smallest usual window that holds it all. A larger one finds nothing more, and level 11 clears eight bytes of memory
/// for each byte of the window before it begins.
fn window_bits(length: usize) -> i32 {
    (18..22).find(|bits| length + 16 <= 1 << bits).unwrap_or(22)
}

/// What brotli made small. An error when it is not brotli.
pub fn open_brotli(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    brotli::BrotliDecompress(&mut &packed[..], &mut plain)?;
    Ok(plain)
}

/// Gzip, level 9.
pub fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default()
}

/// What gzip made small. An error when it is not gzip.
pub fn open_gzip(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut plain)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_the_text() {
        let bits = [0, 1 << 17, (1 << 18) - 16, (1 << 18) - 15, 1 << 20, 1 << 30].map(window_bits);
        assert_eq!(bits, [18, 18, 18, 19, 21, 22]);
        // What repeats from one end to the other is found.
        let noise = |length: usize| -> Vec<u8> {
            let mut state = 1_u32;
            let next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            };
            std::iter::repeat_with(next).take(length).collect()
        };
        let half = noise(130_000);
        let packed = brotli(&[half.clone(), half.clone()].concat(), 11);
        assert!(packed.len() < 131_000, "{}", packed.len());
        assert!(brotli(&noise(260_000), 11).len() > 259_000);
    }

    #[test]
    fn what_is_packed_opens_again_and_nothing_else_does() {
        let text = "words ".repeat(1_000).into_bytes();
        for level in [5, 11] {
            let packed = brotli(&text, level);
            assert!(packed.len() < 100);
            assert_eq!(open_brotli(&packed).ok(), Some(text.clone()));
        }
        let packed = gzip(&text);
        assert!(packed.len() < 100);
        assert_eq!(open_gzip(&packed).ok(), Some(text.clone()));
        assert!(open_brotli(&text).is_err() && open_gzip(&text).is_err());
    }
}
