//! Making and saving pages. What is saved is not public; `publishing` makes it so.

use super::{order, path};
use crate::{
    error::{Error, Result, ValidationErrors},
    model::{
        document::{self, DocumentKind},
        revision::Content,
        write::Write,
    },
};

/// Makes a page at the end of the children of `parent_id` (`None`: the uppermost level); gives its id.
///
/// # Errors
/// `Invalid` on `slug` when the address is taken, on `under` when nothing can stand below that parent.
pub async fn create(write: &Write, parent_id: Option<i64>, content: &Content) -> Result<i64> {
    if let Some(parent) = parent_id {
        check_parent(write, parent).await?;
    }
    let path = path::ensure_free(write, 0, parent_id, &content.slug).await?;
    insert(write, parent_id, &path, &content.slug, content).await
}

async fn check_parent(write: &Write, parent: i64) -> Result<()> {
    match path::of(write, parent).await {
        Ok(path) if path == path::HOME => {
            Err(ValidationErrors::one("under", "Pages go beside the front page, not below it; choose another place")
                .into())
        }
        Err(Error::NotFound) => {
            Err(ValidationErrors::one("under", "The page above is not there any more; choose another place").into())
        }
        result => result.map(drop),
    }
}

/// Makes the front page; gives its id.
///
/// # Errors
/// `Conflict` when there is one.
pub async fn create_home(write: &Write, content: &Content) -> Result<i64> {
    if write.optional::<(i64,)>("select document_id from page where path = $1", (path::HOME,)).await?.is_some() {
        return Err(Error::Conflict("there is a front page already".to_owned()));
    }
    insert(write, None, path::HOME, "", content).await
}

async fn insert(write: &Write, parent_id: Option<i64>, path: &str, slug: &str, content: &Content) -> Result<i64> {
    let id = document::insert(write, DocumentKind::Page).await?;
    let position = order::end(write, parent_id).await?;
    write
        .execute(
            "insert into page (document_id, parent_id, slug, path, position) values ($1, $2, $3, $4, $5)",
            (id, parent_id, slug, path, position),
        )
        .await?;
    document::save(write, id, 0, content).await?;
    write.record(document::entry(DocumentKind::Page, "page.create", id, &content.title).detail(format!("at {path}")));
    Ok(id)
}

/// Saves a version of a page, made from version `base`; gives its number. A changed slug takes effect with
/// publishing, or at once when visitors do not know the page.
///
/// # Errors
/// `Conflict` when somebody saved after `base`; `Invalid` on `slug` when the address is taken.
pub async fn save(write: &Write, id: i64, base: i64, content: &Content) -> Result<i64> {
    let document = document::get(write, id, DocumentKind::Page).await?;
    let (parent_id, path): (Option<i64>, String) =
        write.one("select parent_id, path from page where document_id = $1", (id,)).await?;
    let version = document::save(write, id, base, content).await?;
    if path != path::HOME {
        path::ensure_free(write, id, parent_id, &content.slug).await?;
        if !document.is_live() {
            path::apply_slug(write, id, parent_id, &content.slug).await?;
        }
    }
    if version != base {
        write.record(
            document::entry(DocumentKind::Page, "page.save", id, &content.title).detail(format!("version {version}")),
        );
    }
    Ok(version)
}
