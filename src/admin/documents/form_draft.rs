//! What the form of a document says about the draft that its text continues.

use serde::Serialize;

use crate::{clock::Timestamp, model::document::draft::DraftOrigin};

/// Which draft the text of a form continues, see [`DraftOrigin`].
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct FormDraft {
    /// Names the draft of a new document; empty for one that is saved.
    pub(crate) key: String,
    pub(crate) seen: i64,
    pub(crate) sequence: i64,
    pub(crate) tab: String,
    /// The tab that sent what is stored.
    pub(crate) kept_by: String,
    /// Id of the user whose screen it was; empty when the form does not say.
    #[serde(skip)]
    pub(crate) user: String,
    /// Whether the form says which draft it continues. One that does not keeps none and ends none.
    #[serde(skip)]
    pub(crate) is_told: bool,
    /// Since when the text of the form is kept as a draft, if it is.
    #[serde(skip)]
    pub(crate) saved_at: Option<Timestamp>,
}

impl FormDraft {
    /// Takes a field of the form.
    pub(super) fn set(&mut self, name: &str, value: String) {
        match name {
            "draft" => self.key = value,
            "draft_seen" => (self.seen, self.is_told) = (value.trim().parse().unwrap_or(0), true),
            "draft_sequence" => self.sequence = value.trim().parse().unwrap_or(0),
            "draft_tab" => self.tab = value,
            "draft_user" => self.user = value,
            _ => {}
        }
    }

    #[must_use]
    pub(crate) fn origin(&self) -> DraftOrigin {
        DraftOrigin { seen: self.seen, sequence: self.sequence, tab: self.tab.clone() }
    }

    /// Goes on from what is stored now.
    pub(crate) fn follow(&mut self, sequence: i64, saved_at: Option<Timestamp>) {
        (self.seen, self.sequence, self.saved_at) = (sequence, sequence, saved_at);
        self.kept_by = std::mem::take(&mut self.tab);
    }

    /// Whether it can name the draft of a new document: as random as the screen makes it.
    #[must_use]
    pub(crate) fn names_new(&self) -> bool {
        self.key.len() == DRAFT_KEY
            && self.key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    }
}

/// Length of the name of a new document's draft.
const DRAFT_KEY: usize = 43;

#[cfg(test)]
impl crate::state::template_samples::Sample for FormDraft {
    fn sample(random: &mut crate::state::template_samples::Random) -> Self {
        use crate::state::template_samples::Sample;
        let [key, tab, kept_by] = std::array::from_fn(|_| Sample::sample(random));
        let [seen, sequence] = std::array::from_fn(|_| Sample::sample(random));
        Self { key, seen, sequence, tab, kept_by, ..Self::default() }
    }
}
