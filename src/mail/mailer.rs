//! Hands e-mails to the mail server, within a time limit. Tries once; what is tried again is decided elsewhere.

use std::time::{Duration, SystemTime};

use lettre::{
    message::Mailbox,
    transport::smtp::{
        authentication::Mechanism,
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use tokio::{sync::Notify, task::spawn_blocking, time::timeout};

use super::{
    composing::{OutgoingMail, compose},
    fault::{FaultScope, MailFault},
    server::{Encryption, MailServer},
};
use crate::{config::mail::MailConfig, text::count::pluralise};

/// How long a server may take to say good-bye.
const QUIT: Duration = Duration::from_secs(2);

/// The mail server, and whom e-mails are from.
pub struct Mailer {
    server: MailServer,
    from: Mailbox,
    /// How long one e-mail may take.
    limit: Duration,
    /// Notified when there is something to send.
    waiting: Notify,
}

impl Mailer {
    /// None when no mail server is configured.
    /// Errors: a sentence for the maintainer, without a password.
    pub(crate) fn of(config: &MailConfig) -> Result<Option<Self>, String> {
        let url = config.smtp_url.as_ref().map(|url| url.0.as_str()).filter(|url| !url.is_empty());
        let (url, from) = match (url, &config.from) {
            (None, None) => return Ok(None),
            (None, Some(_)) => return Err("PLINTH_MAIL_FROM is set, so PLINTH_SMTP_URL has to be set too.".to_owned()),
            (Some(_), None) => return Err("PLINTH_SMTP_URL is set, so PLINTH_MAIL_FROM has to be set too.".to_owned()),
            (Some(url), Some(from)) => (url, from),
        };
        let from = from.parse().map_err(|_| {
            format!(
                "PLINTH_MAIL_FROM is “{from}”; it must be an e-mail address, such as portal@portal.example or \
                 The portal <portal@portal.example>."
            )
        })?;
        let server = MailServer::parse(url)?;
        Ok(Some(Self { server, from, limit: Duration::from_secs(config.timeout), waiting: Notify::new() }))
    }

    /// How long one e-mail may take, in milliseconds.
    pub(crate) fn limit(&self) -> i64 {
        i64::try_from((self.limit + QUIT).as_millis()).unwrap_or(i64::MAX)
    }

    /// The Message-ID of the e-mail that has this token.
    pub(crate) fn header_id(&self, token: &str) -> String {
        format!("<{token}@{}>", self.from.email.domain())
    }

    /// Whom e-mails are from, for users.
    pub(crate) fn from(&self) -> String {
        self.from.to_string()
    }

    /// The server, for users; never with a password.
    pub(crate) fn server_name(&self) -> String {
        self.server.name()
    }

    /// Says that there is something to send.
    pub(crate) fn wake(&self) {
        self.waiting.notify_one();
    }

    /// Waits until that is said.
    pub(crate) async fn woken(&self) {
        self.waiting.notified().await;
    }

    /// Tries once to hand an e-mail to the server.
    pub(crate) async fn send(&self, mail: &OutgoingMail, now: SystemTime) -> Result<(), MailFault> {
        let message = compose(mail, &self.from, now)?;
        let (envelope, bytes) = (message.envelope().clone(), message.formatted());
        let attempt = async {
            let mut connection = self.connect().await?;
            let sent = connection.send(&envelope, &bytes).await;
            sent.map_err(|error| MailFault::of_mail(&self.server.name(), &error))?;
            Ok(connection)
        };
        let mut connection = timeout(self.limit, attempt).await.map_err(|_| self.too_slow())??;
        // It is sent, whatever becomes of this.
        let _ = timeout(QUIT, connection.quit()).await;
        Ok(())
    }

    /// Connects, signs in, and goes again; hands over nothing.
    pub(crate) async fn check(&self) -> Result<(), MailFault> {
        let mut connection = timeout(self.limit, self.connect()).await.map_err(|_| self.too_slow())??;
        let _ = timeout(QUIT, connection.quit()).await;
        Ok(())
    }

    fn too_slow(&self) -> MailFault {
        let limit = pluralise(self.limit.as_secs(), "second", "seconds");
        MailFault::new(FaultScope::Server, format!("{} did not take the e-mail within {limit}.", self.server.name()))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, MailFault> {
        let (server, name) = (&self.server, self.server.name());
        let fault = |error| MailFault::of_connection(&name, &error);
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let tls = match server.encryption {
            Encryption::None => None,
            Encryption::StartTls | Encryption::Tls => Some(self.tls().await?),
        };
        let at_once = tls.clone().filter(|_| server.encryption == Encryption::Tls);
        let at = (server.host.as_str(), server.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(at, Some(self.limit), &hello, at_once, None).await.map_err(fault)?;
        if let Some(tls) = tls.filter(|_| server.encryption == Encryption::StartTls) {
            if !connection.can_starttls() {
                let sentence = format!(
                    "{name} offers no encryption, so nothing was sent. PLINTH_SMTP_URL can begin with smtps://, or end with \
                     ?tls=none if nobody can listen on the way there."
                );
                return Err(MailFault::new(FaultScope::Server, sentence));
            }
            connection.starttls(tls, &hello).await.map_err(fault)?;
        }
        if let Some(credentials) = &server.credentials {
            let signed_in = connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await;
            signed_in.map_err(|error| {
                let MailFault { sentence, scope } = MailFault::of_connection(&name, &error);
                MailFault::new(scope, format!("The name and the password in PLINTH_SMTP_URL do not work. {sentence}"))
            })?;
        }
        Ok(connection)
    }

    /// Reads the certificates that the system trusts, from its files.
    async fn tls(&self) -> Result<TlsParameters, MailFault> {
        let host = self.server.host.clone();
        let read = spawn_blocking(move || TlsParameters::builder(host).build_rustls()).await;
        let fault = |error: &dyn std::fmt::Display| {
            MailFault::new(FaultScope::Server, format!("The certificates of this system cannot be used: {error}."))
        };
        read.map_err(|error| fault(&error))?.map_err(|error| fault(&error))
    }
}
