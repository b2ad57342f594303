//! The terms that texts link to, kept in memory until something public changes.

use std::sync::{Arc, PoisonError, RwLock};

use crate::{
    db::conn::Conn,
    error::Result,
    model::glossary_page,
    site_version::SiteVersion,
    text::markdown::{
        contents::{Term, terms},
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
        let pages = glossary_page::live(db).await?;
        let of_page = |page: &glossary_page::GlossaryPage| {
            let link = |term: Term| linked(&page.path, &term);
            work::blocking_if_large(page.body.len(), || terms(&page.body))
                .into_iter()
                .filter_map(link)
                .collect::<Vec<_>>()
        };
        let glossary = Arc::new(Glossary::new(pages.iter().flat_map(of_page).collect()));
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some((version, glossary.clone()));
        Ok(glossary)
    }
}

/// A term of the page at `path`; none for one that needs words in brackets to be told from others.
fn linked(path: &str, term: &Term) -> Option<LinkedTerm> {
    let mut names = Vec::new();
    match term.words.split_once(" (") {
        None => names.push(term.words.clone()),
        Some((full, rest)) => {
            let abbreviation = rest.strip_suffix(')').filter(|inner| !inner.chars().any(char::is_lowercase))?;
            names.extend([full.to_owned(), abbreviation.to_owned()]);
        }
    }
    let definition = format!("{}: {}", term.words, shorten(&term.description));
    Some(LinkedTerm { names, href: format!("{path}#{}", term.id), definition })
}

/// The first sentences that fit.
fn shorten(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(DEFINITION) else { return text.to_owned() };
    match text[..end].rfind(". ") {
        Some(stop) => text[..=stop].to_owned(),
        None => format!("{}…", text[..end].trim_end()),
    }
}
