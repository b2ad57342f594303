//! Saving documents of every kind: from the form to a revision, and to the screen that shows the result. What may be
//! saved and published is decided by `model::document::saving`; this file turns its answer into a response.

use std::ops::ControlFlow;

use axum::response::{IntoResponse, Redirect, Response};

use super::{
    clash_choice, conflict, draft, edit_screen, flash_actions, form::DocumentForm, inbound_links, link_check,
    menu_notice, paths,
};
use crate::{
    admin::shared::{admin_context::AdminContext, form_outcome::FormOutcome},
    error::{Error, Result, ValidationErrors},
    model::{
        document::{
            content::Content,
            draft::{self as drafts, DraftChange},
            fields::names,
            kind::DocumentKind,
            other_type,
            record::Document,
            revision::{self, Revision},
            saving::{self, Intent, MergeNotice, PublishOutcome, SaveOutcome, SaveRequest, SaveResult},
        },
        policy::Action,
    },
    text::isolate::isolate,
    web::form_errors::FormErrors,
};

/// Makes a document from what was typed. A tab whose form has made one already, whatever became of the answer, changes that.
/// Fails when the user may not publish, or the database fails.
pub(crate) async fn create(admin: AdminContext, kind: DocumentKind, mut form: DocumentForm) -> Result<Response> {
    check_right(&admin, &form)?;
    if let Some((id, base)) = draft::find_made(&admin, kind, &form).await? {
        form.base = base.to_string();
        return save(admin, kind, id, form).await;
    }
    match store_new(&admin, kind, &form).await {
        Ok(done) => finish(&admin, done).await,
        Err(error) => {
            let errors = error.validation_errors()?;
            draft::keep_unsaved(&admin, kind, None, &mut form).await;
            edit_screen::draw_new(&admin, kind, &form, errors.into()).await
        }
    }
}

async fn store_new(admin: &AdminContext, kind: DocumentKind, form: &DocumentForm) -> Result<SaveResult> {
    let content = parse(admin, kind, None, form).await??;
    let parent = form.parent()?;
    let request = SaveRequest { base: 0, content: &content, intent: form.intent() };
    let kept = draft::request_of(admin, kind, None, form);
    admin
        .change(async |write| {
            let done = saving::create(write, kind, parent, request).await?;
            if let Some(kept) = &kept {
                let end = DraftChange::End { base: done.newest.version, document_id: done.document.id };
                drafts::change(write, kept, end, write.now).await?;
            }
            Ok(done)
        })
        .await
}

/// What a version has of what was typed.
/// Errors: what is wrong with it, and what would be dropped because only another type has a field for it.
async fn parse(
    admin: &AdminContext,
    kind: DocumentKind,
    id: Option<i64>,
    form: &DocumentForm,
) -> Result<Result<Content, ValidationErrors>> {
    let table = &admin.app.rules.fields;
    let parsed = Content::parse(&table.of_input(kind, &form.typed), &form.typed);
    let left = other_type::left_over(table, kind, &form.typed);
    let mut saved = Vec::new();
    for version in [form.base(), form.made_from()] {
        if let Some(id) = id.filter(|_| !left.is_empty()) {
            let found = revision::version(admin.app.read(), id, version).await?;
            saved.extend(found.map(|found| found.content.to_input()));
        }
    }
    Ok(match (parsed, other_type::check(table, &left, &form.typed, &saved)) {
        (parsed, Ok(())) => parsed,
        (Ok(_), Err(dropped)) => Err(dropped),
        (Err(mut errors), Err(dropped)) => {
            errors.list.extend(dropped.list);
            Err(errors)
        }
    })
}

/// Saves a change of a document.
/// `NotFound` when there is no such document; when the user may not publish, or the database fails.
pub(crate) async fn save(admin: AdminContext, kind: DocumentKind, id: i64, form: DocumentForm) -> Result<Response> {
    check_right(&admin, &form)?;
    let mut form = match choose(&admin, kind, id, form).await? {
        ControlFlow::Continue(form) => form,
        ControlFlow::Break(response) => return Ok(response),
    };
    let kept = draft::request_of(&admin, kind, Some(id), &form);
    if let Some(kept) = &kept {
        form.base = drafts::base_of(admin.app.read(), kept, form.base()).await?.to_string();
    }
    let content = match parse(&admin, kind, Some(id), &form).await? {
        Ok(content) => content,
        Err(errors) => return draw_again(&admin, kind, id, form, errors.into()).await,
    };
    let request = SaveRequest { base: form.base(), content: &content, intent: form.intent() };
    let saved = admin.change(async |write| {
        let document = Document::find(write, id).await?.filter(|found| found.kind == kind).ok_or(Error::NotFound)?;
        if document.trashed_at.is_some() {
            return Ok(FormOutcome::Again(()));
        }
        let saved = saving::save(write, document, request).await?;
        if let (SaveOutcome::Done(done), Some(kept)) = (&saved, &kept) {
            let end = DraftChange::End { base: base_after(done, request.base), document_id: id };
            drafts::change(write, kept, end, write.now).await?;
        }
        Ok(FormOutcome::Saved(saved))
    });
    match saved.await {
        Ok(FormOutcome::Saved(SaveOutcome::Done(done))) => {
            if let Some(kept) = kept.filter(|_| !done.writes()) {
                draft::end(&admin, &kept, base_after(&done, request.base), id).await?;
            }
            finish(&admin, *done).await
        }
        Ok(FormOutcome::Saved(SaveOutcome::Clash(clash))) => {
            draft::keep_unsaved(&admin, kind, Some(id), &mut form).await;
            conflict::draw(&admin, *clash, form).await
        }
        Ok(FormOutcome::Again(())) => draw_again(&admin, kind, id, form, FormErrors::default()).await,
        Err(error) => draw_again(&admin, kind, id, form, error.validation_errors()?.into()).await,
    }
}

/// Applies what the user chose between two texts: the form to save, or the screen that comes instead.
async fn choose(
    admin: &AdminContext,
    kind: DocumentKind,
    id: i64,
    mut form: DocumentForm,
) -> Result<ControlFlow<Response, DocumentForm>> {
    let fields = &admin.app.rules.fields.of_typed(kind, &form.typed);
    if form.drops()
        && let Some(document) = Document::find(admin.app.read(), id).await?
        && document.kind == kind
        && document.trashed_at.is_none()
    {
        clash_choice::gather(&mut form, None);
        draft::give_up(admin, kind, id, &form).await?;
        return Ok(ControlFlow::Break(conflict::draw_dropped(admin, &document, form).await?));
    }
    if !form.clashes.is_empty()
        && let Some(theirs) = revision::version(admin.app.read(), id, form.base()).await?
        && let Err(errors) = clash_choice::resolve(&mut form, fields, &theirs.content.to_input())
    {
        let document = Document::get_of(admin.app.read(), id, kind).await?;
        return Ok(ControlFlow::Break(conflict::draw_again(admin, &document, &theirs, form, errors).await?));
    }
    Ok(ControlFlow::Continue(form))
}

/// The version that a tab goes on from which saved: the new one, unless that has changes of others too.
const fn base_after(done: &SaveResult, base: i64) -> i64 {
    if done.joined.is_some() { base } else { done.newest.version }
}

/// Shows the form again with what was not saved, which is kept as a draft.
async fn draw_again(
    admin: &AdminContext,
    kind: DocumentKind,
    id: i64,
    mut form: DocumentForm,
    errors: FormErrors,
) -> Result<Response> {
    draft::keep_unsaved(admin, kind, Some(id), &mut form).await;
    edit_screen::draw(admin, kind, id, &form, errors).await
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
    // At once, because each of them asks the database several times.
    let (listing, dead, missing, again) = tokio::try_join!(
        menu_notice::describe_listing(&admin.app, document, newest),
        link_check::dead_links(admin, document, newest, &[]),
        inbound_links::missing_parts(admin, document, newest),
        flash_actions::again(admin, document),
    )?;
    let sentence = format!("{sentence}{listing}");
    if !missing.is_empty() {
        let sentence = format!(
            "{sentence} {} Published texts link to parts that this {} does not have: {missing}.",
            dead.sentence(),
            document.kind.noun()
        );
        return admin.done_but(&edit, sentence.replace("  ", " ")).await;
    }
    if dead.is_empty() {
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
