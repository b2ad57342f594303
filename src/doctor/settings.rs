//! Checks of what the maintainer has set: names of variables, `.env`, the public address, proxies, the mail server.

use std::{env, fs, os::unix::fs::MetadataExt};

use super::{diagnosis::Diagnosis, examined::Machine};
use crate::{config, mail::mailer::Mailer};

const SETTINGS: &str = "Settings";
const ENV_FILE: &str = "The file .env";
const ADDRESS: &str = "Public address";
const PROXIES: &str = "Proxies";
const MAIL_SERVER: &str = "Mail server";
const COMPANY: &str = "Company sign-in";
const METRICS: &str = "Metrics";

/// Variables that look like settings; one that is nearly a setting stops the program before this.
pub(super) fn check_names(_: &Machine) -> Diagnosis {
    let known = config::variables();
    let names = env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    let unknown: Vec<_> = names.filter(|name| name.starts_with("PLINTH_") && !known.contains(name)).collect();
    if unknown.is_empty() {
        return Diagnosis::ok(SETTINGS, "All variables whose names begin with PLINTH_ are settings.");
    }
    let says = format!("No setting, and ignored: {}.", unknown.join(", "));
    Diagnosis::advice(SETTINGS, says, "The file .env.example names all settings. Rename these, or take them away.")
}

/// It may hold passwords.
pub(super) fn check_env_file(_: &Machine) -> Diagnosis {
    match fs::metadata(".env") {
        Ok(file) if file.mode() & 0o077 != 0 => Diagnosis::advice(
            ENV_FILE,
            "Others on this machine can read it, and it may hold passwords.",
            "Run: chmod go= .env",
        ),
        Ok(_) => Diagnosis::ok(ENV_FILE, "Nobody else can read it."),
        Err(_) => Diagnosis::ok(ENV_FILE, "There is none here that can be read; the environment counts."),
    }
}

pub(super) fn check_public_address(machine: &Machine) -> Diagnosis {
    let config = &machine.config;
    let name_it = "Set PLINTH_PUBLIC_URL to the address that visitors use, such as https://portal.example.";
    match &config.public_url {
        None if config.listen.ip().is_loopback() => {
            Diagnosis::ok(ADDRESS, format!("{}, on this machine only.", config.origin()))
        }
        None => Diagnosis::advice(ADDRESS, "None is set, so other machines are refused.", name_it),
        Some(_) if config.is_https() => Diagnosis::ok(ADDRESS, format!("{}.", config.origin())),
        Some(url) if url.host_str().is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host)) => {
            Diagnosis::ok(ADDRESS, format!("{}, on this machine.", config.origin()))
        }
        Some(_) => Diagnosis::advice(
            ADDRESS,
            format!("{}: passwords and messages travel without encryption.", config.origin()),
            "Set PLINTH_TLS_CERT and PLINTH_TLS_KEY, or put a proxy with a certificate before the program, and let PLINTH_PUBLIC_URL \
             begin with https://.",
        ),
    }
}

pub(super) fn check_proxies(machine: &Machine) -> Diagnosis {
    let config = &machine.config;
    let name_them =
        "Set PLINTH_TRUSTED_PROXIES to the addresses or networks of your proxies, and let them send X-Forwarded-For.";
    if !machine.seen_of_proxies.is_empty() {
        let seen = machine.seen_of_proxies.join("; ");
        return Diagnosis::wrong(PROXIES, format!("Since the start this was seen: {seen}."), name_them);
    }
    if config.needs_proxy() && config.trusted_proxies.is_empty() {
        return Diagnosis::wrong(
            PROXIES,
            "Visitors come over https, so there is a proxy before this program, and PLINTH_TRUSTED_PROXIES names none. All \
             visitors behind it share the limits of one address, or at most ten times those if its own address is \
             loopback or private.",
            name_them,
        );
    }
    if config.trusted_proxies.is_empty() {
        return Diagnosis::ok(PROXIES, "None is expected, and none is believed.");
    }
    let networks: Vec<_> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    Diagnosis::ok(PROXIES, format!("X-Forwarded-For is believed from {}.", networks.join(", ")))
}

pub(super) fn check_mail_server(machine: &Machine) -> Diagnosis {
    match Mailer::of(&machine.config.mail) {
        Err(fault) => Diagnosis::wrong(MAIL_SERVER, fault, "Put that right, and start the portal again."),
        Ok(Some(mailer)) => Diagnosis::ok(MAIL_SERVER, format!("{}, from {}.", mailer.server_name(), mailer.from())),
        Ok(None) => Diagnosis::advice(
            MAIL_SERVER,
            "None is set, so no e-mail is sent: answers and links are copied by hand.",
            "Set PLINTH_SMTP_URL and PLINTH_MAIL_FROM, if e-mails are wanted.",
        ),
    }
}

pub(super) fn check_company_sign_in(machine: &Machine) -> Diagnosis {
    match machine.config.oidc.settings() {
        Err(fault) => Diagnosis::wrong(COMPANY, fault, "Put that right, and start the portal again."),
        Ok(None) => Diagnosis::ok(COMPANY, "There is none, as PLINTH_OIDC_ISSUER is not set."),
        Ok(Some(settings)) => {
            let roles = if settings.groups.is_some() { "its groups give the roles" } else { "roles are kept here" };
            let only = if settings.is_only { ", and nothing else signs in" } else { "" };
            Diagnosis::ok(COMPANY, format!("By {}; {roles}{only}. It was not asked just now.", settings.issuer))
        }
    }
}

pub(super) fn check_metrics(machine: &Machine) -> Diagnosis {
    match machine.config.metrics_listen {
        None => Diagnosis::ok(METRICS, "None are offered, as PLINTH_METRICS_LISTEN is not set."),
        Some(address) if address.ip().is_loopback() => {
            Diagnosis::ok(METRICS, format!("http://{address}/metrics, on this machine only."))
        }
        Some(address) => Diagnosis::advice(
            METRICS,
            format!("Everyone who reaches {address} can read them."),
            "Listen on an address that only Prometheus reaches, or keep others away with a firewall.",
        ),
    }
}
