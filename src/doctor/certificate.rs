//! Checks the certificate of the portal's own TLS: whether it can be read, belongs to its key, covers the public host, and how long it
//! is good.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use super::{diagnosis::Diagnosis, examined::Machine};
use crate::{
    clock::{Clock, Timestamp},
    text::count::pluralise,
    tls::pair::Pair,
};

const CERTIFICATE: &str = "Certificate";
/// When there are fewer days left, it should have been renewed: authorities recommend a third of its time before the end.
const DAYS: i64 = 14;

pub(super) fn check(machine: &Machine) -> Diagnosis {
    let config = &machine.config;
    let (certificate, key) = match config.tls.files() {
        Ok(Some(files)) => files,
        Ok(None) if config.is_https() => {
            return Diagnosis::ok(CERTIFICATE, "This program has none: a proxy before it ends TLS.");
        }
        Ok(None) => return Diagnosis::ok(CERTIFICATE, "None is set, and none is needed without https."),
        Err(sentence) => return Diagnosis::wrong(CERTIFICATE, sentence, "Without both, the portal does not start."),
    };
    match Pair::read(certificate, key) {
        Ok(pair) => judge(&pair, &config.host(), key, Clock::default().now()),
        Err(fault) => Diagnosis::wrong(
            CERTIFICATE,
            format!("It cannot be used: {fault}. A portal that runs keeps the one it has; it would not start again."),
            "Put both files right. They are read again within a minute.",
        ),
    }
}

fn judge(pair: &Pair, host: &str, key: &Path, now: Timestamp) -> Diagnosis {
    let renew = "Renew it, and put the new files in their places. They are read again within a minute.";
    let Some(days) = pair.days_left(now) else {
        return Diagnosis::wrong(CERTIFICATE, "It has expired, so browsers warn of the site.", renew);
    };
    if !pair.has_begun(now) {
        return Diagnosis::wrong(CERTIFICATE, "It is not valid yet.", "Look at the clock of this machine, or wait.");
    }
    if !pair.covers(host) {
        let says = format!("It is not for {host}, so browsers warn of the site.");
        return Diagnosis::wrong(CERTIFICATE, says, "Get one for that name, or correct PLINTH_PUBLIC_URL.");
    }
    let left = format!("It is for {host}, and good for another {}.", pluralise(days, "day", "days"));
    if days < DAYS {
        return Diagnosis::advice(CERTIFICATE, left, renew);
    }
    if fs::metadata(key).is_ok_and(|file| file.mode() & 0o007 != 0) {
        let says = format!("{left} Everyone on this machine can read its key.");
        return Diagnosis::advice(CERTIFICATE, says, format!("Run: chmod o= {}", key.display()));
    }
    Diagnosis::ok(CERTIFICATE, left)
}
