//! What can go wrong, in the terms of the rest of the program. Knows no template and no status page;
//! `render::error_page` turns it into a response.

use std::fmt;

pub(crate) mod storage;

/// Said when two changes that do not go together were made at the same moment, and nobody could see it coming.
const CONFLICT: &str = "Someone else changed the same thing at the same moment, so nothing was changed. Go back, look at how \
    it is now, and try again.";

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One variant for each case that a caller handles differently.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or this user must not learn that there is. 404.
    #[error("not found")]
    NotFound,
    /// There was such a thing and it was deleted. 410.
    #[error("gone")]
    Gone,
    /// The user is known and has no right to this. 403.
    #[error("forbidden")]
    Forbidden,
    /// Someone else changed the same thing first. 409; the text says what to do.
    #[error("{0}")]
    Conflict(String),
    /// The user's own account was changed while their request was handled. 409.
    #[error(
        "The password or the rights of this account were changed in the meantime, so nothing was done. Sign in again."
    )]
    AccountChanged,
    /// The request breaks a rule that no form can cause. 400; the text says which.
    #[error("{0}")]
    BadRequest(String),
    /// Too much, too soon. 429; seconds to wait.
    #[error("too many requests; try again in {0} seconds")]
    TooMany(u64),
    /// Too much is under way at present. 503; seconds to wait.
    #[error("too much at once; try again in {0} seconds")]
    Busy(u64),
    /// What was typed breaks a rule. 422, with the form again.
    #[error("{0}")]
    Validation(#[from] ValidationErrors),
    /// The storage fails or is not the one that was opened: nothing was changed. 503; the text is for the log.
    #[error("storage: {0}")]
    Storage(String),
    /// A file of the database is not the one that was opened, so nothing is written until the program starts again. 503;
    /// the text is for the log.
    #[error("storage: {0}")]
    Lost(String),
    /// The database server was lost while a change was committed, and does not say what became of it. 503.
    #[error("it is not known whether the change was kept: the database server does not answer")]
    Uncertain,
    #[error("database: {}", storage::database_fault(.0))]
    Database(sqlx::Error),
    /// Anything else that is our fault or the machine's; the text is for the log.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// What breaks a rule of a form, for the form that is shown again.
    /// Errors: any other error, as it is.
    pub(crate) fn validation_errors(self) -> Result<ValidationErrors> {
        if let Self::Validation(errors) = self { Ok(errors) } else { Err(self) }
    }

    /// What to say of a conflict.
    /// Errors: any other error, as it is.
    pub(crate) fn conflict(self) -> Result<String> {
        if let Self::Conflict(sentence) = self { Ok(sentence) } else { Err(self) }
    }

    /// Whether a row was found, but with a value in it that cannot be one of ours.
    #[must_use]
    pub(crate) const fn is_unreadable(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::ColumnDecode { .. }))
    }

    /// For the maintainer at the terminal: without the engine's number, which is for the log.
    #[must_use]
    pub(crate) fn for_terminal(&self) -> String {
        match self {
            Self::Storage(fault) | Self::Lost(fault) => storage::without_number(fault).to_owned(),
            other => other.to_string(),
        }
    }

    /// The value, or none when it was not found.
    /// Errors: any other error, as it is.
    pub(crate) fn optional<T>(result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Self::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// An internal failure, from what was attempted and the cause.
    pub(crate) fn internal(what: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::Internal(format!("{what}: {cause}"))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if let Some(fault) = storage::storage_fault(&error) {
            return Self::Storage(
                storage::number(&error).map_or_else(|| fault.to_owned(), |number| format!("{fault} ({number})")),
            );
        }
        if storage::is_unstorable(&error) {
            return Self::BadRequest("A text has a character in it that cannot be stored: a zero byte.".to_owned());
        }
        if storage::is_conflict(&error) { Self::Conflict(CONFLICT.to_owned()) } else { Self::Database(error) }
    }
}

/// Errors in form input, by field, in the order of the form.
#[derive(Debug, Default, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ValidationErrors {
    pub(crate) list: Vec<FieldError>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct FieldError {
    pub(crate) field: String,
    pub(crate) message: String,
    /// Where in the text of the field.
    pub(crate) place: Option<TextPlace>,
}

/// A place in a text whose lines end in LF, to be shown and to be jumped to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct TextPlace {
    /// From 1.
    pub(crate) line: usize,
    /// In UTF-16 code units, as browsers count.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl ValidationErrors {
    pub(crate) fn one(field: &str, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    /// Adds an error; the first one of a field is the one shown beside it.
    pub(crate) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.add_at(field, message, None);
    }

    /// The same with its place in the text of the field.
    pub(crate) fn add_at(&mut self, field: &str, message: impl Into<String>, place: Option<TextPlace>) {
        self.list.push(FieldError { field: field.to_owned(), message: message.into(), place });
    }

    /// Keeps the value of `result`, or notes its message under `field` and gives the default.
    pub(crate) fn take<T: Default>(&mut self, field: &str, result: Result<T, String>) -> T {
        result.unwrap_or_else(|message| {
            self.add(field, message);
            T::default()
        })
    }

    /// The first fault in words, without a full stop.
    #[must_use]
    pub(crate) fn sentence(self) -> String {
        self.list.into_iter().next().unwrap_or_default().message
    }

    /// `Ok` with the value made by `make` when there is no error.
    pub(crate) fn finish<T>(self, make: impl FnOnce() -> T) -> Result<T, Self> {
        if self.list.is_empty() { Ok(make()) } else { Err(self) }
    }
}

impl fmt::Display for ValidationErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> =
            self.list.iter().map(|FieldError { field, message, .. }| format!("{field}: {message}")).collect();
        f.write_str(&parts.join("; "))
    }
}
