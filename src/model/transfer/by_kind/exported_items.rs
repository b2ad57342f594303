//! Items and their categories in an export, in the folder that `items` reads.

use std::collections::HashMap;

use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        document::{fields::FieldTable, keys, kind::DocumentKind},
        faq::category,
        transfer::{
            export_document::{ExportRow, versions},
            fields,
            folder::FileMap,
            item_places,
        },
    },
};

pub(in crate::model::transfer) async fn export(db: &Conn, table: &FieldTable, files: &mut FileMap) -> Result<()> {
    let folder = DocumentKind::FaqItem.folder();
    let places = export_categories(db, files).await?;
    let rows: Vec<ExportRow> = db
        .all(
            "select i.slug as path, i.position, i.category_id, d.published_revision_id, d.latest_revision_id from faq_item i \
             join document d on d.id = i.document_id where i.slug is not null order by i.page_id, i.slug",
            (),
        )
        .await?;
    for row in rows {
        let Some(home) = row.category_id.and_then(|id| places.get(&id)) else { continue };
        let (page, own) = item_places::split(home);
        for (ending, revision, editorial) in versions(db, table, &row).await? {
            // A draft whose new category is gone stays where it is.
            let place = revision.content.category_id.and_then(|id| places.get(&id)).unwrap_or(home);
            // A category of the same page is named by its slug alone.
            let named = match item_places::split(place) {
                (other, slug) if other == page => slug,
                _ => place,
            };
            let typed = revision.content.to_input().with(keys::CATEGORY, named);
            let version = (&typed, &editorial.at_position(Some(row.position)));
            let usual = [(keys::SLUG, row.path.as_str()), (keys::CATEGORY, own)];
            let text =
                fields::write(&table.of(DocumentKind::FaqItem, &revision.content.document_type), version, &usual)
                    .map_err(Error::Internal)?;
            files.insert(format!("{folder}{home}/{}{ending}", row.path), text);
        }
    }
    Ok(())
}

/// The place of each category, by id. Those of a page that shows no items any more are on no page.
async fn export_categories(db: &Conn, files: &mut FileMap) -> Result<HashMap<i64, String>> {
    let pages = item_places::names(db).await?;
    let mut places = HashMap::new();
    for category in category::all(db).await? {
        let page = pages.get(&category.page_id).map_or("", String::as_str);
        let mut place = format!("{page}/{}", category.slug);
        let file = |place: &str| format!("{}{place}/_category.md", DocumentKind::FaqItem.folder());
        if files.contains_key(&file(&place)) {
            place = format!("{place}-{}", category.id);
        }
        let text = fields::write_category(&category.title, category.position).map_err(Error::Internal)?;
        files.insert(file(&place), text);
        places.insert(category.id, place);
    }
    Ok(places)
}
