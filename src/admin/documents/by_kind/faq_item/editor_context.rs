//! What the editor shows around the form of a question: where visitors find the answer, and that it needs a category.

use crate::{
    admin::{
        documents::{
            editor_context::{EditorContext, Link, Missing},
            paths,
        },
        paths::NewFaqCategoryPath,
        shared::admin_context::AdminContext,
    },
    error::Result,
    model::{
        document::{kind::DocumentKind, record::Document},
        faq::{category, collection, location},
        policy::Action,
    },
};

pub(crate) async fn of(admin: &AdminContext, document: &Document) -> Result<EditorContext> {
    let path = if document.is_live() { portal(admin, document.id).await? } else { String::new() };
    let copy = paths::new_from(DocumentKind::FaqItem, &document.id.to_string(), "");
    let more = vec![Link { label: "Copy this question".to_owned(), path: copy }];
    Ok(EditorContext { path, more, ..of_new(admin).await? })
}

pub(crate) async fn of_new(admin: &AdminContext) -> Result<EditorContext> {
    let is_missing = category::all(admin.app.read()).await?.is_empty();
    Ok(EditorContext {
        missing: is_missing.then(|| describe_missing(admin)),
        ..EditorContext::of_kind(DocumentKind::FaqItem)
    })
}

fn describe_missing(admin: &AdminContext) -> Missing {
    let title = "No categories yet";
    if !admin.may(Action::Publish) {
        return Missing {
            title,
            text: "Every question is in a category. Ask someone who may publish to make the first one.",
            note: "There is no category any more. Ask someone who may publish to make one, then save again here.",
            link: None,
        };
    }
    Missing {
        title,
        text: "Every question is in a category. Make the first category, then write its questions.",
        note: "There is no category any more. Make one in a new window, then save again here and choose it.",
        link: Some(Link { label: "New category".to_owned(), path: NewFaqCategoryPath.to_string() }),
    }
}

/// Where visitors find it: its page, at the present slug.
async fn portal(admin: &AdminContext, id: i64) -> Result<String> {
    let page = collection::live_of(admin.app.read(), id).await?;
    let slug = location::of(admin.app.read(), id).await?.slug;
    Ok(match (page, slug) {
        (Some(page), Some(slug)) => format!("{}#{slug}", page.path),
        _ => String::new(),
    })
}
