//! Forms for values without versions. Such a form carries the values it was rendered with, so that saving it changes only
//! the fields that its user changed. A field that someone else changed in the meantime keeps their value; if both
//! changed it, nothing is saved, and the form shows both values with who changed them, and requires a choice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use super::{
    admin_context::AdminContext,
    form_outcome::{FieldConflict, FormState},
};
use crate::{
    error::{Error, Result, ValidationErrors},
    model::audit_log,
    web::form_errors::FormErrors,
};

/// Prefix of the hidden field with the old value of a field.
const WAS: &str = "was_";
/// Prefix of the hidden field that marks a field for which a choice was required.
const CLASH: &str = "clash_";
/// Prefix of the field with the choice.
const KEEP: &str = "keep_";
const THEIRS: &str = "theirs";
const MINE: &str = "mine";
/// Entries of the audit log that are looked through for the last change of a field.
const ENTRIES: i64 = 100;

/// The values a form was rendered with, by field, and the choices between two values. Add it to a form with
/// `#[serde(flatten)]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct FormBase(BTreeMap<String, String>);

/// A field as typed, already cleaned, and as stored now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FormField<'a> {
    pub name: &'static str,
    pub label: &'static str,
    pub typed: &'a str,
    pub now: &'a str,
}

/// Where the audit log says who changed the values of a form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Log {
    pub(crate) action: &'static str,
    /// The id of what they are about.
    pub(crate) subject_id: Option<i64>,
    /// Whether the detail of an entry names a field; none when each entry is about all fields.
    pub(crate) names: Option<fn(detail: &str, field: &str) -> bool>,
}

/// What to save, or to show again.
#[derive(Debug, Default)]
pub(crate) struct MergedForm {
    values: BTreeMap<&'static str, Value>,
    /// Fields that clash, or did when the form was last shown, with the choice made since.
    clashes: Vec<FieldConflict>,
    /// One sentence for each choice that is missing.
    pub(crate) invalid: ValidationErrors,
    changed: bool,
}

#[derive(Debug, Default)]
struct Value {
    saved: String,
    displayed: String,
}

impl MergedForm {
    /// The value of a field to save: as chosen or typed where its user changed it, otherwise as stored.
    #[must_use]
    pub(crate) fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |value| &value.saved)
    }

    /// The value of a field to show in the form: as typed where its user changed it, otherwise as stored.
    #[must_use]
    pub(crate) fn displayed_value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |value| &value.displayed)
    }

    /// Whether nothing may be saved before its user has chosen between two values.
    #[must_use]
    pub(crate) fn needs_choice(&self) -> bool {
        !self.invalid.list.is_empty() || self.clashes.iter().any(|clash| clash.is_new)
    }

    /// To show the form because it needs a choice.
    #[must_use]
    pub(crate) fn into_state(self) -> FormState {
        FormState { errors: self.invalid.into(), clashes: self.clashes }
    }

    /// To show it for another reason: with the clashes that its user has seen and answers.
    #[must_use]
    pub(crate) fn into_state_with(self, errors: impl Into<FormErrors>) -> FormState {
        let clashes = self.clashes.into_iter().filter(|clash| clash.was_shown);
        FormState {
            errors: errors.into(),
            clashes: clashes.map(|clash| FieldConflict { is_new: false, ..clash }).collect(),
        }
    }

    /// `Conflict` that says so when the user changed nothing.
    pub(crate) fn check_changed(&self) -> Result<()> {
        if self.changed {
            return Ok(());
        }
        Err(Error::Conflict("You changed nothing, so nothing was saved.".to_owned()))
    }

    /// Names who changed the values that clash, and when.
    pub(crate) async fn name_authors(&mut self, admin: &AdminContext, log: Log) -> Result<()> {
        if self.clashes.is_empty() {
            return Ok(());
        }
        let changes = audit_log::changes(admin.app.read(), log.action, log.subject_id, ENTRIES).await?;
        for clash in &mut self.clashes {
            let names = |detail: &str| log.names.is_none_or(|names| names(detail, clash.name));
            let found = changes.iter().find(|change| names(&change.detail));
            if let Some(change) = found {
                clash.own = change.actor_id == Some(admin.user.id);
                clash.by = if clash.own { "You, in another window".to_owned() } else { change.actor_name.clone() };
                clash.when = Some(admin.when(change.at));
            }
        }
        Ok(())
    }
}

/// For the template: the old values by the names of their hidden fields.
impl Serialize for FormBase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.hidden())
    }
}

impl FormBase {
    /// For a form that shows `fields` as they are stored.
    #[must_use]
    pub(crate) fn of(fields: &[FormField]) -> Self {
        Self(fields.iter().map(|field| (format!("{WAS}{}", field.name), field.now.to_owned())).collect())
    }

    /// For the template: old values by the names of their hidden fields.
    #[must_use]
    pub(crate) fn hidden(&self) -> BTreeMap<&str, &str> {
        self.0
            .iter()
            .filter(|(name, _)| name.starts_with(WAS))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// Whether its user saw all `fields` as they are now; a form without them says no.
    #[must_use]
    pub(crate) fn is_current(&self, fields: &[FormField]) -> bool {
        let is_now =
            |field: &FormField| self.get(WAS, field.name).is_some_and(|was| was.replace("\r\n", "\n") == field.now);
        fields.iter().all(is_now)
    }

    /// Merges what was typed with what others have saved since the form was rendered. Without an old value there is no
    /// telling whether the user changed a field, so a value that differs from the stored one clashes.
    #[must_use]
    pub(crate) fn merge(&self, fields: &[FormField]) -> MergedForm {
        let mut merged = MergedForm::default();
        for field in fields {
            self.merge_field(&mut merged, field);
        }
        merged
    }

    fn merge_field(&self, merged: &mut MergedForm, field: &FormField) {
        let was = self.get(WAS, field.name).map(|was| was.replace("\r\n", "\n"));
        let was_asked = self.get(CLASH, field.name).is_some() && was.is_some();
        let keep = match self.get(KEEP, field.name) {
            Some(THEIRS) if was_asked => THEIRS,
            Some(MINE) if was_asked => MINE,
            _ => "",
        };
        let typed = was.as_deref().filter(|_| keep == THEIRS).unwrap_or(field.typed);
        let left_alone = was.as_deref() == Some(typed);
        let is_new_clash = !left_alone && was.as_deref() != Some(field.now) && typed != field.now;
        if is_new_clash || was_asked {
            merged.clashes.push(FieldConflict {
                name: field.name,
                label: field.label,
                theirs: field.now.to_owned(),
                mine: field.typed.to_owned(),
                keep: if is_new_clash { "" } else { keep },
                by: String::new(),
                own: false,
                when: None,
                was_shown: was_asked,
                is_new: is_new_clash,
            });
        }
        if was_asked && keep.is_empty() && !is_new_clash && typed != field.now {
            let sentence = format!("{}: choose which value to keep", field.label);
            merged.invalid.add(&format!("{KEEP}{}", field.name), sentence);
        }
        let saved = if left_alone { field.now } else { typed };
        let displayed = if left_alone && keep.is_empty() { field.now } else { field.typed };
        merged.changed |= saved != field.now;
        merged.values.insert(field.name, Value { saved: saved.to_owned(), displayed: displayed.to_owned() });
    }

    fn get(&self, prefix: &str, name: &str) -> Option<&str> {
        self.0.get(&format!("{prefix}{name}")).map(String::as_str)
    }
}

#[cfg(test)]
impl crate::state::template_samples::Sample for FormBase {
    fn sample(random: &mut crate::state::template_samples::Random) -> Self {
        Self(BTreeMap::from([(format!("{WAS}name"), crate::state::template_samples::Sample::sample(random))]))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    fn base(was: &str) -> FormBase {
        FormBase(BTreeMap::from([("was_a".to_owned(), was.to_owned()), ("submission".to_owned(), "x".to_owned())]))
    }

    fn merge(base: &FormBase, typed: &str, now: &str) -> (String, bool, bool) {
        let merged = base.merge(&[FormField { name: "a", label: "A", typed, now }]);
        (merged.value("a").to_owned(), merged.changed, !merged.needs_choice())
    }

    #[test]
    fn only_what_was_changed_is_saved() {
        let ok = |value: &str, changed| (value.to_owned(), changed, true);
        assert_eq!(merge(&base("old"), "old", "old"), ok("old", false));
        assert_eq!(merge(&base("old"), "mine", "old"), ok("mine", true));
        assert_eq!(merge(&base("old"), "old", "theirs"), ok("theirs", false));
        assert_eq!(merge(&base("old"), "same", "same"), ok("same", false));
        assert_eq!(merge(&base("1\r\n2"), "1\n2", "theirs"), ok("theirs", false));
        assert_eq!(merge(&base("old"), "mine", "theirs"), ("mine".to_owned(), true, false));
        assert_eq!(merge(&FormBase::default(), "mine", "theirs"), ("mine".to_owned(), true, false));
        assert_eq!(merge(&FormBase::default(), "same", "same"), ok("same", false));
        assert_eq!(base("old").hidden(), BTreeMap::from([("was_a", "old")]));
    }

    #[test]
    fn a_clash_that_was_shown_requires_a_choice() {
        let asked = |keep: &str| {
            let mut base = base("theirs");
            base.0.insert("clash_a".to_owned(), "yes".to_owned());
            base.0.insert("keep_a".to_owned(), keep.to_owned());
            base
        };
        for keep in ["", "nonsense"] {
            let merged = asked(keep).merge(&[FormField { name: "a", label: "A", typed: "mine", now: "theirs" }]);
            assert!(merged.needs_choice());
            assert_eq!(merged.displayed_value("a"), "mine");
            assert_eq!(merged.into_state().status(), StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(merge(&asked("mine"), "mine", "theirs"), ("mine".to_owned(), true, true));
        assert_eq!(merge(&asked("theirs"), "mine", "theirs"), ("theirs".to_owned(), false, true));
        // What was typed is what is stored, so there is nothing to choose.
        assert_eq!(merge(&asked(""), "theirs", "theirs"), ("theirs".to_owned(), false, true));
        // Someone changed it once more.
        assert_eq!(merge(&asked("mine"), "mine", "third"), ("mine".to_owned(), true, false));
        assert_eq!(merge(&asked("theirs"), "mine", "third"), ("third".to_owned(), false, true));
        // A choice counts only when the clash was shown.
        let mut unasked = base("old");
        unasked.0.insert("keep_a".to_owned(), "mine".to_owned());
        assert_eq!(merge(&unasked, "mine", "theirs"), ("mine".to_owned(), true, false));
    }
}
