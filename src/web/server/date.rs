//! The `Date` field of a response, written once a second in each thread. A clock before 1970 counts as 1970, one after 9999
//! as the end of that year.

use std::{
    cell::Cell,
    time::{Duration, SystemTime},
};

use axum::http::HeaderValue;

/// `date: Tue, 24 Nov 2026 08:00:00 GMT` and the empty line that ends a head.
pub(crate) const LENGTH: usize = 39;

/// The last second that the format can express.
const LAST: u64 = 253_402_300_799;

thread_local! {
    static WRITTEN: Cell<(u64, [u8; LENGTH])> = const { Cell::new((u64::MAX, [b' '; LENGTH])) };
}

/// The last field of a head and its end, for the present second.
#[must_use]
pub(crate) fn last_field() -> [u8; LENGTH] {
    let now = SystemTime::now();
    let second = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs()).min(LAST);
    let (written, field) = WRITTEN.get();
    if written == second {
        return field;
    }
    // A date in this form always has the same length.
    let field = write(second).as_bytes().try_into().unwrap_or(field);
    WRITTEN.set((second, field));
    field
}

fn write(second: u64) -> String {
    format!("date: {}\r\n\r\n", httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(second)))
}

#[must_use]
pub(crate) fn value() -> Option<HeaderValue> {
    HeaderValue::from_bytes(&last_field()[6..LENGTH - 4]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_field_and_the_end_of_a_head() {
        let field = last_field();
        let text = std::str::from_utf8(&field).unwrap();
        assert!(text.starts_with("date: ") && text.ends_with(" GMT\r\n\r\n"), "{text}");
        assert_eq!((write(0).len(), write(LAST).len()), (LENGTH, LENGTH));
        assert!(write(LAST).starts_with("date: Fri, 31 Dec 9999 23:59:59 GMT"));
        assert!(text.contains(&format!(": {}\r", value().unwrap().to_str().unwrap())), "{text}");
    }
}
