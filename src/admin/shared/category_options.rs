//! The categories that an item can be in, as forms offer them.

use super::admin_context::AdminContext;
use crate::{
    error::Result,
    model::faq::{
        category::{self, Category},
        collection::{self, Collection},
    },
    web::form_errors::SelectOption,
};

/// None first, so that a category that is gone does not silently become another; then page by page in their order, each with its page
/// where there are several.
pub(crate) async fn options(admin: &AdminContext) -> Result<Vec<SelectOption>> {
    let db = admin.app.read();
    let (pages, mut categories) = (collection::all(db).await?, category::all(db).await?);
    let page_of = |category: &Category| pages.iter().position(|page| page.id == category.page_id);
    categories.sort_by_key(|category| (page_of(category).unwrap_or(usize::MAX), category.position, category.id));
    let label = |category: &Category| match page_of(category).and_then(|at| pages.get(at)).map(Collection::label) {
        Some(page) if pages.len() > 1 => format!("{page}: {}", category.title),
        None if !pages.is_empty() => format!("On no page: {}", category.title),
        _ => category.title.clone(),
    };
    let all = categories.iter().map(|category| SelectOption::new(category.id.to_string(), label(category)));
    Ok(std::iter::once(SelectOption::new("", "Choose a category")).chain(all).collect())
}
