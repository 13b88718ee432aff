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
        lgwin: 22,
        size_hint: plain.len(),
        ..Default::default()
    };
    // Writing to memory cannot fail.
    let _ = brotli::BrotliCompress(&mut &plain[..], &mut out, &params);
    out
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
