//! The front matter of documents and categories: from a file to what would be typed into the form, and back.

use serde::{Deserialize, Serialize};

use super::files::ImportedVersion;
use crate::{model::revision::DocumentInput, text::front_matter};

/// The fields of a document's front matter.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FrontMatterFields {
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    slug: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    category: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    number: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    menu_label: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    menu: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    layout: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    summary: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    owner: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    review_by: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
}

/// The fields of a category's front matter.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CategoryFields {
    /// The heading.
    pub title: String,
    /// Its place, 1 is first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
}

/// Reads one version; `slug` and `category` are what the file's place says.
///
/// # Errors
/// A sentence that says what is wrong with the file.
pub fn read(file: &str, text: &str, slug: &str, category: &str) -> Result<ImportedVersion, String> {
    let (fields, body) = front_matter::read::<FrontMatterFields>(text)?;
    let or = |value: String, usual: &str| if value.is_empty() { usual.to_owned() } else { value };
    Ok(ImportedVersion {
        file: file.to_owned(),
        position: fields.position,
        typed: DocumentInput {
            title: fields.title,
            slug: or(fields.slug, slug),
            category: or(fields.category, category),
            number: fields.number,
            menu_label: fields.menu_label,
            menu: fields.menu,
            layout: fields.layout,
            summary: fields.summary,
            body,
            owner: fields.owner,
            review_by: fields.review_by,
            note: fields.note,
        },
    })
}

/// The file of one version; `slug` and `category` are left out where the file's own place says the same.
///
/// # Errors
/// When it cannot be written as TOML.
pub fn write(version: &ImportedVersion, slug: &str, category: &str) -> Result<String, String> {
    let typed = &version.typed;
    let unless = |value: &str, usual: &str| if value == usual { String::new() } else { value.to_owned() };
    let fields = FrontMatterFields {
        title: typed.title.clone(),
        slug: unless(&typed.slug, slug),
        category: unless(&typed.category, category),
        number: typed.number.clone(),
        menu_label: typed.menu_label.clone(),
        menu: unless(&typed.menu, "main"),
        layout: unless(&typed.layout, "article"),
        position: version.position,
        summary: typed.summary.clone(),
        owner: typed.owner.clone(),
        review_by: typed.review_by.clone(),
        note: typed.note.clone(),
    };
    front_matter::write(&fields, &typed.body).map_err(|error| error.to_string())
}

/// The file of a category.
///
/// # Errors
/// When it cannot be written as TOML.
pub fn write_category(title: &str, position: i64) -> Result<String, String> {
    let fields = CategoryFields { title: title.to_owned(), position: Some(position) };
    front_matter::write(&fields, "").map_err(|error| error.to_string())
}
