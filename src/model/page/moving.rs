//! Moving a page elsewhere in the tree, with everything that depends on its address.

use super::{order, path};
use crate::{
    error::Result,
    model::{link, write::Write},
};

/// See [`order::move_to`]; also reads the relative links of the moved pages again.
pub(crate) async fn move_to(write: &Write, id: i64, parent_id: Option<i64>) -> Result<()> {
    order::move_to(write, id, parent_id).await?;
    link::follow_move(write, &path::of(write, id).await?).await
}
