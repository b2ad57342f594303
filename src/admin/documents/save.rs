//! Saving documents of every kind: from the form to a revision, and to the screen that shows the result. What may be
//! saved and published is decided by `model::document::saving`; this file turns its answer into a response.

use axum::response::{IntoResponse, Redirect, Response};

use super::{conflict, edit_screen, flash_actions, form::DocumentForm, inbound_links, link_check, menu_notice, paths};
use crate::{
    admin::shared::{admin_context::AdminContext, form_outcome::FormOutcome},
    error::{Error, Result},
    model::{
        document::{
            content::Content,
            fields::names,
            kind::DocumentKind,
            record::Document,
            revision::{self, Revision},
            saving::{self, Intent, MergeNotice, PublishOutcome, SaveOutcome, SaveRequest, SaveResult},
        },
        policy::Action,
    },
    text::isolate::isolate,
    web::form_errors::FormErrors,
};

/// Makes a document from what was typed.
/// Fails when the user may not publish, or the database fails.
pub(crate) async fn create(admin: AdminContext, kind: DocumentKind, form: DocumentForm) -> Result<Response> {
    check_right(&admin, &form)?;
    match store_new(&admin, kind, &form).await {
        Ok(done) => finish(&admin, done).await,
        Err(error) => edit_screen::draw_new(&admin, kind, &form, error.validation_errors()?.into()).await,
    }
}

async fn store_new(admin: &AdminContext, kind: DocumentKind, form: &DocumentForm) -> Result<SaveResult> {
    let content = Content::parse(admin.app.rules.fields.of(kind), &form.typed)?;
    let parent = form.parent()?;
    let request = SaveRequest { base: 0, content: &content, intent: form.intent() };
    admin.change(async |write| saving::create(write, kind, parent, request).await).await
}

/// Saves a change of a document.
/// `NotFound` when there is no such document; when the user may not publish, or the database fails.
pub(crate) async fn save(admin: AdminContext, kind: DocumentKind, id: i64, mut form: DocumentForm) -> Result<Response> {
    check_right(&admin, &form)?;
    let fields = admin.app.rules.fields.of(kind);
    if form.drops()
        && let Some(document) = Document::find(admin.app.read(), id).await?
        && document.kind == kind
        && document.trashed_at.is_none()
    {
        return conflict::draw_dropped(&admin, &document, form).await;
    }
    if !form.clashes.is_empty()
        && let Some(theirs) = revision::version(admin.app.read(), id, form.base()).await?
        && let Err(errors) = form.resolve(fields, &theirs.content.to_input())
    {
        let document = Document::get_of(admin.app.read(), id, kind).await?;
        return conflict::draw_again(&admin, &document, &theirs, form, errors).await;
    }
    let content = match Content::parse(fields, &form.typed) {
        Ok(content) => content,
        Err(errors) => return edit_screen::draw(&admin, kind, id, &form, errors.into()).await,
    };
    let request = SaveRequest { base: form.base(), content: &content, intent: form.intent() };
    let saved = admin.change(async |write| {
        let document = Document::find(write, id).await?.filter(|found| found.kind == kind).ok_or(Error::NotFound)?;
        if document.trashed_at.is_some() {
            return Ok(FormOutcome::Again(()));
        }
        Ok(FormOutcome::Saved(saving::save(write, document, request).await?))
    });
    match saved.await {
        Ok(FormOutcome::Saved(SaveOutcome::Done(done))) => finish(&admin, *done).await,
        Ok(FormOutcome::Saved(SaveOutcome::Clash(clash))) => conflict::draw(&admin, *clash, form).await,
        Ok(FormOutcome::Again(())) => edit_screen::draw(&admin, kind, id, &form, FormErrors::default()).await,
        Err(error) => edit_screen::draw(&admin, kind, id, &form, error.validation_errors()?.into()).await,
    }
}

/// All editors may send the form; the button that publishes needs its own right.
fn check_right(admin: &AdminContext, form: &DocumentForm) -> Result<()> {
    if form.intent() == Intent::Save { Ok(()) } else { admin.require(Action::Publish) }
}

async fn finish(admin: &AdminContext, done: SaveResult) -> Result<Response> {
    let document = &done.document;
    let asks = done.publication == PublishOutcome::MustAsk;
    let edit = paths::edit_screen(document.kind, document.id);
    let to = if asks { paths::publication(document.id) } else { edit };
    let joined = done.joined.as_ref().map(|joined| describe_merge(admin, joined)).unwrap_or_default();
    let sentence = sentence(&done, &joined);
    let again = done.publication == PublishOutcome::LiveBefore && done.repeated;
    if done.publication == PublishOutcome::Published || again {
        return tell_published(admin, document, &done.newest, sentence).await;
    }
    if done.writes() || done.repeated || done.joined.is_some() {
        admin.done(&to, sentence).await
    } else if asks {
        Ok(Redirect::to(&to).into_response())
    } else {
        admin.not_done(&to, sentence).await
    }
}

/// Goes to the edit screen with `sentence`, with warnings, and with what can be published next.
pub(crate) async fn tell_published(
    admin: &AdminContext,
    document: &Document,
    newest: &Revision,
    sentence: String,
) -> Result<Response> {
    let edit = paths::edit_screen(document.kind, document.id);
    let sentence = format!("{sentence}{}", menu_notice::describe_listing(&admin.app, document, newest).await?);
    let dead = link_check::dead_links(admin, document, newest, &[]).await?;
    let missing = inbound_links::missing_parts(admin, document, newest).await?;
    if !missing.is_empty() {
        let sentence = format!(
            "{sentence} {} Published texts link to parts that this {} does not have: {missing}.",
            dead.sentence(),
            document.kind.noun()
        );
        return admin.done_but(&edit, sentence.replace("  ", " ")).await;
    }
    if dead.is_empty() {
        let again = flash_actions::again(admin, document).await?;
        return admin.done_with(&edit, format!("{sentence}{}", again.obstacle), again.button).await;
    }
    admin.done_but(&edit, format!("{sentence} {}", dead.sentence())).await
}

fn sentence(done: &SaveResult, joined: &str) -> String {
    let (version, title) = (done.newest.version, &done.newest.content.title);
    match done.publication {
        PublishOutcome::Published => {
            format!("Version {version} of “{title}” is published. Visitors see it now.{joined}")
        }
        PublishOutcome::LiveBefore if done.repeated || done.joined.is_some() => {
            format!("Version {version} of “{title}” is published. Visitors see it now.")
        }
        PublishOutcome::LiveBefore => format!("There is nothing to publish: visitors see version {version} already."),
        PublishOutcome::NotAsked | PublishOutcome::MustAsk if done.changed || done.repeated => {
            let seen = if done.document.is_live() {
                "Visitors still see the published version.".to_owned()
            } else {
                format!("Visitors do not see this {} until you publish it.", done.document.kind.noun())
            };
            format!("Version {version} of “{title}” is saved. {seen}{joined}")
        }
        _ if done.joined.is_some() => format!("You changed nothing, so no new version was saved.{joined}"),
        _ => "You changed nothing, so no new version was saved.".to_owned(),
    }
}

/// ` It joins your change of the summary with version 2 by Ada Admin, which changed the text.`
fn describe_merge(admin: &AdminContext, joined: &MergeNotice) -> String {
    let is_own = joined.author_id == Some(admin.user.id);
    let author = if is_own { "you, in another window".to_owned() } else { isolate(&joined.author_name) };
    let version = joined.version;
    let theirs = match names(&joined.theirs) {
        names if names.is_empty() => String::new(),
        names => format!(", which changed {names}"),
    };
    if joined.yours.is_empty() {
        return format!(" Version {version} was saved by {author} in the meantime{theirs}.");
    }
    format!(" It joins your change of {} with version {version} by {author}{theirs}.", names(&joined.yours))
}
