//! Moving a page elsewhere in the tree, with what depends on where it is.

use super::{order, path};
use crate::{
    error::Result,
    model::{link, write::Write},
};

/// See [`order::move_to`]; what relative links on the moved pages lead to is known again.
pub(crate) async fn move_to(write: &Write, id: i64, parent_id: Option<i64>) -> Result<()> {
    order::move_to(write, id, parent_id).await?;
    link::follow_move(write, &path::of(write, id).await?).await
}
