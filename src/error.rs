//! What can go wrong, as the rest of the program speaks of it.
//! Knows no template and no status page; `web::error_page` turns it into a response.

use std::fmt;

/// The result of nearly everything.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One kind for each thing a caller must do differently.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or this person must not learn that there is. 404.
    #[error("not found")]
    NotFound,
    /// There was such a thing and it was deleted. 410.
    #[error("gone")]
    Gone,
    /// The person is known and has no right to this. 403.
    #[error("forbidden")]
    Forbidden,
    /// Somebody else changed the same thing first. 409; the text says what to do.
    #[error("{0}")]
    Conflict(String),
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
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// Anything else that is our fault or the machine's; the text is for the log.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// An internal failure told by what was tried and its cause.
    pub fn internal(what: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::Internal(format!("{what}: {cause}"))
    }
}

/// Faults of typed input, by field, in the order of the form.
#[derive(Debug, Default, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Invalid {
    /// Field name and a sentence that says what to do.
    pub fields: Vec<(String, String)>,
}

impl Invalid {
    /// A single fault.
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        let mut invalid = Self::default();
        invalid.add(field, message);
        invalid
    }

    /// Notes a fault; the first one of a field is the one shown beside it.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.fields.push((field.to_owned(), message.into()));
    }

    /// Keeps the value of `result`, or notes its message under `field` and gives the default.
    pub fn take<T: Default>(&mut self, field: &str, result: Result<T, String>) -> T {
        result.unwrap_or_else(|message| {
            self.add(field, message);
            T::default()
        })
    }

    /// `Ok` with the value made by `make` when no fault was noted.
    pub fn finish<T>(self, make: impl FnOnce() -> T) -> Result<T, Self> {
        if self.fields.is_empty() { Ok(make()) } else { Err(self) }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> = self.fields.iter().map(|(field, message)| format!("{field}: {message}")).collect();
        f.write_str(&parts.join("; "))
    }
}
