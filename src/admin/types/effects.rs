//! The screen before a change of a type that affects documents: how they fare, with some of them, and the button that saves it.

use axum::response::Response;
use serde::Serialize;

use super::asked::AskedChange;
use crate::{
    admin::{documents::paths::edit_screen, paths::TypePath, shared::admin_context::AdminContext},
    error::Result,
    model::document::type_effects::{TypeEffect, TypeEffectKind, TypedDocument},
    text::{count::pluralise, isolate},
};

#[derive(Serialize)]
struct EffectsView<'a> {
    name: &'a str,
    /// The path of the screen of the type.
    path: String,
    action: &'a str,
    fields: Vec<(&'static str, String)>,
    /// The version that the change was made from.
    base: &'a str,
    effects: Vec<EffectView>,
}

#[derive(Serialize)]
struct EffectView {
    sentence: String,
    documents: Vec<AffectedView>,
    /// How many more there are than are named.
    more: usize,
}

#[derive(Serialize)]
struct AffectedView {
    title: String,
    /// The path of its editor.
    path: String,
    is_live: bool,
}

/// Asks whether to save a change, with what it means for documents.
pub(super) async fn draw(admin: &AdminContext, asked: &AskedChange<'_>, found: &[TypeEffect]) -> Result<Response> {
    let view = EffectsView {
        name: &asked.now.definition.label,
        path: TypePath { key: asked.now.key.clone() }.to_string(),
        action: &asked.action,
        fields: asked.fields.clone(),
        base: asked.base,
        effects: found.iter().map(effect_view).collect(),
    };
    admin.screen("admin/types/effects.html", "What this change means for documents", &view).await
}

fn effect_view(effect: &TypeEffect) -> EffectView {
    EffectView {
        sentence: isolate::quotations(&describe(effect)),
        more: effect.documents - effect.examples.len(),
        documents: effect.examples.iter().map(affected_view).collect(),
    }
}

fn affected_view(document: &TypedDocument) -> AffectedView {
    AffectedView {
        title: document.title.clone(),
        path: edit_screen(document.kind, document.id),
        is_live: document.live,
    }
}

fn describe(effect: &TypeEffect) -> String {
    let documents = pluralise(effect.documents, "document has", "documents have");
    let label = effect.label();
    let live = match effect.live {
        0 => "Visitors see none of them".to_owned(),
        live => pluralise(live, "of them is live", "of them are live"),
    };
    match effect.kind {
        TypeEffectKind::Lacks => format!(
            "{documents} no “{label}”, which becomes required. {live}. What is published stays as it is; the next version \
             of each needs a value to be published."
        ),
        TypeEffectKind::Unfit => format!(
            "{documents} a value of “{label}” that would not fit any more. {live}. They keep it until they are saved \
             the next time; the form shows it then, and asks to change it."
        ),
        TypeEffectKind::Shows => format!(
            "{documents} a value of “{label}” that visitors do not see today. {live}: they see it, in earlier versions too, as soon as you save this change."
        ),
        TypeEffectKind::Withdraws => format!(
            "{documents} a value of “{label}” that visitors see today. {live}: it goes from these pages as soon as you save this change."
        ),
        TypeEffectKind::Hides => format!(
            "{documents} a value of “{label}”. {live}. They keep it, and their versions show it, but the form and the page \
             do not any more. You can show the field again."
        ),
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/types/effects.html", crate::admin::shared::admin_context::sample_screen::<EffectsView<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    EffectsView<'static> { name, path, action, fields, base, effects }
    EffectView { sentence, documents, more }
    AffectedView { title, path, is_live }
}
