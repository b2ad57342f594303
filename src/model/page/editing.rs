//! Making pages, and putting them where their revisions say. What is saved is not public; `publishing` makes it so.

use super::{
    order,
    path::{self, PageLocation},
    tree,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{
        document::{
            content::Content,
            kind::{DocumentAction, DocumentKind},
            record::Document,
            revision::{self, Revision},
            rules::DocumentRules,
        },
        link::binding::bind_to_redirected,
        write::Write,
    },
};

/// Makes a page at the end of the children of `parent_id` (`None`: the uppermost level).
/// `Validation` on `slug` when the path is taken, on `under` when nothing can be below that parent.
pub async fn create(write: &Write, parent_id: Option<i64>, content: Content) -> Result<(Document, Revision)> {
    if let Some(parent) = parent_id {
        check_parent(write, parent).await?;
    }
    let path = path::ensure_free(write, &write.rules, 0, (parent_id, &content.slug)).await?;
    insert(write, parent_id, &path, content).await
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

/// Makes the front page.
/// `Conflict` when there is one.
pub(crate) async fn create_home(write: &Write, content: Content) -> Result<(Document, Revision)> {
    if tree::id_at(write, path::HOME).await?.is_some() {
        return Err(Error::Conflict("there is a front page already".to_owned()));
    }
    insert(write, None, path::HOME, content).await
}

async fn insert(write: &Write, parent_id: Option<i64>, path: &str, content: Content) -> Result<(Document, Revision)> {
    bind_to_redirected(write, path).await?;
    let mut document = Document::insert(write, DocumentKind::Page).await?;
    let position = order::end(write, parent_id).await?;
    let slug = if path == path::HOME { "" } else { content.slug.as_str() };
    write
        .execute(
            "insert into page (document_id, parent_id, slug, path, position) values ($1, $2, $3, $4, $5)",
            (document.id, parent_id, slug, path, position),
        )
        .await?;
    let first = revision::add(write, &mut document, None, content).await?;
    let entry = document.entry(DocumentAction::Create, &first.content.title);
    write.record(entry.detail(format!("at {path}")));
    Ok((document, first))
}

/// Whether a page can have the path that a revision of it names.
/// `Validation` on `slug` when it is taken.
pub(in crate::model) async fn check_location(
    db: &Conn,
    rules: &DocumentRules,
    id: i64,
    content: &Content,
) -> Result<()> {
    let location = PageLocation::of(db, id).await?;
    let path = location.path.ok_or(Error::NotFound)?;
    if path != path::HOME && location.slug != content.slug {
        path::ensure_free(db, rules, id, (location.parent_id, &content.slug)).await?;
    }
    Ok(())
}

/// Gives a page the path that a revision of it names, and gives that path.
/// `Validation` on `slug` when it is taken.
pub(in crate::model) async fn apply_location(write: &Write, id: i64, content: &Content) -> Result<String> {
    let location = PageLocation::of(write, id).await?;
    let parent_id = location.parent_id;
    path::move_from(write, id, location, (parent_id, &content.slug)).await
}
