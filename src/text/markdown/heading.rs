//! A heading of a text, as its list of contents names it.

use serde::Serialize;

/// A heading that can be linked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// 2 or 3.
    pub level: u8,
    /// Value of the `id` attribute.
    pub id: String,
    /// Its words without markup.
    pub text: String,
}
