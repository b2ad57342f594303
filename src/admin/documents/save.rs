//! Saving documents of every kind: from the form to a revision, and to the screen that tells what became of it. What may
//! be saved and published is decided by `model::saving`; this file turns its answer into a response.

use axum::response::Response;

use super::{conflict, diff, form::DocumentForm, links, paths, publication_status::noun};
use crate::{
    admin::{faq::item_form, pages::form, shared::admin_context::AdminContext},
    error::{Error, Result},
    model::{
        document::{self, DocumentKind},
        policy::Action,
        revision,
        saving::{self, Intent, MergeNotice, PublishOutcome, SaveOutcome, SaveRequest, SaveResult},
    },
    text::isolate::isolated,
    web::form_errors::FormErrors,
};

/// Makes a document of what was typed.
///
/// # Errors
/// When the user may not publish, or the database fails.
pub async fn create(admin: AdminContext, kind: DocumentKind, form: DocumentForm) -> Result<Response> {
    check_right(&admin, &form)?;
    let made = async {
        let (content, parent) = (form.content(kind)?, form.parent()?);
        let write = admin.write().await?;
        let submission = SaveRequest { kind, base: 0, content: &content, intent: form.intent() };
        let done = saving::create(&write, parent, submission).await?;
        write.commit().await?;
        Ok((content, done))
    };
    match made.await {
        Ok((content, done)) => finish(&admin, kind, &content.title, done).await,
        Err(Error::Invalid(invalid)) => draw_new(&admin, kind, form, invalid.into()).await,
        Err(other) => Err(other),
    }
}

/// Saves a change of a document.
///
/// # Errors
/// `NotFound` when there is no such document; when the user may not publish, or the database fails.
pub async fn save(admin: AdminContext, kind: DocumentKind, id: i64, mut form: DocumentForm) -> Result<Response> {
    check_right(&admin, &form)?;
    let document = document::find(admin.app.read(), id).await?.filter(|found| found.kind == kind);
    if document.ok_or(Error::NotFound)?.trashed_at.is_some() {
        return draw_trashed(&admin, kind, id, form).await;
    }
    if !form.clashes.is_empty()
        && let Some(theirs) = revision::version(admin.app.read(), id, form.base()).await?
        && let Err(invalid) = form.resolve(kind, &theirs.content.to_input())
    {
        return conflict::draw_again(&admin, kind, &theirs, form, invalid).await;
    }
    let saved = async {
        let content = form.content(kind)?;
        let write = admin.write().await?;
        let submission = SaveRequest { kind, base: form.base(), content: &content, intent: form.intent() };
        let outcome = saving::save(&write, id, submission).await?;
        if matches!(&outcome, SaveOutcome::Done(done) if done.writes()) {
            write.commit().await?;
        }
        Ok((content, outcome))
    };
    match saved.await {
        Ok((content, SaveOutcome::Done(done))) => finish(&admin, kind, &content.title, done).await,
        Ok((_, SaveOutcome::Clash(clash))) => conflict::draw(&admin, kind, *clash, form).await,
        Err(Error::Invalid(invalid)) => draw(&admin, kind, id, form, invalid.into()).await,
        Err(other) => Err(other),
    }
}

/// The form is for all who edit; the button that publishes is not.
fn check_right(admin: &AdminContext, form: &DocumentForm) -> Result<()> {
    if form.intent() == Intent::Save { Ok(()) } else { admin.require(Action::Publish) }
}

async fn draw(
    admin: &AdminContext,
    kind: DocumentKind,
    id: i64,
    form: DocumentForm,
    errors: FormErrors,
) -> Result<Response> {
    match kind {
        DocumentKind::Page => form::draw(admin, id, form, errors).await,
        DocumentKind::FaqItem => item_form::draw(admin, id, form, errors).await,
    }
}

async fn draw_new(
    admin: &AdminContext,
    kind: DocumentKind,
    form: DocumentForm,
    errors: FormErrors,
) -> Result<Response> {
    match kind {
        DocumentKind::Page => form::draw_new(admin, form, errors).await,
        DocumentKind::FaqItem => item_form::draw_new(admin, form, errors).await,
    }
}

/// What was typed while another user trashed the document.
async fn draw_trashed(admin: &AdminContext, kind: DocumentKind, id: i64, form: DocumentForm) -> Result<Response> {
    match kind {
        DocumentKind::Page => form::draw_trashed(admin, id, form).await,
        DocumentKind::FaqItem => item_form::draw_trashed(admin, id, form).await,
    }
}

async fn finish(admin: &AdminContext, kind: DocumentKind, title: &str, done: SaveResult) -> Result<Response> {
    let edit = paths::edit_screen(kind, done.id);
    let asks = done.publication == PublishOutcome::MustAsk;
    let to = if asks { paths::publication(done.id) } else { edit };
    let is_live = document::find(admin.app.read(), done.id).await?.is_some_and(|document| document.is_live());
    let sentence = sentence(kind, title, is_live, &done);
    let again = done.publication == PublishOutcome::LiveBefore && done.repeated;
    if done.publication == PublishOutcome::Published || again {
        return tell_published(admin, kind, done.id, sentence).await;
    }
    if done.writes() || done.repeated || done.joined.is_some() {
        admin.done(&to, sentence).await
    } else if asks {
        Ok(admin.go(&to))
    } else {
        admin.not_done(&to, sentence).await
    }
}

/// Goes to the edit screen with `sentence`, with what there is to know besides, and with what can be published next.
///
/// # Errors
/// When the database fails.
pub async fn tell_published(admin: &AdminContext, kind: DocumentKind, id: i64, sentence: String) -> Result<Response> {
    let edit = paths::edit_screen(kind, id);
    let newest = revision::latest(admin.app.read(), id).await?.ok_or(Error::NotFound)?;
    let sentence = format!("{sentence}{}", links::list_dead(admin, kind, &newest).await?);
    let dead = links::dead(admin, kind, &newest, &[]).await?;
    if dead.is_empty() {
        return admin.done_with(&edit, sentence, paths::again(admin, id).await?).await;
    }
    admin.done_but(&edit, format!("{sentence} {}", dead.sentence())).await
}

fn sentence(kind: DocumentKind, title: &str, is_live: bool, done: &SaveResult) -> String {
    let version = done.version;
    let joined = done.joined.as_ref().map(|joined| describe_merge(kind, joined)).unwrap_or_default();
    match done.publication {
        PublishOutcome::Published => {
            format!("Version {version} of “{title}” is published. Visitors see it now.{joined}")
        }
        PublishOutcome::LiveBefore if done.repeated || done.joined.is_some() => {
            format!("Version {version} of “{title}” is published. Visitors see it now.")
        }
        PublishOutcome::LiveBefore => format!("There is nothing to publish: visitors see version {version} already."),
        PublishOutcome::NotAsked | PublishOutcome::MustAsk if done.changed || done.repeated => {
            let noun = noun(kind);
            let seen = if is_live {
                "Visitors still see the published version.".to_owned()
            } else {
                format!("Visitors do not see this {noun} until you publish it.")
            };
            format!("Version {version} of “{title}” is saved. {seen}{joined}")
        }
        _ if done.joined.is_some() => format!("You changed nothing, so no new version was saved.{joined}"),
        _ => "You changed nothing, so no new version was saved.".to_owned(),
    }
}

/// ` It joins your change of the summary with version 2 by Ada Admin, which changed the text.`
fn describe_merge(kind: DocumentKind, joined: &MergeNotice) -> String {
    let (version, author) = (joined.with.version, isolated(&joined.with.author_name));
    let theirs = match diff::names(kind, &joined.theirs) {
        names if names.is_empty() => String::new(),
        names => format!(", which changed {names}"),
    };
    if joined.yours.is_empty() {
        return format!(" Version {version} was saved by {author} in the meantime{theirs}.");
    }
    format!(" It joins your change of {} with version {version} by {author}{theirs}.", diff::names(kind, &joined.yours))
}
