//! What a revision holds: the core fields as SQL and the program need them, and the values of all others by key.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    choices::{Layout, Menu},
    extra_fields::ExtraFields,
    field::Required,
    fields::DocumentFields,
    input::DocumentInput,
    keys,
};
use crate::{
    error::ValidationErrors,
    text::{clean, slug},
};

/// What a revision holds. Made by [`Content::parse`], so it is never out of bounds.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
#[allow(missing_docs, reason = "the fields of the same names")]
pub struct Content {
    pub title: String,
    pub slug: String,
    /// Key of its type; empty for none.
    pub document_type: String,
    pub category_id: Option<i64>,
    pub clause_number: String,
    pub menu_label: String,
    pub menu: Menu,
    pub layout: Layout,
    pub summary: String,
    pub body: String,
    pub owner: String,
    pub review_by: Option<String>,
    pub change_note: String,
    #[sqlx(rename = "fields", try_from = "String")]
    pub extra: ExtraFields,
}

impl Content {
    /// Checks and cleans what was typed; fields that documents of this kind do not have are ignored.
    /// Errors: one sentence for each field at fault, in the order of the form.
    pub(crate) fn parse(fields: &DocumentFields, typed: &DocumentInput) -> Result<Self, ValidationErrors> {
        Self::parse_stored(fields, typed, &BTreeSet::new())
    }

    /// The same, but the values of fields of types with these keys are taken as they are: they were stored while their fields were
    /// others.
    pub(crate) fn parse_stored(
        fields: &DocumentFields,
        typed: &DocumentInput,
        unfit: &BTreeSet<String>,
    ) -> Result<Self, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let mut values = DocumentInput::default();
        for field in fields.all() {
            let text = typed.get(&field.key);
            if field.is_of_type && unfit.contains(&*field.key) {
                values.set(&field.key, clean::lines(text));
                continue;
            }
            let parsed = field.parse(text, values.get(keys::TITLE));
            values.set(&field.key, errors.take(&field.key, parsed));
        }
        errors.finish(|| Self::of_values(&values))
    }

    /// The same, but faulty fields are left empty: for previews.
    #[must_use]
    pub(crate) fn parse_what_fits(fields: &DocumentFields, typed: &DocumentInput) -> Self {
        let mut values = DocumentInput::default();
        for field in fields.all() {
            let value = field.parse(typed.get(&field.key), values.get(keys::TITLE)).unwrap_or_default();
            values.set(&field.key, value);
        }
        Self::of_values(&values)
    }

    fn of_values(values: &DocumentInput) -> Self {
        let own = |key: &str| values.get(key).to_owned();
        Self {
            title: own(keys::TITLE),
            slug: own(keys::SLUG),
            document_type: own(keys::TYPE),
            category_id: values.get(keys::CATEGORY).parse().ok(),
            clause_number: own(keys::CLAUSE_NUMBER),
            menu_label: own(keys::MENU_LABEL),
            menu: Menu::from_name(values.get(keys::MENU)).unwrap_or_default(),
            layout: Layout::from_name(values.get(keys::LAYOUT)).unwrap_or_default(),
            summary: own(keys::SUMMARY),
            body: own(keys::BODY),
            owner: own(keys::OWNER),
            review_by: Some(own(keys::REVIEW_BY)).filter(|day| !day.is_empty()),
            change_note: own(keys::CHANGE_NOTE),
            extra: ExtraFields::of(values),
        }
    }

    /// The value of a field, as it would be typed.
    #[must_use]
    pub(crate) fn value(&self, key: &str) -> Cow<'_, str> {
        Cow::Borrowed(match key {
            keys::TITLE => &self.title,
            keys::SLUG => &self.slug,
            keys::TYPE => &self.document_type,
            keys::CATEGORY => return self.category_id.map_or_else(Cow::default, |id| id.to_string().into()),
            keys::CLAUSE_NUMBER => &self.clause_number,
            keys::MENU_LABEL => &self.menu_label,
            keys::MENU => self.menu.as_str(),
            keys::LAYOUT => self.layout.as_str(),
            keys::SUMMARY => &self.summary,
            keys::BODY => &self.body,
            keys::OWNER => &self.owner,
            keys::REVIEW_BY => self.review_by.as_deref().unwrap_or_default(),
            keys::CHANGE_NOTE => &self.change_note,
            key => self.extra.get(key),
        })
    }

    /// The same as it would be typed, to fill a form.
    #[must_use]
    pub fn to_input(&self) -> DocumentInput {
        let mut input = DocumentInput::default();
        for key in keys::CORE.into_iter().chain(self.extra.iter().map(|(key, _)| key)) {
            input.set(key, self.value(key));
        }
        input
    }

    #[must_use]
    pub fn with(&self, key: &str, value: &str) -> Self {
        Self::of_values(&self.to_input().with(key, value))
    }

    #[must_use]
    pub fn empty(title: &str) -> Self {
        let slug = slug::from_title(title);
        Self::of_values(&DocumentInput::default().with(keys::TITLE, title).with(keys::SLUG, slug))
    }

    /// Whether nothing differs except a missing note, so that there is no change.
    #[must_use]
    pub(crate) fn adds_nothing_to(&self, stored: &Self) -> bool {
        let with_its_note = || Self { change_note: stored.change_note.clone(), ..self.clone() };
        *stored == *self || self.change_note.is_empty() && with_its_note() == *stored
    }

    /// What visitors may see of the values without a column of their own for which templates have a place, in words, by key.
    #[must_use]
    pub(crate) fn public_values(&self, fields: &DocumentFields) -> BTreeMap<String, String> {
        let public = self.extra.iter().filter_map(|(key, value)| {
            let field = fields.get(key).filter(|field| field.is_public && field.place.is_none())?;
            Some((key.to_owned(), field.label_of(value).unwrap_or(value.into()).into_owned()))
        });
        public.collect()
    }

    /// Whether this can become public.
    /// Errors: one sentence for each field that is missing.
    pub(crate) fn check_publishable(&self, fields: &DocumentFields) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        for field in fields.all() {
            if let Required::ToPublish(sentence) = &field.required
                && field.is_empty(&self.value(&field.key))
            {
                errors.add(&field.key, sentence.clone());
            }
        }
        if self.extra.get(keys::TEMPLATE) == "yes" {
            errors.add(keys::TEMPLATE, "A template is never published. Make a new one from it, or untick “Template”");
        }
        errors.finish(|| ())
    }

    /// Whether the values without a column of their own fit these fields.
    /// Errors: one sentence for each field at fault.
    pub(crate) fn check_extra(&self, fields: &DocumentFields) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        for (key, value) in self.extra.iter() {
            let known = fields.get(key).filter(|_| !keys::CORE.contains(&key));
            match known.map(|field| field.parse(value, &self.title)) {
                Some(Ok(stored)) if stored == value => {}
                // It was taken while its field was another; only a form asks to change it.
                _ if known.is_some_and(|field| field.is_of_type) => {}
                Some(Ok(_)) => errors.add(key, "This value is not as it would be stored"),
                Some(Err(sentence)) => errors.add(key, sentence),
                None => errors.add(key, format!("A {} has no field “{key}”", fields.kind.noun())),
            }
        }
        errors.finish(|| ())
    }

    #[must_use]
    pub(crate) fn label(&self) -> &str {
        label(&self.title, &self.menu_label)
    }

    /// The title behind its number, if it has one that it does not say itself.
    #[must_use]
    pub(crate) fn numbered_title(&self) -> String {
        numbered(&self.title, &self.clause_number)
    }
}

/// A title behind its number. “Part 1 Part 1” says nothing more than “Part 1”.
#[must_use]
pub(crate) fn numbered(title: &str, number: &str) -> String {
    if number.is_empty() || number == title { title.to_owned() } else { format!("{number} {title}") }
}

/// The words for menus and breadcrumbs of a page with this title and label.
#[must_use]
pub(crate) const fn label<'a>(title: &'a str, menu_label: &'a str) -> &'a str {
    if menu_label.is_empty() { title } else { menu_label }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::{fields::FieldTable, kind::DocumentKind};

    fn typed(values: &[(&str, &str)]) -> DocumentInput {
        values.iter().fold(DocumentInput::default(), |typed, (key, value)| typed.with(key, *value))
    }

    fn faults(typed: &DocumentInput, kind: DocumentKind) -> Vec<String> {
        let fault = Content::parse(&FieldTable::default().of(kind, ""), typed).unwrap_err();
        fault.list.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let bad = typed(&[("slug", "No Good"), ("layout", "cinema"), ("review_by", "soon")]);
        assert_eq!(faults(&bad, DocumentKind::Page), ["title", "slug", "layout", "review_by"]);
        assert_eq!(faults(&DocumentInput::default(), DocumentKind::FaqItem), ["title", "body", "category"]);
    }

    #[test]
    fn what_is_typed_is_cleaned_but_kept() {
        let typed = typed(&[("title", "  A\ttitle\0 of \r\n two "), ("body", "one\r\ntwo\0\u{7}\n"), ("x", "y")]);
        let table = FieldTable::default();
        let fields = &table.of(DocumentKind::Page, "");
        let content = Content::parse(fields, &typed).unwrap();
        assert_eq!((content.title.as_str(), content.slug.as_str()), ("A title of two", "a-title-of-two"));
        assert_eq!((content.body.as_str(), content.extra.iter().count()), ("one\ntwo", 0));
        assert_eq!(Content::parse(fields, &content.to_input()).unwrap(), content);
    }

    #[test]
    fn a_value_without_a_row_is_refused() {
        let table = FieldTable::default();
        let content = Content::empty("A");
        assert_eq!(content.check_extra(&table.of(DocumentKind::Page, "")), Ok(()));
        let content = content.with("audience", "Auditors");
        let refused = content.check_extra(&table.of(DocumentKind::Page, "")).unwrap_err();
        assert_eq!(refused.list[0].message, "A page has no field “audience”");
    }

    #[test]
    fn every_core_field_has_a_value_of_its_own() {
        for (at, key) in keys::CORE.into_iter().enumerate() {
            let value = match key {
                keys::CATEGORY => "7".to_owned(),
                keys::MENU => "footer".to_owned(),
                keys::LAYOUT => "path".to_owned(),
                _ => format!("value {at}"),
            };
            let content = Content::of_values(&DocumentInput::default().with(key, value.as_str()));
            assert_eq!((content.value(key).as_ref(), content.extra.iter().count()), (value.as_str(), 0), "{key}");
        }
    }
}
