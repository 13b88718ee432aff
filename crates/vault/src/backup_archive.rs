//! A backup: a few files, one after the other in tar form, sealed in `age` format to the recovery key. So the stock
//! commands open one without us: `age --decrypt --identity recovery.txt backup.age | tar --extract`.

use crate::seal::{Identity, Recipient};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Error, ErrorKind, Read, Result, Write};
use std::path::Path;
use std::str::FromStr;

/// Tar works in blocks of this many bytes.
const BLOCK: usize = 512;
/// The largest size that the tar header can write: 8 GiB less one byte.
const LARGEST: u64 = 0o77_777_777_777;

/// Seals these files, by name, to the recovery key. The result is on the disk when this returns.
pub fn seal_files(to: &Path, key: &Recipient, files: &[(&str, &Path)]) -> Result<()> {
    let recipient = age::x25519::Recipient::from_str(&key.0)
        .map_err(|_| Error::other("the recovery key of this installation cannot be read"))?;
    let sealing = std::iter::once(&recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(sealing).map_err(Error::other)?;
    let file = for_owner_alone(to)?;
    let mut out = encryptor.wrap_output(BufWriter::new(file))?;
    for (name, path) in files {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        out.write_all(&header(name, size)?)?;
        let copied = std::io::copy(&mut Read::by_ref(&mut file).take(size), &mut out)?;
        if copied != size {
            return Err(Error::other("a file changed while it was copied"));
        }
        let rest = usize::try_from(size % BLOCK as u64).unwrap_or(0);
        if rest > 0 {
            out.write_all(&[0; BLOCK][rest..])?;
        }
    }
    out.write_all(&[0; 2 * BLOCK])?;
    let file = out
        .finish()?
        .into_inner()
        .map_err(|error| error.into_error())?;
    file.sync_all()
}

/// Opens a backup into this folder. It must hold exactly the files of these names, each once.
pub fn open_files(from: &Path, key: &Identity, into: &Path, names: &[&str]) -> Result<()> {
    let key = age::x25519::Identity::from_str(key.as_text())
        .map_err(|_| Error::other("the recovery key cannot be read"))?;
    let decryptor = age::Decryptor::new_buffered(BufReader::new(File::open(from)?))
        .map_err(|_| Error::other("it is not a backup"))?;
    let mut input = BufReader::new(
        decryptor
            .decrypt(std::iter::once(&key as &dyn age::Identity))
            .map_err(|_| Error::other("it is not sealed to this recovery key"))?,
    );
    let mut missing: Vec<&str> = names.to_vec();
    loop {
        let mut block = [0; BLOCK];
        input.read_exact(&mut block)?;
        if block == [0; BLOCK] {
            break;
        }
        let (name, size) = read_header(&block)?;
        let place = missing.iter().position(|wanted| *wanted == name);
        let place = place.ok_or_else(|| Error::other("it holds a file that no backup has"))?;
        missing.swap_remove(place);
        let mut file = for_owner_alone(&into.join(name))?;
        let copied = std::io::copy(&mut Read::by_ref(&mut input).take(size), &mut file)?;
        if copied != size {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
        file.sync_all()?;
        let rest = usize::try_from(size % BLOCK as u64).unwrap_or(0);
        if rest > 0 {
            input.read_exact(&mut vec![0; BLOCK - rest])?;
        }
    }
    // To the very end: only there the seal says whether anything was cut off.
    while !input.fill_buf()?.is_empty() {
        let length = input.buffer().len();
        input.consume(length);
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Error::other("a file is missing in it"))
    }
}

/// A new file that only its owner can read; never over an old one.
fn for_owner_alone(path: &Path) -> Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

fn header(name: &str, size: u64) -> Result<[u8; BLOCK]> {
    if name.len() > 99 || size > LARGEST {
        return Err(Error::other(
            "a file is too large for a backup in one piece",
        ));
    }
    let mut block = [0u8; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000600");
    put(108, b"0000000");
    put(116, b"0000000");
    put(124, format!("{size:011o}").as_bytes());
    put(136, b"00000000000");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(block)
}

fn read_header(block: &[u8; BLOCK]) -> Result<(&str, u64)> {
    let wrong = || Error::other("it is damaged");
    let text = |from: usize, to: usize| {
        let bytes = block.get(from..to)?;
        let end = bytes
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(bytes.len());
        std::str::from_utf8(bytes.get(..end)?).ok()
    };
    let name = text(0, 100).ok_or_else(wrong)?;
    let size = text(124, 136).ok_or_else(wrong)?;
    let size = u64::from_str_radix(size, 8).map_err(|_| wrong())?;
    if header(name, size)? == *block {
        Ok((name, size))
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_the_one_that_backups_have_always_had() {
        // Field by field as in POSIX.1-1988 (ustar). A backup is kept for years: whatever writes the header later must
        // write these bytes, down to how the checksum ends, or old backups do not open.
        let mut wanted = [0u8; BLOCK];
        for (at, bytes) in [
            (0, b"pledge.db".as_slice()),
            (100, b"0000600"),
            (108, b"0000000"),
            (116, b"0000000"),
            (124, b"00000001750"),
            (136, b"00000000000"),
            (148, b"        "),
            (156, b"0"),
            (257, b"ustar\x0000"),
        ] {
            wanted[at..at + bytes.len()].copy_from_slice(bytes);
        }
        let sum: u32 = wanted.iter().map(|byte| u32::from(*byte)).sum();
        wanted[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        assert_eq!(header("pledge.db", 1_000).unwrap(), wanted);
        assert_eq!(read_header(&wanted).unwrap(), ("pledge.db", 1_000));
        for at in [0, 100, 124, 148, 156, 257, 511] {
            let mut other = wanted;
            other[at] ^= 1;
            assert!(read_header(&other).is_err(), "{at}");
        }
        assert!(header("pledge.db", LARGEST).is_ok());
        assert!(header("pledge.db", LARGEST + 1).is_err());
        assert!(header(&"n".repeat(100), 1).is_err());
    }

    #[test]
    fn files_come_back_as_they_were_and_a_damaged_backup_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let long: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        std::fs::write(at("a"), &long).unwrap();
        std::fs::write(at("b"), "").unwrap();
        std::fs::write(at("c"), [7; BLOCK]).unwrap();
        let key = Identity::from_seed(&[3; 32]);
        let to = key.recipient().unwrap();
        let files = ["a", "b", "c"];
        let paths = files.map(at);
        let pairs: Vec<(&str, &Path)> = files
            .into_iter()
            .zip(paths.iter().map(|path| path.as_path()))
            .collect();
        seal_files(&at("backup"), &to, &pairs).unwrap();
        let open = |from: &str, into: &str, key: &Identity, names: &[&str]| {
            std::fs::create_dir(at(into)).unwrap();
            open_files(&at(from), key, &at(into), names)
        };
        open("backup", "out", &key, &files).unwrap();
        for name in files {
            assert_eq!(
                std::fs::read(at("out").join(name)).unwrap(),
                std::fs::read(at(name)).unwrap()
            );
        }
        let other = Identity::from_seed(&[4; 32]);
        assert!(open("backup", "other", &other, &files).is_err());
        assert!(open("backup", "fewer", &key, &["a", "b"]).is_err());
        assert!(open("backup", "more", &key, &["a", "b", "c", "d"]).is_err());
        let whole = std::fs::read(at("backup")).unwrap();
        for (number, cut) in [1, 100, 20_000, whole.len() - 100].into_iter().enumerate() {
            std::fs::write(at("bad"), &whole[..whole.len() - cut]).unwrap();
            assert!(
                open("bad", &format!("cut{number}"), &key, &files).is_err(),
                "{cut}"
            );
            let mut flipped = whole.clone();
            flipped[cut] ^= 1;
            std::fs::write(at("bad"), &flipped).unwrap();
            assert!(
                open("bad", &format!("flip{number}"), &key, &files).is_err(),
                "{cut}"
            );
        }
        assert!(
            seal_files(&at("backup"), &to, &pairs).is_err(),
            "never over an old one"
        );
    }
}
