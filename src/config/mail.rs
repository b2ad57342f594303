//! The settings of the mail server through which e-mails are sent. Without them none are.

use clap::Args;

use super::media_s3::Secret;

#[derive(Debug, Clone, Args)]
pub struct MailConfig {
    /// Mail server, such as <smtps://name:password@mail.example> or <smtp://mail.example:587>; when not set, no e-mail is sent
    #[arg(id = "smtp_url", long = "smtp-url", env = "PLINTH_SMTP_URL", hide_env_values = true, global = true)]
    pub(crate) smtp_url: Option<Secret>,

    /// Whom e-mails are from, such as "The portal <portal@portal.example>"
    #[arg(id = "mail_from", long = "mail-from", env = "PLINTH_MAIL_FROM", global = true)]
    pub(crate) from: Option<String>,

    /// Seconds that the mail server may take for one e-mail
    #[arg(
        id = "smtp_timeout",
        long = "smtp-timeout",
        env = "PLINTH_SMTP_TIMEOUT",
        default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=300),
        global = true
    )]
    pub(crate) timeout: u64,
}
