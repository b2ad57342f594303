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
    text::front_matter,
};

/// By their keys.
pub(in crate::model::transfer) type Types = BTreeMap<String, TypeDefinition>;

/// Takes up the file of a type.
/// Errors: a sentence that says what is wrong with it.
pub(super) fn take(all: &mut Types, name: &str, text: &str) -> Result<(), String> {
    let key = key_of(name).and_then(|file| file.strip_suffix(".toml")).ok_or("its name does not end in .toml")?;
    let definition: TypeDefinition = front_matter::read_toml(text)?;
    let definition = definition.clean();
    type_editing::check_file(key, &definition).map_err(|errors| sentences(&errors))?;
    all.insert(key.to_owned(), definition);
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
