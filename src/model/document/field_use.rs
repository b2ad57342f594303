//! What is said of a field in addition to what it may hold: when it is required, what it weighs in a search, where forms and pages have it.

use std::borrow::Cow;

/// When a field must not be empty, and what to say when it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Required {
    /// Never.
    No,
    ToSave(Cow<'static, str>),
    ToPublish(Cow<'static, str>),
}

/// What a match in a field weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchWeight {
    /// As much as one in the title.
    Title,
    /// As much as one in a heading.
    Heading,
    /// As much as one in the text.
    Text,
}

/// Where the form has a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldGroup {
    Main,
    /// After the text, always visible: what belongs to the revision and not to the document. It is not compared, merged
    /// or restored.
    Revision,
    Details,
    /// The form sends it without showing it.
    Hidden,
}

/// Where a page shows a field of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldPlace {
    /// At the top, as a key fact.
    Fact,
    /// Below the text, under its label.
    Section,
    /// Nowhere; machines read it.
    Data,
}
