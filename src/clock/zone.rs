//! Time zones by their names. Knows no settings.

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use jiff::tz::TimeZone;

/// Where most systems keep their time zones.
const ZONES: &str = "/usr/share/zoneinfo";

/// The one that was asked for last: a portal has one, and asks for it with each time that it shows. What the system learns of
/// it meanwhile is seen after the next start.
static LAST: Mutex<Option<(String, TimeZone)>> = Mutex::new(None);

/// The time zone of this name, for example `Europe/Berlin`, if this machine knows it.
pub(crate) fn find(name: &str) -> Option<TimeZone> {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, zone)) = &*last
        && of == name
    {
        return Some(zone.clone());
    }
    let zone = read(name).or_else(|| TimeZone::get(name).ok())?;
    *last = Some((name.to_owned(), zone.clone()));
    Some(zone)
}

/// Its file alone. To look a name up, jiff first reads all 1,800 files that a system may have.
fn read(name: &str) -> Option<TimeZone> {
    let is_name = name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|sign| sign.is_ascii_alphanumeric() || "/_+-".contains(sign));
    if !is_name {
        return None;
    }
    TimeZone::tzif(name, &fs::read(Path::new(ZONES).join(name)).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn a_zone_is_the_one_of_its_name() {
        let noon = Timestamp(1_782_907_200_000);
        for name in ["Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "UTC", "Asia/Tokyo"] {
            let known = TimeZone::get(name).unwrap();
            for _ in 0..2 {
                assert_eq!(noon.long(&find(name).unwrap()), noon.long(&known), "{name}");
            }
        }
    }

    #[test]
    fn what_is_no_name_is_no_zone() {
        for name in
            ["", "Nowhere", "../../etc/passwd", "/etc/localtime", "Europe", "Europe/../UTC", "zone.tab", "Etc/passwd"]
        {
            assert!(find(name).is_none(), "{name}");
        }
    }
}
