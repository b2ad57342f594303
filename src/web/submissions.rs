//! Responses to forms, kept for a while: the same form sent again, by a double click or because the response was lost, is
//! not handled again but gets the first response. Kept in memory only, within limits per owner and in total. Knows no
//! session and no form; the caller names the owner of a submission.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http_body::Body as _;
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use self::{
    sent::{Hash, SentForm},
    stored_response::StoredResponse,
};

mod seal;
pub(crate) mod sent;
pub(crate) mod stored_response;
pub(crate) mod with_files;

/// Name of the form field that marks one rendering of a form.
pub(crate) const SUBMISSION_FIELD: &str = "submission";

/// What marks one rendering of a form, drawn for a user or for anyone.
#[must_use]
pub(crate) fn mark(random: &str, user_id: Option<i64>) -> String {
    user_id.map_or_else(|| random.to_owned(), |id| format!("{random}.{id}"))
}

/// The user for whom a form was drawn, by the body that was sent; none when it does not say.
#[must_use]
pub(crate) fn drawn_for(body: &[u8]) -> Option<i64> {
    user_of(find_mark(body)?)
}

/// The user whom a mark names.
fn user_of(mark: &[u8]) -> Option<i64> {
    std::str::from_utf8(mark).ok()?.rsplit_once('.')?.1.parse().ok()
}

/// What marks a form, in the body that was sent; none when nothing does.
#[must_use]
pub(crate) fn find_mark(body: &[u8]) -> Option<&[u8]> {
    body.split(|byte| *byte == b'&')
        .filter_map(|pair| pair.strip_prefix(SUBMISSION_FIELD.as_bytes())?.strip_prefix(b"="))
        .find(|value| !value.is_empty())
}

/// Responses kept for one owner.
const PER_OWNER: usize = 16;
/// Responses kept for all who are signed in.
const SIGNED_IN: usize = 512;
/// Responses kept for all others.
const STRANGERS: usize = 64;
/// How long it is remembered that a response was too large to be kept: long enough for a double click.
const MOMENT: Duration = Duration::from_secs(10);
/// Largest body that is kept, in bytes.
const BODY: u64 = 2 * 1024 * 1024;
/// Bytes of all bodies that are kept for all who are signed in.
const SIGNED_IN_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of all bodies that are kept for all others.
const STRANGERS_BYTES: usize = 4 * 1024 * 1024;

struct OwnedSubmission {
    key: Hash,
    signed_in: bool,
    owner: Hash,
    target: Hash,
    outcome: watch::Receiver<Option<Arc<StoredResponse>>>,
    /// Until when it is kept; none while the first request is running.
    until: Option<Instant>,
    size: usize,
}

/// All of them, the oldest first.
#[derive(Default)]
pub struct Submissions(Mutex<VecDeque<OwnedSubmission>>);

/// What to do with a form.
pub(crate) enum Claim {
    /// Handle it, then call [`SubmissionGuard::finish`].
    First(SubmissionGuard),
    Again {
        kept: Arc<StoredResponse>,
        /// Whether the first request was running until now.
        waited: bool,
    },
    /// Handle it; there is no room to remember it.
    Untracked,
}

impl Submissions {
    /// Says whether this form was sent before; waits while that request is running.
    pub(crate) async fn claim(self: &Arc<Self>, sent: SentForm<'_>) -> Claim {
        let key = sent.key();
        loop {
            let mut outcome = match self.find_or_enter(&key, &sent) {
                Ok(claim) => return claim,
                Err(outcome) => outcome,
            };
            let waited = outcome.borrow().is_none();
            // If the first request ended without a response, this one may take its place.
            if let Some(kept) = wait(&mut outcome).await {
                return Claim::Again { kept, waited };
            }
        }
    }

    /// The response to this form if it was sent before; waits while that request is running.
    pub(crate) async fn find(&self, sent: SentForm<'_>) -> Option<Arc<StoredResponse>> {
        let mut outcome = live(&mut self.entries(), &sent.key())?;
        wait(&mut outcome).await
    }

    /// Whether this owner has sent a form recently.
    #[must_use]
    pub(crate) fn knows(&self, owner: &str) -> bool {
        let owner: Hash = Sha256::digest(owner).into();
        self.entries().iter().any(|entry| entry.owner == owner)
    }

    fn find_or_enter(
        self: &Arc<Self>,
        key: &Hash,
        sent: &SentForm<'_>,
    ) -> Result<Claim, watch::Receiver<Option<Arc<StoredResponse>>>> {
        let mut entries = self.entries();
        if let Some(outcome) = live(&mut entries, key) {
            return Err(outcome);
        }
        let owner = sent.owner();
        let most = if sent.signed_in { SIGNED_IN } else { STRANGERS };
        let in_pool = |entry: &&OwnedSubmission| entry.signed_in == sent.signed_in;
        loop {
            let mine = entries.iter().filter(|entry| entry.owner == owner).count() >= PER_OWNER;
            if !mine && entries.iter().filter(in_pool).count() < most {
                break;
            }
            let goes = |entry: &OwnedSubmission| if mine { entry.owner == owner } else { in_pool(&entry) };
            let oldest = entries.iter().position(|entry| entry.until.is_some() && goes(entry));
            let Some(oldest) = oldest else { return Ok(Claim::Untracked) };
            entries.remove(oldest);
        }
        let (sender, outcome) = watch::channel(None);
        let (target, signed_in) = (sent.target(), sent.signed_in);
        entries.push_back(OwnedSubmission { key: *key, signed_in, owner, target, outcome, until: None, size: 0 });
        Ok(Claim::First(SubmissionGuard { all: Arc::clone(self), key: *key, sender }))
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<OwnedSubmission>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, key: &Hash) {
        self.entries().retain(|entry| entry.key != *key || entry.until.is_some());
    }

    fn remember(&self, key: &Hash, size: usize, until: Instant) {
        let mut entries = self.entries();
        let Some(entry) = entries.iter_mut().find(|entry| entry.key == *key) else { return };
        (entry.until, entry.size) = (Some(until), size);
        let signed_in = entry.signed_in;
        let most = if signed_in { SIGNED_IN_BYTES } else { STRANGERS_BYTES };
        let in_pool = |entry: &&OwnedSubmission| entry.signed_in == signed_in;
        while entries.iter().filter(in_pool).map(|entry| entry.size).sum::<usize>() > most {
            let oldest = entries.iter().position(|entry| entry.until.is_some() && in_pool(&entry));
            let Some(oldest) = oldest else { break };
            entries.remove(oldest);
        }
    }
}

/// The outcome of an entry, unless it is too old, or the same owner has since sent another form to the same address, which
/// may have undone it.
fn live(entries: &mut VecDeque<OwnedSubmission>, key: &Hash) -> Option<watch::Receiver<Option<Arc<StoredResponse>>>> {
    let now = Instant::now();
    entries.retain(|entry| entry.until.is_none_or(|until| until > now));
    let at = entries.iter().position(|entry| entry.key == *key)?;
    let (owner, target) = (entries[at].owner, entries[at].target);
    let later = |entry: &OwnedSubmission| entry.owner == owner && entry.target == target && entry.until.is_some();
    if entries[at].until.is_some() && entries.iter().skip(at + 1).any(later) {
        entries.remove(at);
        return None;
    }
    Some(entries[at].outcome.clone())
}

async fn wait(outcome: &mut watch::Receiver<Option<Arc<StoredResponse>>>) -> Option<Arc<StoredResponse>> {
    outcome.wait_for(Option::is_some).await.ok().and_then(|kept| kept.clone())
}

/// A response that is kept for a while.
pub(crate) struct Kept {
    pub(crate) response: Arc<StoredResponse>,
    pub(crate) time: Duration,
}

/// A form that is being handled. Dropped without [`SubmissionGuard::finish`], it counts as never sent.
pub(crate) struct SubmissionGuard {
    all: Arc<Submissions>,
    key: Hash,
    sender: watch::Sender<Option<Arc<StoredResponse>>>,
}

impl Drop for SubmissionGuard {
    fn drop(&mut self) {
        self.all.forget(&self.key);
    }
}

impl SubmissionGuard {
    /// Gives the response to waiting requests, and keeps it for `time` if the form may have changed something. A
    /// refusal is kept only when `refused` says how long: when the form is sent again, the reason may be gone. Of a
    /// response that is too large, only its existence is remembered, for a moment. Gives back the response, and what is
    /// kept of it for how long.
    pub(crate) async fn finish(
        self,
        response: Response,
        note: String,
        time: Duration,
        refused: Option<Duration>,
    ) -> (Response, Option<Kept>) {
        let (parts, body) = response.into_parts();
        let kept = StoredResponse { status: parts.status, headers: parts.headers.clone(), body: None, note };
        let is_done = kept.status.is_success() || kept.is_redirect();
        if body.size_hint().upper().is_none_or(|size| size > BODY) {
            let kept = is_done.then(|| self.keep(kept, Some(time.min(MOMENT)))).flatten();
            return (Response::from_parts(parts, body), kept);
        }
        let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
            return (StatusCode::INTERNAL_SERVER_ERROR.into_response(), None);
        };
        let time = if is_done { Some(time) } else { refused };
        let kept = self.keep(StoredResponse { body: Some(body.clone()), ..kept }, time);
        (Response::from_parts(parts, Body::from(body)), kept)
    }

    fn keep(&self, response: StoredResponse, time: Option<Duration>) -> Option<Kept> {
        if let Some(time) = time {
            self.all.remember(&self.key, response.body.as_ref().map_or(0, Bytes::len), Instant::now() + time);
        }
        let response = Arc::new(response);
        self.sender.send_replace(Some(response.clone()));
        time.map(|time| Kept { response, time })
    }
}

#[cfg(test)]
mod tests;
