//! The paths of pages that go to the trash and come back, and of the pages below them.

use super::path::{self, PageLocation};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{link::binding::bind_to_redirected, write::Write},
    text::slug,
};

pub(in crate::model) async fn clear_path(write: &Write, id: i64) -> Result<()> {
    write.execute("update page set path = null where document_id = $1", (id,)).await?;
    Ok(())
}

/// Gives a page the path that it had.
/// `Conflict` with the reason when it cannot have that.
pub(in crate::model) async fn put_back(write: &Write, id: i64) -> Result<()> {
    let PageLocation { parent_id, slug, .. } = PageLocation::of(write, id).await?;
    let path = match path::ensure_free(write, &write.rules, id, (parent_id, &slug)).await {
        Ok(path) => path,
        Err(Error::NotFound) => return Err(Error::Conflict("the page above it is in the trash".to_owned())),
        Err(Error::Validation(_)) => return Err(Error::Conflict(describe_taken(write, id, parent_id, &slug).await?)),
        Err(other) => return Err(other),
    };
    bind_to_redirected(write, &path).await?;
    set_path(write, id, &path).await?;
    restore_below(write, id, &path).await?;
    match path::check_depth(write, &path).await {
        Err(Error::Validation(_)) => Err(Error::Conflict("the page above it was moved too far down".to_owned())),
        other => other,
    }
}

/// A clause that says which page has a path.
async fn describe_taken(db: &Conn, id: i64, parent_id: Option<i64>, slug: &str) -> Result<String> {
    let path = path_before(db, parent_id, slug).await?;
    let holder = path::holder(db, &path, id).await?;
    let by = holder.map_or_else(String::new, |title| format!(" by the page “{title}”"));
    Ok(format!("its path is taken{by}"))
}

/// Gives a page a path again: on the uppermost level when the page above is gone, a free one when its own is taken.
/// Returns the path that it would have if nothing had changed meanwhile, and the one that it has.
/// `Conflict` when there is none.
pub(in crate::model) async fn restore(write: &Write, root: i64) -> Result<(String, String)> {
    let PageLocation { parent_id, slug, .. } = PageLocation::of(write, root).await?;
    let before = path_before(write, parent_id, &slug).await?;
    let parent_id = match parent_id {
        Some(parent) if path::of(write, parent).await.is_ok() => Some(parent),
        _ => None,
    };
    let mut found = None;
    for candidate in slug::candidates(&slug) {
        if let Ok(path) = path::ensure_free(write, &write.rules, root, (parent_id, &candidate)).await {
            found = Some((candidate, path));
            break;
        }
    }
    let Some((slug, path)) = found else {
        return Err(Error::Conflict("There is no free path for this page.".to_owned()));
    };
    bind_to_redirected(write, &path).await?;
    write
        .execute(
            "update page set parent_id = $2, slug = $3, path = $4 where document_id = $1",
            (root, parent_id, slug.as_str(), path.as_str()),
        )
        .await?;
    restore_below(write, root, &path).await?;
    match path::check_depth(write, &path).await {
        Err(Error::Validation(errors)) => return Err(Error::Conflict(format!("{}.", errors.sentence()))),
        other => other?,
    }
    Ok((before, path))
}

async fn set_path(write: &Write, id: i64, path: &str) -> Result<()> {
    write.execute("update page set path = $2 where document_id = $1", (id, path)).await?;
    Ok(())
}

/// The path that `slug` has below a page, also when that one is in the trash itself.
async fn path_before(db: &Conn, parent_id: Option<i64>, slug: &str) -> Result<String> {
    let (mut next, mut path) = (parent_id, format!("/{slug}"));
    while let Some(id) = next {
        let above = PageLocation::of(db, id).await?;
        if let Some(whole) = above.path {
            return Ok(format!("{whole}{path}"));
        }
        path = format!("/{}{path}", above.slug);
        next = above.parent_id;
    }
    Ok(path)
}

/// Gives the pages below their paths again, level by level.
async fn restore_below(write: &Write, root: i64, path: &str) -> Result<()> {
    let mut level = vec![(root, path.to_owned())];
    while let Some((parent, path)) = level.pop() {
        let children: Vec<(i64, String)> = write
            .all(
                "select p.document_id, p.slug from page p join document d on d.id = p.document_id \
                 where p.parent_id = $1 and d.trashed_at is null and p.path is null",
                (parent,),
            )
            .await?;
        for (child, slug) in children {
            let child_path = path::join(Some(&path), &slug);
            set_path(write, child, &child_path).await?;
            level.push((child, child_path));
        }
    }
    Ok(())
}
