//! How rows of the field table and fields of types say what a field is.

use super::{Control, Field, FieldGroup, FieldPlace, Required, SearchWeight, Words};
use crate::model::document::kind::DocumentKind;

impl Field {
    /// A field of these kinds of document that may be empty, is public and not searched, among the details.
    #[must_use]
    pub fn new(
        kinds: &[DocumentKind],
        control: Control,
        key: impl Into<Words>,
        label: impl Into<Words>,
        hint: impl Into<Words>,
    ) -> Self {
        Self {
            key: key.into(),
            kinds: kinds.to_vec(),
            label: label.into(),
            hint: hint.into(),
            control,
            limit: 200,
            required: Required::No,
            search: None,
            is_public: true,
            is_findable: true,
            group: FieldGroup::Details,
            is_of_type: false,
            place: None,
            initial: Words::default(),
        }
    }

    #[must_use]
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The same, but it must not be empty.
    #[must_use]
    pub fn required(mut self, required: Required) -> Self {
        self.required = required;
        self
    }

    /// The same, but found by a search.
    #[must_use]
    pub const fn searched(mut self, weight: SearchWeight) -> Self {
        self.search = Some(weight);
        self
    }

    /// The same, but for users of the admin area only.
    #[must_use]
    pub const fn internal(mut self) -> Self {
        self.is_public = false;
        self.is_findable = false;
        self
    }

    /// The same, but visitors only find the document by it.
    #[must_use]
    pub const fn unseen(mut self) -> Self {
        self.is_public = false;
        self
    }

    #[must_use]
    pub const fn in_group(mut self, group: FieldGroup) -> Self {
        self.group = group;
        self
    }

    #[must_use]
    pub(crate) const fn placed(mut self, place: FieldPlace) -> Self {
        self.place = Some(place);
        self
    }

    /// The same with another value in the form of a new document.
    #[must_use]
    pub(crate) fn initially(mut self, value: impl Into<Words>) -> Self {
        self.initial = value.into();
        self
    }
}
