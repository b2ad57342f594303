//! Paths of pages: a page's path is its parent's path and its slug. The database holds each whole path, so a
//! visitor's page is one look-up; this file keeps the paths of a subtree correct.

use super::subtree::subtree_range;
use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{
        document::rules::DocumentRules,
        link::binding::{bind_to_pages, bind_to_redirected},
        redirect::moves,
        write::Write,
    },
};

pub(crate) const HOME: &str = "/";

/// The name of the front page's file in an export, which no other page on the uppermost level can have.
pub(crate) const HOME_NAME: &str = "index";

/// How many levels deep pages can be.
pub(crate) const DEPTH_MAX: usize = 32;

/// How many bytes a path can have; PostgreSQL's indexes take no more than about 2,700.
pub(crate) const PATH_MAX: usize = 2000;

/// The path of `slug` below `parent`; `None` for the uppermost level.
#[must_use]
pub(crate) fn join(parent: Option<&str>, slug: &str) -> String {
    match parent {
        None | Some(HOME) => format!("/{slug}"),
        Some(parent) => format!("{parent}/{slug}"),
    }
}

/// The path of the page `id`.
/// `NotFound` when there is no such page or it is in the trash.
pub(crate) async fn of(db: &Conn, id: i64) -> Result<String> {
    let row: Option<(Option<String>,)> = db.optional("select path from page where document_id = $1", (id,)).await?;
    row.and_then(|(path,)| path).ok_or(Error::NotFound)
}

/// Where a page is: its parent, its slug, and the path that they give; without one in the trash.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct PageLocation {
    pub(super) parent_id: Option<i64>,
    pub(super) slug: String,
    pub(super) path: Option<String>,
}

impl PageLocation {
    pub(super) async fn of(db: &Conn, id: i64) -> Result<Self> {
        Ok(db.one("select parent_id, slug, path from page where document_id = $1", (id,)).await?)
    }
}

/// Whether a page on the uppermost level cannot have this slug.
#[must_use]
pub(crate) fn is_reserved(rules: &DocumentRules, slug: &str) -> bool {
    slug == HOME_NAME || rules.reserved.contains(&slug)
}

/// The path that `slug` would have below `parent_id`, if it is free for the page `id` (0: a new one).
/// `Validation` on the field `slug` when it is reserved or taken.
pub(crate) async fn ensure_free(
    db: &Conn,
    rules: &DocumentRules,
    id: i64,
    (parent_id, slug): (Option<i64>, &str),
) -> Result<String> {
    let parent = match parent_id {
        Some(parent) => Some(of(db, parent).await?),
        None => None,
    };
    if parent.is_none() && is_reserved(rules, slug) {
        return Err(ValidationErrors::one(
            "slug",
            format!("The path /{slug} is used by the portal itself; choose another"),
        )
        .into());
    }
    let path = join(parent.as_deref(), slug);
    if path.matches('/').count() > DEPTH_MAX {
        return Err(too_deep());
    }
    if path.len() > PATH_MAX {
        return Err(too_long());
    }
    match holder(db, &path, id).await? {
        Some(title) => Err(ValidationErrors::one(
            "slug",
            format!("The path {path} belongs to the page “{title}”; choose another, or give that page another"),
        )
        .into()),
        None => Ok(path),
    }
}

/// The title of the page that has a path, if it is another one than the page `id`.
pub(in crate::model) async fn holder(db: &Conn, path: &str, id: i64) -> Result<Option<String>> {
    let row: Option<(String,)> =
        db.optional("select title from page_node where path = $1 and id <> $2", (path, id)).await?;
    Ok(row.map(|(title,)| title))
}

fn too_deep() -> Error {
    ValidationErrors::one("slug", format!("Pages can be {DEPTH_MAX} levels deep; choose a place higher up")).into()
}

fn too_long() -> Error {
    let sentence = format!("A path can have {PATH_MAX} characters; choose a place higher up or a shorter slug");
    ValidationErrors::one("slug", sentence).into()
}

/// Whether all pages below a path are within the most levels, and their paths not too long.
/// `Validation` on the field `slug`.
pub(in crate::model) async fn check_depth(db: &Conn, path: &str) -> Result<()> {
    let (from, to) = subtree_range(path);
    let (deepest, longest): (Option<i64>, Option<i64>) = db
        .one(
            "select cast(max(length(path) - length(replace(path, '/', ''))) as bigint), \
             cast(max(length(path)) as bigint) from page where path >= $1 and path < $2",
            (from, to),
        )
        .await?;
    let within =
        |value: Option<i64>, most: usize| value.is_none_or(|value| usize::try_from(value).is_ok_and(|n| n <= most));
    if !within(deepest, DEPTH_MAX) {
        return Err(too_deep());
    }
    if within(longest, PATH_MAX) { Ok(()) } else { Err(too_long()) }
}

/// Gives a page its path, and all pages below it theirs; paths that were public redirect. Gives its path.
pub(in crate::model) async fn apply_slug(write: &Write, id: i64, parent_id: Option<i64>, slug: &str) -> Result<String> {
    let location = PageLocation::of(write, id).await?;
    move_from(write, id, location, (parent_id, slug)).await
}

/// The same for a page whose location is known.
pub(super) async fn move_from(
    write: &Write,
    id: i64,
    location: PageLocation,
    (parent_id, slug): (Option<i64>, &str),
) -> Result<String> {
    let before = location.path.ok_or(Error::NotFound)?;
    if before == HOME || (location.parent_id, location.slug.as_str()) == (parent_id, slug) {
        return Ok(before);
    }
    let after = ensure_free(write, &write.rules, id, (parent_id, slug)).await?;
    if after != before {
        bind_to_pages(write, &before).await?;
        moves::leave(write, &before).await?;
        bind_to_redirected(write, &after).await?;
        let (from, to) = subtree_range(&before);
        let cut = i64::try_from(before.len()).unwrap_or(i64::MAX).saturating_add(1);
        write
            .execute(
                "update page set path = $1 || substr(path, cast($2 as integer)) where path >= $3 and path < $4",
                (after.as_str(), cut, from, to),
            )
            .await?;
        check_depth(write, &after).await?;
    }
    write
        .execute(
            "update page set path = $2, slug = $3, parent_id = $4 where document_id = $1",
            (id, after.as_str(), slug, parent_id),
        )
        .await?;
    moves::clear_taken(write, &after).await?;
    Ok(after)
}
