//! The pages that the law of many countries asks of a site: how they are called, so that they are found whatever the language.

use crate::text::slug;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LegalPage {
    Imprint,
    Privacy,
}

/// How the page is called, as a slug, in the languages that sites are most often written in. The first one is suggested.
const IMPRINT: [&str; 11] = [
    "imprint",
    "impressum",
    "legal-notice",
    "legal-information",
    "legal",
    "mentions-legales",
    "aviso-legal",
    "note-legali",
    "colofon",
    "kolofon",
    "ficha-tecnica",
];
const PRIVACY: [&str; 16] = [
    "privacy",
    "privacy-policy",
    "privacy-notice",
    "privacy-statement",
    "data-protection",
    "datenschutz",
    "datenschutzerklarung",
    "politique-de-confidentialite",
    "confidentialite",
    "privacidad",
    "politica-de-privacidad",
    "privacidade",
    "informativa-sulla-privacy",
    "privacyverklaring",
    "integritetspolicy",
    "personvern",
];

impl LegalPage {
    pub(crate) const ALL: [Self; 2] = [Self::Imprint, Self::Privacy];

    #[must_use]
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Imprint => "Imprint",
            Self::Privacy => "Privacy",
        }
    }

    const fn slugs(self) -> &'static [&'static str] {
        match self {
            Self::Imprint => &IMPRINT,
            Self::Privacy => &PRIVACY,
        }
    }

    /// The one that is suggested.
    #[must_use]
    pub(crate) const fn slug(self) -> &'static str {
        self.slugs()[0]
    }

    /// Whether the page at this path, with this title, is called so in some language.
    #[must_use]
    pub(crate) fn is_at(self, path: &str, title: &str) -> bool {
        let (last, titled) = (path.rsplit('/').next().unwrap_or_default(), slug::from_title(title));
        self.slugs().iter().any(|name| *name == last || *name == titled)
    }
}
