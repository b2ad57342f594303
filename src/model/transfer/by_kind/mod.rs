//! What differs between the kinds of document in an import and an export. Each kind has a file of its own.

mod exported_items;
mod items;
pub(super) mod pages;

use std::collections::BTreeMap;

use items::Categories;
pub(super) use items::ImportedCategory;
use pages::Pages;

use super::{folder::FileMap, media::MediaFiles, menus::ImportedMenus, summary::Summary, types::Types};
use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        document::{fields::FieldTable, kind::DocumentKind, rules::DocumentRules},
        redirect::typed::TypedTarget,
        write::Write,
    },
};

/// A whole site, read but not yet applied.
#[derive(Debug, Default, PartialEq)]
pub struct ImportedSite {
    pub settings: toml::Table,
    pub types: Types,
    /// Pages by their path, parents before children.
    pub pages: Pages,
    /// Categories by the path of their page with their slug.
    pub categories: Categories,
    pub redirects: BTreeMap<String, ImportedRedirect>,
    /// Old id and present id on their pages (`/faq#old`), of items, and of categories after `category::ID_PREFIX`.
    pub former_slugs: BTreeMap<String, String>,
    /// Files of the media library by their names.
    pub media: MediaFiles,
    pub menus: ImportedMenus,
}

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub struct ImportedRedirect {
    pub(in crate::model::transfer) covers_below: bool,
    pub(in crate::model::transfer) to: TypedTarget,
}

/// Takes up the file of a document: its name, and its name within the folder of its kind.
/// Errors: a sentence that says what is wrong with it.
pub(super) fn take(
    site: &mut ImportedSite,
    rules: &DocumentRules,
    kind: DocumentKind,
    file: (&str, &str),
    text: &str,
) -> Result<(), String> {
    match kind {
        DocumentKind::Page => pages::take(&mut site.pages, rules, file, text),
        DocumentKind::FaqItem => items::take(&mut site.categories, &rules.fields, file, text),
    }
}

/// What does not fit together within the folder.
pub(super) fn find_clashes(site: &ImportedSite) -> Vec<String> {
    items::same_slug(&site.categories)
}

/// What does not fit what is in the database.
pub(super) async fn find_faults(db: &Conn, site: &ImportedSite) -> Result<Vec<String>> {
    let faults =
        [pages::find_faults(db, &site.pages).await?, items::find_faults(db, &site.categories, &site.pages).await?];
    Ok(faults.concat())
}

pub(super) async fn import(write: &Write, site: &ImportedSite, summary: &mut Summary) -> Result<()> {
    pages::import(write, &site.pages, summary).await?;
    items::import(write, &site.categories, summary).await
}

pub(super) async fn export(db: &Conn, table: &FieldTable, files: &mut FileMap) -> Result<()> {
    pages::export(db, table, files).await?;
    exported_items::export(db, table, files).await
}
