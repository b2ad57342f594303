//! The terms that texts link to, kept in memory until something public changes.

use std::sync::{Arc, PoisonError, RwLock};

use crate::{
    db::conn::Conn,
    error::Result,
    model::glossary_page::{self, LiveTerm},
    site_version::SiteVersion,
    text::markdown::{
        self,
        glossary::{Glossary, LinkedTerm},
    },
    work,
};

/// Most characters of a definition beside a link.
const DEFINITION: usize = 220;

/// None where the site explains no terms.
pub(crate) type SiteGlossary = Arc<Option<Glossary>>;

pub struct GlossaryCache {
    kept: RwLock<Option<(i64, SiteGlossary)>>,
    site_version: SiteVersion,
}

impl GlossaryCache {
    #[must_use]
    pub(crate) fn new(site_version: SiteVersion) -> Self {
        Self { kept: RwLock::default(), site_version }
    }

    /// What visitors may be led to now.
    pub(crate) async fn get(&self, db: &Conn) -> Result<SiteGlossary> {
        let version = self.site_version.get();
        let known = self.kept.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, glossary)) = known.filter(|(of, _)| *of == version) {
            return Ok(glossary);
        }
        let terms = glossary_page::live(db).await?;
        let size: usize = terms.iter().map(|term| term.revision.content.body.len()).sum();
        let read = || Glossary::new(terms.iter().filter(|term| term.is_linked()).filter_map(linked).collect());
        let glossary = Arc::new(work::blocking_if_large(size, read));
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some((version, glossary.clone()));
        Ok(glossary)
    }
}

/// A term as texts link it; none for one that needs words in brackets to be told from others, and has no abbreviation.
fn linked(term: &LiveTerm) -> Option<LinkedTerm> {
    let content = &term.revision.content;
    let mut names = names(&content.title);
    names.extend(Some(term.abbreviation()).filter(|abbreviation| !abbreviation.is_empty()));
    if names.is_empty() {
        return None;
    }
    // More than is shown, so that a sentence can end before.
    let meaning = markdown::plain(&content.body, DEFINITION + 1);
    let definition = format!("{}: {}", content.title, shorten(&meaning));
    Some(LinkedTerm { names, href: format!("{}#{}", term.place_path, term.current_slug), definition })
}

/// “Service level agreement (SLA)” has two names, “Certification (organisation)” none.
fn names(title: &str) -> Vec<String> {
    let Some((full, rest)) = title.split_once(" (") else { return vec![title.to_owned()] };
    let abbreviation = rest.strip_suffix(')').filter(|inner| !inner.chars().any(char::is_lowercase));
    abbreviation.map(|short| vec![full.to_owned(), short.to_owned()]).unwrap_or_default()
}

/// The first sentences that fit.
fn shorten(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(DEFINITION) else { return text.to_owned() };
    match text[..end].rfind(". ") {
        Some(stop) => text[..=stop].to_owned(),
        None => format!("{}…", text[..end].trim_end()),
    }
}
