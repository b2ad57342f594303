//! What a change of a type does to its documents: which lack what becomes required, which have values that would not fit, and
//! which have values that no form shows any more. Reads the newest versions outside the trash, and changes nothing.

use super::{
    document_type::{DocumentType, TypeDefinition},
    extra_fields::ExtraFields,
    field::Field,
    kind::DocumentKind,
    type_field::{Shown, TypeControl, TypeField},
    type_fields,
};
use crate::{db::conn::Conn, error::Result};

/// Versions that are read at a time, each with its values, which may be large.
const AT_A_TIME: i64 = 50;
/// Most documents that are named.
const EXAMPLES: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeEffectKind {
    /// They have no value of a field that becomes required.
    Lacks,
    /// They have a value that the field would not take.
    Unfit,
    /// They have a value of a field that becomes hidden.
    Hides,
    /// Visitors see a value that they did not see.
    Shows,
    /// Visitors no longer see a value.
    Withdraws,
}

/// What a change of one field means for documents.
#[derive(Debug, Clone)]
pub(crate) struct TypeEffect {
    pub(crate) kind: TypeEffectKind,
    /// The field as it would be.
    field: Field,
    /// Whether it becomes a list of rows, or is one no more.
    is_other_form: bool,
    /// How many documents, and how many of them visitors see.
    pub(crate) documents: usize,
    pub(crate) live: usize,
    pub(crate) examples: Vec<TypedDocument>,
}

/// The newest version of a document of a type, or the one that visitors see.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct TypedDocument {
    pub(crate) id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
    /// Whether visitors see this version.
    pub(crate) live: bool,
    #[sqlx(rename = "fields", try_from = "String")]
    values: ExtraFields,
}

impl TypeEffect {
    /// What the field is called.
    #[must_use]
    pub(crate) fn label(&self) -> &str {
        &self.field.label
    }

    fn concerns(&self, document: &TypedDocument) -> bool {
        let value = document.values.get(&self.field.key);
        match self.kind {
            TypeEffectKind::Lacks => self.field.is_empty(value),
            TypeEffectKind::Hides => !value.is_empty(),
            TypeEffectKind::Shows | TypeEffectKind::Withdraws => document.live && !value.is_empty(),
            TypeEffectKind::Unfit => {
                let fits = || self.field.parse(value, "").is_ok_and(|parsed| !parsed.is_empty());
                !value.is_empty() && (self.is_other_form || !fits())
            }
        }
    }

    /// Counts a document by its versions that count.
    fn add(&mut self, versions: &[TypedDocument]) {
        let mut concerned = versions.iter().filter(|version| self.concerns(version)).peekable();
        let Some(first) = concerned.peek().map(|first| (*first).clone()) else { return };
        let live = concerned.any(|version| version.live);
        self.documents += 1;
        self.live += usize::from(live);
        if self.examples.len() < EXAMPLES {
            self.examples.push(TypedDocument { live, ..first });
        }
    }
}

/// What becomes of documents of the type `now` when it becomes `next`, which is clean; empty when no document is affected.
pub(crate) async fn find(db: &Conn, now: &DocumentType, next: &TypeDefinition) -> Result<Vec<TypeEffect>> {
    let mut effects = possible(&now.definition, next);
    let mut after = 0_i64;
    while !effects.is_empty() {
        let documents: Vec<TypedDocument> = db
            .all(
                "select r.document_id as id, d.kind, r.title, r.fields, \
                 d.published_revision_id is not null and d.published_revision_id = r.id as live \
                 from revision r join document d on d.id = r.document_id \
                 where r.document_type = $1 and r.document_type <> '' and r.document_id > $2 \
                 and (d.latest_revision_id = r.id or d.published_revision_id = r.id) and d.trashed_at is null \
                 order by r.document_id, r.id desc limit $3",
                (now.key.as_str(), after, AT_A_TIME),
            )
            .await?;
        let is_last = documents.len() < usize::try_from(AT_A_TIME).unwrap_or(usize::MAX);
        let Some(last) = documents.last().map(|last| last.id) else { break };
        // The other version of the last one may be on the next page.
        let whole: Vec<_> = documents.into_iter().filter(|one| is_last || one.id != last).collect();
        for versions in whole.chunk_by(|one, other| one.id == other.id) {
            for effect in &mut effects {
                effect.add(versions);
            }
        }
        if is_last {
            break;
        }
        after = last - 1;
    }
    effects.retain(|effect| effect.documents > 0);
    Ok(effects)
}

/// What could be the matter, before any document is looked at.
fn possible(now: &TypeDefinition, next: &TypeDefinition) -> Vec<TypeEffect> {
    let mut effects = Vec::new();
    for new in &next.fields {
        for kind in kinds(now.field(&new.key), new) {
            let is_list = |field: &TypeField| field.control == TypeControl::Rows;
            let is_other_form = now.field(&new.key).is_some_and(|old| is_list(old) != is_list(new));
            let field = type_fields::field(new, &next.used_for);
            effects.push(TypeEffect { kind, field, is_other_form, documents: 0, live: 0, examples: Vec::new() });
        }
    }
    effects
}

fn kinds(old: Option<&TypeField>, new: &TypeField) -> Vec<TypeEffectKind> {
    let becomes_required = is_asked_for(new) && !old.is_some_and(is_asked_for);
    let takes_others = old.is_some_and(|old| !takes_the_same(old, new));
    let becomes_hidden = old.is_some_and(|old| !old.is_hidden && new.is_hidden);
    let shows = |field: &TypeField| !field.is_hidden && field.shown != Shown::Internal;
    let becomes_public = old.is_some_and(|old| !shows(old) && shows(new));
    let withdraws = old.is_some_and(|old| shows(old) && !shows(new) && !new.is_hidden);
    let all = [
        (becomes_required, TypeEffectKind::Lacks),
        (takes_others, TypeEffectKind::Unfit),
        (becomes_hidden, TypeEffectKind::Hides),
        (becomes_public, TypeEffectKind::Shows),
        (withdraws, TypeEffectKind::Withdraws),
    ];
    all.into_iter().filter(|(is_so, _)| *is_so).map(|(_, kind)| kind).collect()
}

const fn is_asked_for(field: &TypeField) -> bool {
    field.is_required && !field.is_hidden
}

fn takes_the_same(old: &TypeField, new: &TypeField) -> bool {
    old.control == new.control && old.limit == new.limit && old.options == new.options && old.parts == new.parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_asks_more_of_documents_has_effects() {
        let old = TypeField { key: "a".to_owned(), label: "A".to_owned(), ..TypeField::default() };
        let required = TypeField { is_required: true, ..old.clone() };
        let hidden = TypeField { is_hidden: true, ..required.clone() };
        let number = TypeField { control: TypeControl::Number, ..old.clone() };
        let label = TypeField { label: "B".to_owned(), is_searched: true, ..old.clone() };
        assert!(kinds(Some(&old), &label).is_empty() && kinds(None, &old).is_empty());
        assert_eq!(kinds(None, &required), [TypeEffectKind::Lacks]);
        assert!(kinds(Some(&required), &old).is_empty());
        assert_eq!(kinds(Some(&required), &hidden), [TypeEffectKind::Hides]);
        assert_eq!(kinds(Some(&hidden), &required), [TypeEffectKind::Lacks, TypeEffectKind::Shows]);
        let internal = TypeField { shown: Shown::Internal, ..old.clone() };
        assert_eq!(kinds(Some(&internal), &old), [TypeEffectKind::Shows]);
        assert_eq!(kinds(Some(&old), &internal), [TypeEffectKind::Withdraws]);
        assert_eq!(kinds(Some(&old), &number), [TypeEffectKind::Unfit]);
    }
}
