//! What was looked up of the things that a text names, before it is rendered.

use super::{
    embedded::EmbeddedParts, glossary::Glossary, links::LinkAddresses, media::MediaSources, table_files::TableFiles,
};

/// Nothing is known of what is not given: then a text shows and links to what it says.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KnownTargets<'a> {
    pub(crate) media: Option<&'a MediaSources>,
    pub(crate) links: Option<&'a LinkAddresses>,
    pub(crate) embedded: Option<&'a EmbeddedParts>,
    pub(crate) glossary: Option<&'a Glossary>,
    /// Where visitors get the tables of the text as files.
    pub(crate) tables: Option<TableFiles<'a>>,
}
