//! Whether the log beside the file (`-wal`) still holds what SQLite's index of it (`-shm`) says. SQLite itself does not look: it
//! would go on behind a log that was cut, and write back what is not there. Knows no SQL.

use std::{
    fs::File,
    io::{self, ErrorKind},
    os::unix::fs::FileExt,
    path::Path,
};

/// The header of the index, of which there are two copies one after the other.
type Header = [u8; 48];

/// What the log begins with, and each of its frames.
const LOG_HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;
/// How often a header is read that is just being written.
const TIMES: u32 = 20;

/// Both files, open as long as the database: when a process closes the index, it loses all of SQLite's locks on it.
#[derive(Debug)]
pub(super) struct LogCheck {
    log: File,
    index: File,
}

impl LogCheck {
    pub(super) fn open(log: &Path, index: &Path) -> io::Result<Self> {
        Ok(Self { log: File::open(log)?, index: File::open(index)? })
    }

    /// False when the log was cut or overwritten by something other than SQLite.
    pub(super) fn is_whole(&self) -> bool {
        // What cannot be read is told by SQLite, which has to read it too.
        self.compare().unwrap_or(true)
    }

    fn compare(&self) -> io::Result<bool> {
        for _ in 0..TIMES {
            let Some(header) = self.header()? else { continue };
            if self.holds(&header)? {
                return Ok(true);
            }
            // SQLite changes the header before it cuts the log.
            if self.header()? == Some(header) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// None while it is being written.
    fn header(&self) -> io::Result<Option<Header>> {
        const IS_INIT: usize = 12;
        let mut both = [[0; 48]; 2];
        self.index.read_exact_at(both.as_flattened_mut(), 0)?;
        let [one, other] = both;
        Ok((one == other && one[IS_INIT] == 1).then_some(one))
    }

    /// Whether the log is as long as the header says, and its beginning and its last frame are of the same run.
    fn holds(&self, header: &Header) -> io::Result<bool> {
        let [frames, page, run] = [&header[16..20], &header[14..16], &header[32..40]];
        let frames = u64::from(u32::from_ne_bytes(frames.try_into().unwrap_or_default()));
        let page = match u16::from_ne_bytes(page.try_into().unwrap_or_default()) {
            1 => 1 << 16,
            page => u64::from(page),
        };
        let Some(before_last) = frames.checked_sub(1) else { return Ok(true) };
        let last = LOG_HEADER + before_last * (FRAME_HEADER + page);
        Ok(self.log.metadata()?.len() >= last + FRAME_HEADER + page
            && self.has(run, LOG_HEADER - 16)?
            && self.has(run, last + 8)?)
    }

    fn has(&self, run: &[u8], at: u64) -> io::Result<bool> {
        let mut bytes = [0; 8];
        match self.log.read_exact_at(&mut bytes, at) {
            Ok(()) => Ok(bytes == run),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }
}
