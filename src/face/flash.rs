//! A sentence that survives one redirect: what was just done.

use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::error::{Error, Result};

const KEY: &str = "flash";

/// Shown once on the next screen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flash {
    /// `success` or `warning`.
    pub kind: String,
    /// The sentence.
    pub text: String,
}

/// Something was done.
pub async fn success(session: &Session, text: impl Into<String>) -> Result<()> {
    set(session, "success", text.into()).await
}

/// Something was not done, or needs attention.
pub async fn warning(session: &Session, text: impl Into<String>) -> Result<()> {
    set(session, "warning", text.into()).await
}

async fn set(session: &Session, kind: &str, text: String) -> Result<()> {
    let flash = Flash { kind: kind.to_owned(), text };
    session.insert(KEY, flash).await.map_err(|error| Error::internal("session", error))
}

/// What waits to be shown, as text for [`put_back`]; empty when nothing does.
pub async fn peek(session: &Session) -> String {
    let flash = session.get::<Flash>(KEY).await.ok().flatten();
    flash.and_then(|flash| serde_json::to_string(&flash).ok()).unwrap_or_default()
}

/// Shows once more what [`peek`] saw.
pub async fn put_back(session: &Session, peeked: &str) {
    if let Ok(flash) = serde_json::from_str::<Flash>(peeked) {
        // Losing a sentence is no reason to fail.
        let _ = session.insert(KEY, flash).await;
    }
}

/// Takes it out, if there is one.
pub async fn take(session: &Session) -> Result<Option<Flash>> {
    session.remove(KEY).await.map_err(|error| Error::internal("session", error))
}
