//! Types of document in an import and an export: `types/<key>.toml`. They come before the documents of a folder, which are read with
//! their fields.

use std::{collections::BTreeMap, sync::Arc};

use super::{document_file::sentences, folder::FileMap, summary::Summary};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::{
            document_type::{DocumentType, TypeDefinition, TypeSet},
            fields::FieldTable,
            type_field::TypeField,
            types::{self, TypeChange},
        },
        write::Write,
    },
    text::front_matter,
};

/// The folder of types.
pub(super) const FOLDER: &str = "types";

/// By their keys.
pub(in crate::model::transfer) type Types = BTreeMap<String, TypeDefinition>;

/// The key of the type that a file holds; none for a file that holds none.
fn key_of(name: &str) -> Option<&str> {
    name.strip_prefix(FOLDER)?.strip_prefix('/')
}

/// Whether a file is a type's, or lies where these lie.
#[must_use]
pub(super) fn is_type(name: &str) -> bool {
    key_of(name).is_some()
}

/// Whether a file in the folder of types has a name that a type can have.
#[must_use]
pub(super) fn is_name(name: &str) -> bool {
    key_of(name).and_then(|file| file.strip_suffix(".toml")).is_some_and(|key| !key.is_empty() && !key.contains('/'))
}

/// Takes up the file of a type.
/// Errors: a sentence that says what is wrong with it.
pub(super) fn take(all: &mut Types, name: &str, text: &str) -> Result<(), String> {
    let key = key_of(name).and_then(|file| file.strip_suffix(".toml")).ok_or("its name does not end in .toml")?;
    let definition: TypeDefinition = front_matter::read_toml(text)?;
    let definition = definition.clean();
    types::check_file(key, &definition).map_err(|errors| sentences(&errors))?;
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
            types::create(write, key, wanted.clone()).await?;
            summary.notes.push(format!("The type “{}” was made.", wanted.label));
            summary.changed = true;
            continue;
        };
        let wanted = with_hidden(wanted, &present.definition);
        if let TypeChange::Saved { changes, .. } = types::change(write, key, present.version, wanted).await? {
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
