//! Why an e-mail was not sent, in a sentence for administrators, and whether another try makes sense.

use lettre::transport::smtp::Error;

use crate::text::clean;

/// Longest part of what a server says that is shown, in characters.
const SAID: usize = 300;

/// Why an e-mail was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailFault {
    /// A sentence.
    pub(crate) sentence: String,
    pub(crate) scope: FaultScope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultScope {
    /// The server takes no e-mail at all at present.
    Server,
    /// This e-mail is not taken at present.
    Now,
    /// This e-mail will never be taken.
    Ever,
}

impl MailFault {
    pub(super) fn new(scope: FaultScope, sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), scope }
    }

    /// What went wrong before an e-mail was handed over.
    pub(super) fn of_connection(server: &str, error: &Error) -> Self {
        let sentence = if error.is_tls() {
            format!("No encrypted connection to {server} can be made: {}.", said(error))
        } else if error.status().is_some() || error.is_response() {
            format!("{server} takes no e-mail: {}.", said(error))
        } else {
            format!("{server} cannot be reached: {}.", said(error))
        };
        Self::new(FaultScope::Server, sentence)
    }

    /// What went wrong with one e-mail.
    pub(super) fn of_mail(server: &str, error: &Error) -> Self {
        let code = error.status().map(|code| code.to_string()).unwrap_or_default();
        // These are about signing in, not about the e-mail.
        let is_refused = error.is_permanent() && !["530", "534", "535", "538"].contains(&code.as_str());
        if is_refused {
            Self::new(FaultScope::Ever, format!("{server} refused the e-mail: {code} {}.", said(error)))
        } else if error.is_client() {
            Self::new(FaultScope::Ever, format!("{server} cannot take the e-mail: {}.", said(error)))
        } else if error.is_transient() || error.is_permanent() {
            Self::new(FaultScope::Now, format!("{server} does not take the e-mail now: {code} {}.", said(error)))
        } else {
            Self::new(FaultScope::Server, format!("The connection to {server} broke: {}.", said(error)))
        }
    }
}

/// The innermost reason, on one line and without a full stop.
fn said(error: &Error) -> String {
    let mut reason: &dyn std::error::Error = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    let line = clean::line(&reason.to_string());
    let line = line.trim_end_matches('.');
    let cut = line.char_indices().nth(SAID).map_or(line.len(), |(at, _)| at);
    if line.is_empty() { "it gave no reason".to_owned() } else { line[..cut].to_owned() }
}
