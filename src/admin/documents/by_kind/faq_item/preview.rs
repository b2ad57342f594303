//! The preview of an answer: the same Markdown, the same renderer, the same style sheet as the public page.

use axum::response::Html;
use serde::Serialize;

use crate::{
    admin::{documents::preview_text::PreviewText, shared::admin_context::AdminContext},
    error::Result,
    model::{link::addresses, media::sources},
    render::multiple_choice::MultipleChoice,
    text::{
        ids::Ids,
        language,
        markdown::{self, HeadingContext, known::KnownTargets},
    },
};

#[derive(Serialize)]
struct View<'a> {
    label: String,
    question: String,
    choice: MultipleChoice,
    answer_html: String,
    language: &'a str,
    direction: &'static str,
}

pub(crate) async fn draw(admin: &AdminContext, shown: PreviewText) -> Result<Html<String>> {
    let links = addresses::of(admin.app.read(), &admin.app.config.origin(), &shown.revision).await?;
    let content = shown.revision.content;
    let choice = MultipleChoice::of(&content);
    let (body, title) = (content.body, content.title);
    let media = sources::of(admin.app.read(), &[body.as_str()]).await?;
    let known = KnownTargets { media: Some(&media), links: Some(&links), ..KnownTargets::default() };
    let render = || markdown::render_with_lines(&body, HeadingContext::Part("answer"), known, &mut Ids::default()).html;
    let answer_html = admin.app.rendering.run_large(render).await?;
    let view = View {
        label: shown.label,
        question: title,
        choice,
        answer_html,
        language: &admin.settings.language,
        direction: language::direction(&admin.settings.language),
    };
    admin.app.templates.render("admin/documents/faq_item_preview.html", &view)
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/faq_item_preview.html", crate::state::template_samples::view::<View<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View<'static> { label, question, choice, answer_html, language, direction }
}
