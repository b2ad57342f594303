//! Where the mail server is, and how the way there is kept private, as the maintainer wrote it. Connects to nothing.

use lettre::transport::smtp::authentication::Credentials;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// The ports for e-mails that programs hand in: encrypted from the first byte, and from STARTTLS on.
const TLS_PORT: u16 = 465;
const PORT: u16 = 587;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    None,
    /// Plain at first; without the command STARTTLS nothing is sent.
    StartTls,
    Tls,
}

pub(super) struct MailServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) credentials: Option<Credentials>,
}

const FORM: &str = "PLINTH_SMTP_URL must be the address of a mail server, such as smtps://name:password@mail.example or \
                    smtp://mail.example:587";

impl MailServer {
    /// Reads `smtp://` or `smtps://`, with a name and a password, a port, and `?tls=none` or `?tls=required`.
    /// Errors: a sentence without the address, which may have a password.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "smtp" | "smtps"));
        let url = url.ok_or_else(|| format!("{FORM}."))?;
        // Hosts of other schemes than those of the web are not read any further.
        let host = Host::parse(url.host_str().unwrap_or_default()).map_err(|_| format!("{FORM}."))?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(format!("{FORM}, without a path."));
        }
        let is_local = is_loopback(&host);
        let encryption = match (url.scheme(), url.query()) {
            ("smtps", None) => Encryption::Tls,
            ("smtp", None) if is_local => Encryption::None,
            ("smtp", None | Some("tls=required")) => Encryption::StartTls,
            ("smtp", Some("tls=none")) => Encryption::None,
            _ => {
                return Err("The only thing that may follow in PLINTH_SMTP_URL is ?tls=none or ?tls=required after \
                smtp://."
                    .to_owned());
            }
        };
        let credentials = credentials(&url)?;
        if credentials.is_some() && encryption == Encryption::None && !is_local {
            return Err("PLINTH_SMTP_URL has a password and ?tls=none, so everyone on the way there could read it. \
                Leave one of them out."
                .to_owned());
        }
        let usual = if encryption == Encryption::Tls { TLS_PORT } else { PORT };
        let host = match host {
            Host::Domain(name) => name,
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        };
        Ok(Self { host, port: url.port().unwrap_or(usual), encryption, credentials })
    }

    /// The server as sentences name it.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, String> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
    let unreadable = |_| "The name or the password in PLINTH_SMTP_URL is no text in UTF-8.".to_owned();
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err("PLINTH_SMTP_URL needs both a name and a password, or neither.".to_owned()),
        (name, Some(password)) => {
            let (name, password) = (decode(name).map_err(unreadable)?, decode(password).map_err(unreadable)?);
            Ok(Some(Credentials::new(name, password)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_encrypted_unless_it_is_said_that_it_need_not_be() {
        for (url, name, encryption) in [
            ("smtps://mail.example", "mail.example:465", Encryption::Tls),
            ("smtps://mail.example:2465/", "mail.example:2465", Encryption::Tls),
            ("smtp://mail.example", "mail.example:587", Encryption::StartTls),
            ("smtp://mail.example?tls=none", "mail.example:587", Encryption::None),
            ("smtp://localhost:25", "localhost:25", Encryption::None),
            ("smtp://127.0.0.1:25", "127.0.0.1:25", Encryption::None),
            ("smtp://[::1]:25", "::1:25", Encryption::None),
            ("smtp://localhost:25?tls=required", "localhost:25", Encryption::StartTls),
            ("smtp://localhost.mail.example", "localhost.mail.example:587", Encryption::StartTls),
        ] {
            let server = MailServer::parse(url).unwrap_or_else(|fault| panic!("{url}: {fault}"));
            assert_eq!((server.name().as_str(), server.encryption), (name, encryption), "{url}");
            assert!(server.credentials.is_none());
        }
        let server = MailServer::parse("smtps://user%40mail.example:p%3Aw@mail.example").unwrap();
        assert!(server.credentials == Some(Credentials::new("user@mail.example".to_owned(), "p:w".to_owned())));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for (url, why) in [
            ("", "must be the address"),
            ("https://u:hush@mail.example", "must be the address"),
            ("smtp://", "must be the address"),
            ("smtp://u:hush@mail.example/path", "without a path"),
            ("smtp://u:hush@mail.example?tls=none", "everyone on the way"),
            ("smtp://u:hush@mail.example?tls=maybe", "the only thing"),
            ("smtps://u:hush@mail.example?tls=none", "the only thing"),
            ("smtps://hush@mail.example", "both a name and a password"),
            ("smtps://u:%ff@mail.example", "UTF-8"),
        ] {
            let fault = MailServer::parse(url).err().unwrap_or_else(|| panic!("{url} is taken"));
            assert!(fault.to_lowercase().contains(&why.to_lowercase()), "{url}: {fault}");
            assert!(!fault.contains("hush"), "{fault}");
        }
    }
}
