//! How long the machine has been running, which setting its clock does not change.

/// The name of the machine's start, which no other start has, and the milliseconds since, with those in which it slept. None
/// where the system does not tell.
#[cfg(target_os = "linux")]
pub(super) fn since() -> Option<(String, i64)> {
    use rustix::time::{ClockId, clock_gettime};
    let name = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let time = clock_gettime(ClockId::Boottime);
    Some((name.trim().to_owned(), time.tv_sec.saturating_mul(1000).saturating_add(time.tv_nsec / 1_000_000)))
}

/// Other systems tell it in ways of their own.
#[cfg(not(target_os = "linux"))]
pub(super) fn since() -> Option<(String, i64)> {
    None
}
