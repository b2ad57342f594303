//! Types of document in an import and an export: `types/<key>.toml`. They come before the documents of a folder, which are read with
//! their fields.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    document_file::sentences,
    folder::FileMap,
    summary::Summary,
    type_names::{FOLDER, key_of},
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::{
            document_type::{DocumentType, TypeDefinition, TypeSet},
            fields::FieldTable,
            type_editing::{self, TypeChange},
            type_field::TypeField,
            types,
        },
        write::Write,
    },
    text::{front_matter, listing::join_with_and},
};

/// By their keys.
pub(in crate::model::transfer) type Types = BTreeMap<String, TypeDefinition>;

/// Takes up the file of a type.
/// Errors: a sentence that says what is wrong with it.
pub(super) fn take(all: &mut Types, name: &str, text: &str) -> Result<(), String> {
    let key = key_of(name).and_then(|file| file.strip_suffix(".toml")).ok_or("its name does not end in .toml")?;
    check_names(&front_matter::read_toml(text)?, &OF_TYPE)?;
    let definition: TypeDefinition = front_matter::read_toml(text)?;
    let definition = definition.clean();
    type_editing::check_file(key, &definition).map_err(|errors| sentences(&errors))?;
    all.insert(key.to_owned(), definition);
    Ok(())
}

/// What a file may say of a type, and of a field or a part of one. Rows of the database may say more, when another version of the
/// program wrote them.
const OF_TYPE: [&str; 6] = ["label", "hint", "used_for", "layout", "is_retired", "fields"];
const OF_FIELD: [&str; 11] = [
    "key",
    "label",
    "hint",
    "control",
    "limit",
    "is_required",
    "is_searched",
    "shown",
    "is_hidden",
    "options",
    "parts",
];

/// Whether a file says nothing else.
/// Errors: a sentence that names what nobody would read.
fn check_names(table: &toml::Table, known: &[&str]) -> Result<(), String> {
    for (name, value) in table {
        if !known.contains(&name.as_str()) {
            let known: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
            return Err(format!("there is no “{name}” here; it can be {}", join_with_and(&known)));
        }
        if ["fields", "parts"].contains(&name.as_str()) {
            let mut inner = value.as_array().into_iter().flatten().filter_map(toml::Value::as_table);
            inner.try_for_each(|inner| check_names(inner, &OF_FIELD))?;
        }
    }
    Ok(())
}

/// The fields of every document, with these types and no others.
#[must_use]
pub(super) fn with_types(fields: &FieldTable, all: &Types) -> FieldTable {
    let types = all.iter().map(|(key, definition)| DocumentType::new(key.clone(), 0, definition.clone())).collect();
    fields.with_types(Arc::new(TypeSet::new(i64::MAX, types)))
}

/// Makes the types that are missing and changes those that differ; documents are read with them from then on. A field that a file
/// no longer has is hidden, so that no document loses a value.
pub(super) async fn import(write: &Write, all: &Types, summary: &mut Summary) -> Result<()> {
    for (key, wanted) in all {
        let present = types::read(write).await?;
        let Some(present) = present.get(key) else {
            type_editing::create(write, key, wanted.clone()).await?;
            summary.notes.push(format!("The type “{}” was made.", wanted.label));
            summary.changed = true;
            continue;
        };
        let wanted = with_hidden(wanted, &present.definition);
        if let TypeChange::Saved { changes, .. } = type_editing::change(write, key, present.version, wanted).await? {
            summary.notes.push(format!("The type “{}” was changed: {changes}.", present.definition.label));
            summary.changed = true;
        }
    }
    if !all.is_empty() {
        write.rules.fields.take_up(types::read(write).await?);
    }
    Ok(())
}

fn with_hidden(wanted: &TypeDefinition, present: &TypeDefinition) -> TypeDefinition {
    let is_left_out = |field: &&TypeField| wanted.field(&field.key).is_none();
    let hidden = present.fields.iter().filter(is_left_out).map(|field| TypeField { is_hidden: true, ..field.clone() });
    let fields = wanted.fields.iter().cloned().chain(hidden).collect();
    TypeDefinition { fields, ..wanted.clone() }
}

pub(super) async fn export(db: &Conn, files: &mut FileMap) -> Result<()> {
    for one in types::read(db).await?.all() {
        let text = toml::to_string(&one.definition).map_err(|error| Error::internal("export", error))?;
        files.insert(format!("{FOLDER}/{}.toml", one.key), text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_are_refused_for_what_nobody_reads() {
        let row = r#"{"label":"A","used_for":["page"],"color":"red","fields":[{"key":"a","label":"A","width":3}]}"#;
        assert_eq!(serde_json::from_str::<TypeDefinition>(row).unwrap().fields.len(), 1);
        let file = |more: &str, of_part: &str| {
            let parts = format!("parts = [{{ key = \"b\", label = \"B\"{of_part} }}]");
            let text = format!(
                "label = \"A\"\nused_for = [\"page\"]\n{more}\nfields = [{{ key = \"a\", label = \"A\", control = \"rows\", {parts} }}]"
            );
            take(&mut Types::new(), "types/a.toml", &text)
        };
        assert_eq!(file("", ""), Ok(()));
        assert!(file("color = \"red\"", "").unwrap_err().contains("there is no “color” here; it can be label, hint"));
        assert!(file("", ", width = 3").unwrap_err().contains("there is no “width” here; it can be key, label"));
    }

    #[test]
    fn a_file_may_say_all_that_a_type_has() {
        let part =
            TypeField { limit: Some(1), hint: "h".to_owned(), options: vec!["o".to_owned()], ..TypeField::default() };
        let all =
            TypeField { is_required: true, is_searched: true, is_hidden: true, parts: vec![part.clone()], ..part };
        let all =
            TypeDefinition { hint: "h".to_owned(), is_retired: true, fields: vec![all], ..TypeDefinition::default() };
        assert_eq!(check_names(&toml::Table::try_from(&all).unwrap(), &OF_TYPE), Ok(()));
    }
}
