//! The contact form.

use crate::{
    error::Result,
    face::{page_view::ContactView, state::App},
};

/// An empty form, or the thanks for the message with the reference `sent`.
pub async fn fresh(_app: &App, _sent: &str) -> Result<ContactView> {
    Ok(ContactView::default())
}
