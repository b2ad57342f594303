//! Why a session has ended, for the sign-in page and for the scripts of the admin area. Rows of expired sessions are
//! kept for a while for this; a session that someone ended has none.

use super::sessions::{ABSOLUTE, IDLE};
use crate::{
    error::Result,
    model::session::{self, Times},
    state::app_state::App,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// It was not used for too long.
    Idle,
    /// It reached the greatest age of a session.
    Expired,
    /// A user or a change of their account ended it.
    Ended,
    Deactivated,
}

impl SessionEnd {
    const ALL: [Self; 4] = [Self::Idle, Self::Expired, Self::Ended, Self::Deactivated];

    /// The reason by its name in addresses.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.as_str() == text)
    }

    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Expired => "expired",
            Self::Ended => "ended",
            Self::Deactivated => "deactivated",
        }
    }

    #[must_use]
    pub(crate) fn sentence(self) -> String {
        match self {
            Self::Idle => {
                format!("You were signed out because nothing was opened or saved here for {} hours.", IDLE / 3600)
            }
            Self::Expired => {
                format!("You were signed out because a session lasts {} hours at most.", ABSOLUTE / 3600)
            }
            Self::Ended => {
                "You were signed out because your session was ended: in another window, by a change of your \
                            password or role, or by an administrator."
                    .to_owned()
            }
            Self::Deactivated => {
                "Your account was deactivated, so you cannot sign in. Ask an administrator to reactivate it.".to_owned()
            }
        }
    }
}

/// Why the session with this id is not open any more; none without an id.
pub(crate) async fn of(app: &App, id: &str) -> Result<Option<SessionEnd>> {
    if id.is_empty() {
        return Ok(None);
    }
    let now = app.steady();
    Ok(Some(match session::times(app.read(), id).await? {
        Some(Times { is_deactivated: true, .. }) => SessionEnd::Deactivated,
        Some(Times { created_at, expires_at, .. }) if expires_at <= now => {
            let is_old = expires_at >= created_at.plus(ABSOLUTE * 1000);
            if is_old { SessionEnd::Expired } else { SessionEnd::Idle }
        }
        _ => SessionEnd::Ended,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_found_by_their_names() {
        for end in SessionEnd::ALL {
            assert_eq!(SessionEnd::parse(end.as_str()), Some(end));
        }
        assert_eq!(SessionEnd::parse(""), None);
        assert!(SessionEnd::Idle.sentence().contains("2 hours"));
    }
}
