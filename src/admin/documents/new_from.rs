//! What the form of a new document begins with: another document that is copied, a template, or a type; and the templates and
//! types that are offered.

use serde::Serialize;

use super::{form::DocumentForm, paths};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::{Error, Result},
    model::{
        document::{
            keys::{self, BODY},
            kind::DocumentKind,
            linked_text, placement,
            record::Document,
            revision, template,
        },
        link::addresses,
    },
    text::markdown::link_source,
};

/// Most templates that are offered.
const OFFERED: i64 = 30;

/// A way to begin a new document.
#[derive(Debug, Serialize)]
pub(crate) struct Beginning {
    label: String,
    path: String,
    current: bool,
}

/// The form with everything of the document that it names as its original, its links written as they lead now; what the address says besides counts more.
/// Without one, the form as it is.
/// `NotFound` when there is no such document, or it is in the trash.
pub(crate) async fn fill(admin: &AdminContext, kind: DocumentKind, mut form: DocumentForm) -> Result<DocumentForm> {
    if form.copy_of.is_empty() {
        if let Some(one) = admin.app.rules.fields.types().get(form.typed.get(keys::TYPE))
            && form.typed.get(keys::LAYOUT).is_empty()
        {
            form.typed.set(keys::LAYOUT, one.definition.layout.as_str());
        }
        return Ok(form);
    }
    let id = form.copy_of.parse::<i64>().map_err(|_| Error::NotFound)?;
    let document = Document::get_of(admin.app.read(), id, kind).await?;
    let newest = revision::latest(admin.app.read(), document.id).await?;
    let said = form.typed.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect::<Vec<_>>();
    form.typed = template::copy(&newest.content);
    let links = addresses::for_copy(admin.app.read(), &admin.app.rules.origin, document.id).await?;
    let fields = admin.app.rules.fields.of(kind, &newest.content.document_type);
    for field in fields.all().filter(|field| field.is_of_type) {
        let value = linked_text::with_addresses(field, form.typed.get(&field.key), &links);
        form.typed.set(&field.key, value);
    }
    form.typed.set(BODY, link_source::write_into(&newest.content.body, &links));
    for (key, value) in said {
        form.typed.set(&key, value);
    }
    if form.under.is_empty() {
        let above = placement::parent(admin.app.read(), &document).await?;
        form.under = above.map_or_else(String::new, |above| above.id.to_string());
    }
    Ok(form)
}

/// A blank document, the types and the templates; empty when there is nothing but blank ones.
pub(crate) async fn list_beginnings(
    admin: &AdminContext,
    kind: DocumentKind,
    form: &DocumentForm,
) -> Result<Vec<Beginning>> {
    let templates = template::list(admin.app.read(), kind, OFFERED).await?;
    let types = admin.app.rules.fields.types();
    let types: Vec<_> = types.all().filter(|one| one.is_offered_for(kind)).collect();
    if templates.is_empty() && types.is_empty() {
        return Ok(Vec::new());
    }
    let chosen = form.typed.get(keys::TYPE);
    let of_type = |key: &str, label: &str| Beginning {
        current: form.copy_of.is_empty() && chosen == key,
        path: paths::new_of_type(kind, key, &form.under),
        label: label.to_owned(),
    };
    let beginning = |label: String, copy_of: String| Beginning {
        current: form.copy_of == copy_of,
        path: paths::new_from(kind, &copy_of, &form.under),
        label,
    };
    let blank = of_type("", &format!("Blank {}", kind.noun()));
    let types = types.iter().map(|one| of_type(&one.key, &one.definition.label));
    let templates = templates.into_iter().map(|found| beginning(found.title, found.id.to_string()));
    Ok(std::iter::once(blank).chain(types).chain(templates).collect())
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Beginning { label, path, current }
}
