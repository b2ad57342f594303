//! Forms that are sent to several nodes: the one that comes first handles a form, the others wait for its response and give
//! the same. With one node, nothing of this happens.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use data_encoding::HEXLOWER;

use crate::{
    error::Result,
    model::submission::{self, Known, SubmissionKey},
    state::app_state::App,
    web::submissions::{
        Claim, Kept, SubmissionGuard,
        sent::{Hash, SentForm},
        stored_response::StoredResponse,
    },
};

/// How often a node that waits for another asks.
const PAUSE: Duration = Duration::from_millis(25);
/// How long a node waits for another. Afterwards that one is taken for gone.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long others know a response with a body. It may be large.
const WITH_BODY: Duration = Duration::from_secs(15);

/// A form that this node handles, as the others see it. Dropped without [`Self::keep`], it counts as never sent.
pub(crate) struct SharedClaim {
    app: App,
    form: Option<SubmissionKey>,
    secret: Hash,
}

/// Asks the other nodes about a form that came first here.
pub(crate) async fn claim(app: &App, sent: SentForm<'_>, permit: SubmissionGuard) -> (Claim, Option<SharedClaim>) {
    // Those who are not signed in get a session of their own from each node.
    if app.db.nodes() < 2 || !sent.signed_in {
        return (Claim::First(permit), None);
    }
    let [key, owner, target] = [sent.key(), sent.owner(), sent.target()].map(|hash| HEXLOWER.encode(&hash));
    let form = SubmissionKey { key, owner, target };
    let secret = sent.secret();
    match wait(app, &form, &secret).await {
        Ok(None) => (Claim::First(permit), Some(SharedClaim { app: app.clone(), form: Some(form), secret })),
        Ok(Some(kept)) => (Claim::Again { kept: Arc::new(kept), waited: false }, None),
        // The handler says what is the matter with the database.
        Err(_) => (Claim::First(permit), None),
    }
}

/// The response of another node; none when this node handles the form.
async fn wait(app: &App, form: &SubmissionKey, secret: &Hash) -> Result<Option<StoredResponse>> {
    let since = Instant::now();
    loop {
        match submission::find(app.read(), &form.key).await? {
            Known::Done(sealed) => return Ok(StoredResponse::open(&sealed, secret)),
            Known::Nothing if submission::claim(&app.db, form.clone(), app.now()).await? => return Ok(None),
            Known::Running if since.elapsed() > PATIENCE => return Ok(None),
            Known::Nothing | Known::Running => tokio::time::sleep(PAUSE).await,
        }
    }
}

impl SharedClaim {
    /// Lets the other nodes know the response.
    pub(crate) async fn keep(mut self, kept: Kept) {
        let Some(form) = self.form.take() else { return };
        let time = if kept.response.is_redirect() { kept.time } else { kept.time.min(WITH_BODY) };
        let till = self.app.now().plus(i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
        if let Err(error) = submission::finish(&self.app.db, form, kept.response.seal(&self.secret), till).await {
            self.app.fault_log.tell("the other nodes do not know that a form was handled", error);
        }
    }
}

impl Drop for SharedClaim {
    fn drop(&mut self) {
        let Some(form) = self.form.take() else { return };
        let app = self.app.clone();
        tokio::spawn(async move {
            if let Err(error) = submission::forget(&app.db, form.key).await {
                app.fault_log.tell("the other nodes take a form for one that is being handled", error);
            }
        });
    }
}
