//! Making, changing and deleting redirects by hand, and the rules for them: nothing live is shadowed, nothing leads in a
//! circle or nowhere, and what leads to another redirect is made to lead where that leads.

use super::{
    follow::{self, RedirectTarget},
    list::{self, RedirectFields, RedirectRow},
    missing, moves,
    typed::{self, TypedTarget},
};
use crate::{
    db::conn::Conn,
    error::{Result, ValidationErrors},
    model::{
        audit_log::AuditEntry,
        document::rules::DocumentRules,
        page::{path::HOME, public, tree},
        write::Write,
    },
    text::fold::fold,
};

/// The fields of the form.
pub(crate) const FROM: &str = "from";
pub(crate) const TO: &str = "target";

/// What a user typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RedirectInput {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) covers_below: bool,
}

/// A redirect that breaks no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedRedirect {
    pub(crate) fields: RedirectFields,
    /// Where it leads, in words for users.
    pub(crate) to: String,
    /// Whether what was typed leads on itself, so that the redirect leads to the end of that.
    pub(crate) is_collapsed: bool,
    /// Whether visitors find nothing there, because the page is not published.
    pub(crate) is_unpublished: bool,
}

impl CheckedRedirect {
    fn describe(&self) -> String {
        let below = if self.fields.covers_below { ", with everything below it" } else { "" };
        format!("to {}{below}", self.to)
    }
}

/// What the search of the list looks through in addition to the path of a page, which may change.
pub(super) fn search_text(redirect: &RedirectFields) -> String {
    let RedirectFields { path, target, .. } = redirect;
    let as_read = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    fold(&format!("{path}\n{as_read}\n{target}"))
}

/// Checks what was typed of the redirect `id`; 0: a new one.
/// `Validation` with the faults of both fields.
pub(crate) async fn check(db: &Conn, rules: &DocumentRules, input: &RedirectInput, id: i64) -> Result<CheckedRedirect> {
    let mut errors = ValidationErrors::default();
    let (path, ends_in_star) = errors.take(FROM, typed::parse_from(rules, &input.from));
    let covers_below = input.covers_below || ends_in_star;
    if !path.is_empty()
        && let Some(sentence) = refuse_path(db, rules, &path, id).await?
    {
        errors.add(FROM, sentence);
    }
    let target = match typed::parse_target(rules, &input.to, covers_below) {
        Ok(target) => find_target(db, (&path, covers_below), target, id).await?,
        Err(sentence) => Err(sentence),
    };
    match target {
        Ok(checked) => Ok(errors.finish(|| checked)?),
        Err(sentence) => {
            errors.add(TO, sentence);
            Err(errors.into())
        }
    }
}

/// Why nothing can lead on from a path.
async fn refuse_path(db: &Conn, rules: &DocumentRules, path: &str, id: i64) -> Result<Option<String>> {
    if path == HOME {
        return Ok(Some("The front page cannot lead elsewhere".to_owned()));
    }
    if rules.answers(path) {
        return Ok(Some(format!("The portal itself answers at {path}, so it cannot lead elsewhere")));
    }
    if let Some(page) = public::at(db, path).await? {
        let title = page.revision.content.title;
        return Ok(Some(format!(
            "The page “{title}” is live at {path}, so nobody would be sent on; unpublish it first, or choose another path"
        )));
    }
    let present = list::at(db, path).await?.filter(|present| present.id != id && !says_only_gone(present));
    Ok(present.map(|present| match present.to() {
        to if to.is_empty() => format!("There is a redirect from {path} already; change that one"),
        to => format!("There is a redirect from {path} already, to {to}; change that one"),
    }))
}

/// Whether a redirect only says that the page is deleted that was there.
const fn says_only_gone(redirect: &RedirectRow) -> bool {
    redirect.is_trashed() && !redirect.by_hand
}

/// What is at a target.
/// Errors: a sentence for the form.
async fn find_target(
    db: &Conn,
    (path, covers_below): (&str, bool),
    target: TypedTarget,
    id: i64,
) -> Result<Result<CheckedRedirect, String>> {
    let checked = |document_id, target: String, to: String| CheckedRedirect {
        fields: RedirectFields { path: path.to_owned(), document_id, target, covers_below },
        to,
        is_collapsed: false,
        is_unpublished: false,
    };
    let (to, part) = match target {
        TypedTarget::Address(to) if to.starts_with('/') && covers_below => {
            return Ok(Err(format!("The portal itself answers at {to}, and there is nothing below that")));
        }
        TypedTarget::Address(to) => return Ok(Ok(checked(None, to.clone(), to))),
        TypedTarget::Page(to, part) => (to, part),
    };
    if to == path || covers_below && !path.is_empty() && typed::is_at_or_below(&to, path) {
        return Ok(Err(format!("The redirect from {path} would lead to itself")));
    }
    if let Some(document_id) = tree::id_at(db, &to).await? {
        let is_unpublished = public::id_at(db, &to).await?.is_none();
        let checked = checked(Some(document_id), part.clone(), format!("{to}{part}"));
        return Ok(Ok(CheckedRedirect { is_unpublished, ..checked }));
    }
    let followed = follow::follow(db, &to).await?;
    if followed.steps.iter().any(|step| step.redirect_id == id || step.path == path) {
        return Ok(Err(format!("The redirect from {path} would lead to itself, by way of {to}")));
    }
    let checked = match followed.end {
        RedirectTarget::Page(end, its_part) => {
            let part = if part.is_empty() { its_part } else { part };
            checked(tree::id_at(db, &end).await?, part.clone(), format!("{end}{part}"))
        }
        RedirectTarget::Address(end) if covers_below && (end.starts_with('/') || end.contains(['?', '#'])) => {
            return Ok(Err(format!("{to} leads to {end}, and there is nothing below that")));
        }
        RedirectTarget::Address(end) => checked(None, end.clone(), end),
        RedirectTarget::Gone => return Ok(Err(format!("The page at {to} was deleted"))),
        RedirectTarget::Nothing => return Ok(Err(format!("There is no page at {to}"))),
    };
    Ok(Ok(CheckedRedirect { is_collapsed: true, ..checked }))
}

/// `Validation` on the fields of the form.
pub(crate) async fn create(write: &Write, input: &RedirectInput) -> Result<CheckedRedirect> {
    let checked = check(write, &write.rules, input, 0).await?;
    let id = set(write, &checked.fields, true).await?;
    record(
        write,
        AuditEntry::new("redirect.create", "redirect", Some(id), &checked.fields.path).detail(checked.describe()),
    );
    Ok(checked)
}

/// `Validation` on the fields of the form; `NotFound` when there is no such redirect.
pub(crate) async fn update(write: &Write, id: i64, input: &RedirectInput) -> Result<CheckedRedirect> {
    let before = list::get(write, id).await?;
    let checked = check(write, &write.rules, input, id).await?;
    let now = checked.fields.clone();
    write.execute("delete from redirect where path = $1 and id <> $2", (now.path.as_str(), id)).await?;
    write
        .execute(
            "update redirect set path = $2, document_id = $3, target = $4, covers_below = $5, by_hand = true, \
             search_text = $6, left_by_id = case when path = $2 and $5 then left_by_id end where id = $1",
            (id, now.path.as_str(), now.document_id, now.target.as_str(), now.covers_below, search_text(&now)),
        )
        .await?;
    missing::clear(write, &now.path, now.covers_below).await?;
    let from = if before.path == now.path { String::new() } else { format!("from {}, ", now.path) };
    let detail = format!("{from}{}", checked.describe());
    record(write, AuditEntry::new("redirect.change", "redirect", Some(id), before.path).detail(detail));
    Ok(checked)
}

/// Deletes a redirect and gives what it was.
/// `NotFound` when there is none.
pub(crate) async fn delete(write: &Write, id: i64) -> Result<RedirectRow> {
    let redirect = list::get(write, id).await?;
    write.execute("delete from redirect where id = $1", (id,)).await?;
    let detail = format!("to {}", redirect.to());
    record(write, AuditEntry::new("redirect.delete", "redirect", Some(id), redirect.path.as_str()).detail(detail));
    Ok(redirect)
}

fn record(write: &Write, entry: AuditEntry) {
    write.record(entry);
    write.touch_public();
}

/// Sets a redirect in the place of any other from its path, unless there is a live page; gives its id.
pub(in crate::model) async fn set(write: &Write, redirect: &RedirectFields, by_hand: bool) -> Result<i64> {
    let id = put(write, redirect, by_hand).await?;
    moves::delete_taken(write, &redirect.path).await?;
    missing::clear(write, &redirect.path, redirect.covers_below).await?;
    Ok(id)
}

/// The same where it is known that there is no live page.
pub(super) async fn put(write: &Write, redirect: &RedirectFields, by_hand: bool) -> Result<i64> {
    Ok(write
        .value(
            "insert into redirect (path, document_id, target, covers_below, by_hand, created_at, search_text) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (path) do update set document_id = excluded.document_id, \
             target = excluded.target, covers_below = excluded.covers_below, by_hand = excluded.by_hand, \
             created_at = excluded.created_at, search_text = excluded.search_text, \
             left_by_id = case when excluded.covers_below then redirect.left_by_id end returning id",
            (
                redirect.path.as_str(),
                redirect.document_id,
                redirect.target.as_str(),
                redirect.covers_below,
                by_hand,
                write.now,
                search_text(redirect),
            ),
        )
        .await?)
}

/// The same for many, each at another path: several at a time, since each statement is a way to the database and back.
pub(super) async fn put_all(write: &Write, redirects: &[RedirectFields]) -> Result<()> {
    let (several, rest) = redirects.as_chunks::<3>();
    for [one, two, three] in several {
        let row = |redirect: &RedirectFields| (redirect.path.clone(), redirect.document_id, redirect.target.clone());
        let ((path, id, target), (path_2, id_2, target_2), (path_3, id_3, target_3)) = (row(one), row(two), row(three));
        write
            .execute(
                "insert into redirect (path, document_id, target, covers_below, by_hand, created_at, search_text) \
                 values ($1, $2, $3, $4, true, $16, $5), ($6, $7, $8, $9, true, $16, $10), \
                 ($11, $12, $13, $14, true, $16, $15) on conflict (path) do update set document_id = excluded.document_id, \
                 target = excluded.target, covers_below = excluded.covers_below, by_hand = excluded.by_hand, \
                 created_at = excluded.created_at, search_text = excluded.search_text, \
                 left_by_id = case when excluded.covers_below then redirect.left_by_id end",
                (
                    path,
                    id,
                    target,
                    one.covers_below,
                    search_text(one),
                    path_2,
                    id_2,
                    target_2,
                    two.covers_below,
                    search_text(two),
                    path_3,
                    id_3,
                    target_3,
                    three.covers_below,
                    search_text(three),
                    write.now,
                ),
            )
            .await?;
    }
    for redirect in rest {
        put(write, redirect, true).await?;
    }
    Ok(())
}
