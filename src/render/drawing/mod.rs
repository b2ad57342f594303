//! Pictures of the pages below a page, for `templates/site/drawing.html`: each as shapes with their places, once for wide
//! screens and paper and once for narrow screens. They come from the tree alone, so a page that is renamed or moved
//! changes them. Knows no colour and no type: those are in `site.css`.

mod family;
mod lines;
mod path;
pub(crate) mod picture;
mod structure;

use self::picture::DrawingView;
use super::navigation;
use crate::{
    error::Result,
    model::document::{choices::Drawing, content::Content, keys},
    state::page_lists::PageLists,
};

/// The picture that a page asks for; none when nothing is below it that the picture shows.
pub(crate) async fn drawing(lists: PageLists<'_>, content: &Content, own: (i64, &str)) -> Result<Option<DrawingView>> {
    let Some(drawing) = Drawing::from_name(&content.value(keys::DRAWING)) else { return Ok(None) };
    let depth = if drawing == Drawing::Structure { 2 } else { 1 };
    let children = navigation::children(lists, own, depth).await?;
    Ok(match drawing {
        Drawing::Path => path::view(&children),
        Drawing::Family => family::view(&children),
        Drawing::Structure => structure::view(&children),
    })
}
