//! Moving a page elsewhere in the tree, with everything that depends on its path.

use super::{order, tree::PageNode};
use crate::{
    error::Result,
    model::{link, write::Write},
};

/// See [`order::move_to`]; also reads the relative links of the moved pages again.
pub(crate) async fn move_to(write: &Write, page: &PageNode, parent: Option<&PageNode>) -> Result<()> {
    let path = order::move_to(write, page, parent).await?;
    link::follow_move(write, &path).await
}
