//! Where documents live, which differs between their kinds: pages in a tree, items in categories of a page. Callers do not have to
//! know the kind.

use super::{content::Content, kind::DocumentKind, record::Document, revision::Revision, rules::DocumentRules};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        faq::{self, category, collection, item, location},
        page::{
            self, editing,
            path::{self, HOME},
        },
        write::Write,
    },
};

/// Makes a document with its first revision; a page below `parent`.
/// `Validation` on the field at fault; `under` when there is no such parent.
pub(crate) async fn create(
    write: &Write,
    kind: DocumentKind,
    parent: Option<i64>,
    content: Content,
) -> Result<(Document, Revision)> {
    match kind {
        DocumentKind::Page => editing::create(write, parent, content).await,
        DocumentKind::FaqItem => item::create(write, content).await,
    }
}

/// Whether a document can have the place that a revision of it names.
/// `Validation` on the field at fault.
pub(in crate::model) async fn check(
    db: &Conn,
    rules: &DocumentRules,
    document: &Document,
    content: &Content,
) -> Result<()> {
    match document.kind {
        DocumentKind::Page => editing::check_location(db, rules, document.id, content).await,
        DocumentKind::FaqItem => item::check_location(db, document.id, content).await,
    }
}

/// Puts a document in the place that a revision of it names. Gives the path of one that others can be below.
/// `Validation` on the field at fault.
pub(in crate::model) async fn apply(write: &Write, document: &Document, content: &Content) -> Result<Option<String>> {
    match document.kind {
        DocumentKind::Page => editing::apply_location(write, document.id, content).await.map(Some),
        DocumentKind::FaqItem => {
            item::apply_location(write, document.id, content).await?;
            Ok(None)
        }
    }
}

/// Takes its place from a document that goes to the trash, so that another one can have it.
pub(in crate::model) async fn clear(write: &Write, document: &Document) -> Result<()> {
    match document.kind {
        DocumentKind::Page => page::restoring::clear_path(write, document.id).await,
        DocumentKind::FaqItem => faq::restoring::clear_slug(write, document.id).await,
    }
}

/// Puts a document back where it was before it was trashed; `revision` is the one that visitors saw, or the newest.
/// `Conflict` with the reason when that is taken or gone.
pub(in crate::model) async fn put_back(write: &Write, document: &Document, revision: &Revision) -> Result<()> {
    match document.kind {
        DocumentKind::Page => page::restoring::put_back(write, document.id).await,
        DocumentKind::FaqItem => faq::restoring::put_back(write, document.id, &revision.content.slug).await,
    }
}

/// Brings a document back from the trash, near where it was. Returns the path or slug that it would have if nothing had
/// changed meanwhile, and the one that it has.
/// `Conflict` when there is no free one.
pub(in crate::model) async fn restore(
    write: &Write,
    document: &Document,
    newest: &Revision,
) -> Result<(String, String)> {
    let before = &newest.content.slug;
    match document.kind {
        DocumentKind::Page => page::restoring::restore(write, document.id).await,
        DocumentKind::FaqItem => Ok((before.clone(), faq::restoring::restore(write, document.id, before).await?)),
    }
}

/// Whether documents of this kind are in the tree of pages, so that others can be below them.
#[must_use]
pub(crate) const fn is_in_tree(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::Page)
}

/// The page above a document; none on the uppermost level, and for what is in no tree.
pub(crate) async fn parent(db: &Conn, document: &Document) -> Result<Option<Document>> {
    let sql = "select d.* from page p join document d on d.id = p.parent_id where p.document_id = $1";
    Ok(db.optional(sql, (document.id,)).await?)
}

/// The pages above a document that are not published, the uppermost first.
pub(in crate::model) async fn unpublished_above(db: &Conn, document: &Document) -> Result<Vec<Document>> {
    let sql = "with recursive above (id, depth) as (select parent_id, 1 from page where document_id = $1 union all \
               select p.parent_id, a.depth + 1 from above a join page p on p.document_id = a.id) \
               select d.* from above a join document d on d.id = a.id where d.published_revision_id is null \
               order by a.depth desc";
    Ok(db.all(sql, (document.id,)).await?)
}

/// The path of a document that others can be below; none for one in the trash, and for what is in no tree.
pub(crate) async fn tree_path(db: &Conn, document: &Document) -> Result<Option<String>> {
    Error::optional(path::of(db, document.id).await)
}

/// The path of the page that shows a document: its own, or that of the page with the item.
/// `NotFound` for a page in the trash.
pub(crate) async fn public_path(db: &Conn, kind: DocumentKind, id: i64) -> Result<String> {
    match kind {
        DocumentKind::Page => path::of(db, id).await,
        DocumentKind::FaqItem => path_of_collection(db, location::of(db, id).await?.page_id).await,
    }
}

/// The path of the page that shows an item in a category; of the usual page while none is chosen.
pub(crate) async fn path_in_category(db: &Conn, category: Option<i64>) -> Result<String> {
    let chosen = match category {
        Some(id) => Error::optional(category::get(db, id).await)?,
        None => None,
    };
    let page_id = match chosen {
        Some(category) => category.page_id,
        None => collection::usual(db).await?,
    };
    path_of_collection(db, page_id).await
}

async fn path_of_collection(db: &Conn, page_id: i64) -> Result<String> {
    Ok(collection::find(db, page_id).await?.map_or_else(|| HOME.to_owned(), |page| page.path))
}
