//! What the system says of this process.

use std::fs;

/// Memory, files and time of this process; each none where the system does not say it.
pub(super) struct ProcessFigures {
    pub(super) resident_bytes: Option<u64>,
    pub(super) open_files: Option<usize>,
    /// Hundredths of a second of all cores.
    pub(super) cpu_ticks: Option<u64>,
}

impl ProcessFigures {
    pub(super) fn read() -> Self {
        Self { resident_bytes: resident_bytes(), open_files: open_files(), cpu_ticks: cpu_ticks() }
    }
}

fn resident_bytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

fn open_files() -> Option<usize> {
    // One of them is for this look.
    fs::read_dir("/proc/self/fd").ok().map(|files| files.count().saturating_sub(1))
}

fn cpu_ticks() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in brackets, may have spaces.
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11).map(str::parse::<u64>);
    Some(fields.next()?.ok()? + fields.next()?.ok()?)
}
