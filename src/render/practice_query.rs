//! What the address of a page with practice questions asks for. Whatever is in it, something is shown; nothing of it is stored.

use std::collections::BTreeMap;

use url::form_urlencoded;

/// The names in an address that show something else than none.
pub(crate) const NAMES: &[&str] = &["area", "question", "exam"];
/// How many papers there are.
pub(super) const PAPERS: u8 = 10;
/// What the name of an answer begins with, before the slug of its question.
const ANSWER: &str = "a.";
/// Most names that are read.
const NAMES_MAX: usize = 200;

#[derive(Debug, Clone, Default)]
pub(crate) struct PracticeQuery {
    /// Slug of the area that is shown with all answers.
    pub(super) area: String,
    /// Slug of the question that is practised, and the letter that was chosen.
    pub(super) question: String,
    pub(super) choice: String,
    /// Number of the paper; 0 for none.
    pub(super) paper: u8,
    /// Whether the paper is to be marked, with these letters by the slugs of their questions.
    pub(super) is_handed_in: bool,
    pub(super) answers: BTreeMap<String, String>,
    /// Whether the page at this address may be kept for others. Only few may, or any address would fill the memory.
    is_kept: bool,
}

impl PracticeQuery {
    #[must_use]
    pub(crate) fn read(query: &str) -> Self {
        let mut read = Self { is_kept: true, ..Self::default() };
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        for (name, value) in pairs.by_ref().take(NAMES_MAX) {
            let value = value.into_owned();
            read.is_kept &= !NAMES.contains(&&*name);
            match &*name {
                "area" => read.area = value,
                "question" => read.question = value,
                "choice" => read.choice = value,
                "exam" => read.paper = value.parse::<u8>().ok().filter(|paper| *paper <= PAPERS).unwrap_or_default(),
                "marked" => read.is_handed_in = true,
                name => {
                    if let Some(slug) = name.strip_prefix(ANSWER) {
                        read.answers.insert(slug.to_owned(), value);
                    }
                }
            }
        }
        read.is_kept |= read.paper > 0 && query == format!("exam={}", read.paper);
        // What is not read may be a name that counts, so each such address would be kept by itself.
        read.is_kept &= pairs.next().is_none();
        read
    }

    /// Whether the reason of a question may be shown, given by the slugs of its area and its own.
    #[must_use]
    pub(super) fn may_show_reason(&self, area: &str, question: &str) -> bool {
        self.is_handed_in || self.area == area || self.question == question
    }

    #[must_use]
    pub(crate) const fn is_kept(&self) -> bool {
        self.is_kept
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_few_addresses_are_kept() {
        for (query, is_kept) in [
            ("", true),
            ("utm_source=x", true),
            ("exam=1", true),
            ("exam=10", true),
            ("exam=01", false),
            ("exam=11", false),
            ("exam=0", false),
            ("exam=1&x=2", false),
            ("area=x", false),
            ("question=x", false),
        ] {
            assert_eq!(PracticeQuery::read(query).is_kept(), is_kept, "{query}");
        }
        let many = "x=1&".repeat(NAMES_MAX);
        assert!(PracticeQuery::read(&many).is_kept());
        assert!(!PracticeQuery::read(&(many + "exam=1")).is_kept());
    }

    #[test]
    fn answers_are_read_by_the_slugs_of_their_questions() {
        let read = PracticeQuery::read("exam=3&marked=yes&a.one=B&a.two=&b.three=C");
        assert_eq!((read.paper, read.is_handed_in, read.answers.len()), (3, true, 2));
        assert_eq!(read.answers["one"], "B");
    }

    proptest! {
        #[test]
        fn any_query_is_read(query in any::<String>()) {
            prop_assert!(PracticeQuery::read(&query).paper <= PAPERS);
        }
    }
}
