//! One thing of the media library: how it looks, what is said of it, where it is used, and what to write to use it.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{previous::PreviousView, thing_view, uses::Uses};
use crate::{
    admin::{
        paths::MediaThingPath,
        shared::{
            admin_context::{AdminContext, When},
            form_outcome::{FormOutcome, FormState},
            merged_form::{FormBase, FormField, Log},
            routes::Routes,
        },
    },
    error::Result,
    model::{
        media::{
            adding::MediaWords,
            changing::{self, LABELS_MAX, TITLE_MAX},
            item::{self, FOCUSES, MediaItem, MediaKind},
        },
        policy::Action,
        write::Write,
    },
    text::media_path::{self, DECORATIVE},
    web::{form::Form, form_errors::SelectOption},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, show).post(Action::Edit, update)
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct ThingForm {
    title: String,
    labels: String,
    focus: String,
    #[serde(flatten)]
    base: FormBase,
}

impl ThingForm {
    /// To change a thing as it is stored.
    fn of(item: &MediaItem) -> Self {
        let words = MediaWords { title: item.title.clone(), labels: item.labels.clone(), focus: item.focus.clone() };
        let base = FormBase::of(&fields(&words, item));
        Self { title: words.title, labels: words.labels, focus: words.focus, base }
    }
}

/// What was typed beside what is stored.
fn fields<'a>(typed: &'a MediaWords, now: &'a MediaItem) -> [FormField<'a>; 3] {
    [
        FormField { name: "title", label: "Title", typed: &typed.title, now: &now.title },
        FormField { name: "labels", label: "Labels", typed: &typed.labels, now: &now.labels },
        FormField { name: "focus", label: "What has to stay visible", typed: &typed.focus, now: &now.focus },
    ]
}

#[derive(Serialize)]
struct ThingView<'a> {
    id: i64,
    path: String,
    about: String,
    added: When,
    by: String,
    is_picture: bool,
    /// The address of the file.
    address: String,
    /// The address of one that is small enough for the screen.
    small: String,
    /// What to write into a text.
    markdown: String,
    /// The same for a picture that says nothing; empty for what is no picture.
    decorative: String,
    title: &'a str,
    labels: &'a str,
    focus: &'a str,
    focuses: Vec<SelectOption>,
    title_max: usize,
    labels_max: usize,
    base: &'a FormBase,
    uses: Uses,
    /// What it was before it was replaced.
    previous: Option<PreviousView>,
    /// Whether this user may show visitors another one.
    may_replace: bool,
    #[serde(flatten)]
    state: FormState,
}

async fn show(MediaThingPath { id }: MediaThingPath, admin: AdminContext) -> Result<Response> {
    let item = item::get(admin.app.read(), id).await?;
    draw(&admin, &item, &ThingForm::of(&item), FormState::default()).await
}

async fn draw(admin: &AdminContext, item: &MediaItem, typed: &ThingForm, state: FormState) -> Result<Response> {
    let is_picture = item.kind == MediaKind::Picture;
    let path = &item.path;
    let status = state.status();
    let uses = Uses::of(admin, path).await?;
    let view = ThingView {
        id: item.id,
        path: path.clone(),
        about: thing_view::describe(item),
        added: admin.when(item.created_at),
        by: item.uploader_name.clone(),
        is_picture,
        address: media_path::of_content(path, &item.hash),
        small: media_path::of_content(path, &item.small_hash),
        markdown: if is_picture {
            format!("![What the picture shows]({path})")
        } else {
            let size = thing_view::file_size(item.bytes);
            format!("[{} ({}, {size})]({path})", item.title.replace(['[', ']'], ""), item.type_label())
        },
        decorative: if is_picture { format!("![]({path} \"{DECORATIVE}\")") } else { String::new() },
        title: &typed.title,
        labels: &typed.labels,
        focus: &typed.focus,
        focuses: FOCUSES.into_iter().map(|(value, label)| SelectOption::new(value, label)).collect(),
        title_max: TITLE_MAX,
        labels_max: LABELS_MAX,
        base: &typed.base,
        may_replace: uses.may_change(admin),
        uses,
        previous: PreviousView::of(admin, item).await?,
        state,
    };
    admin.screen_as(status, "admin/media/show.html", &item.title, &view).await
}

async fn update(
    MediaThingPath { id }: MediaThingPath,
    admin: AdminContext,
    Form(typed): Form<ThingForm>,
) -> Result<Response> {
    let here = MediaThingPath { id }.to_string();
    match admin.change(async |write| change(&admin, write, id, typed).await).await {
        Ok(FormOutcome::Saved(title)) => admin.done(&here, format!("“{title}” was saved.")).await,
        Ok(FormOutcome::Again((item, typed, state))) => draw(&admin, &item, &typed, state).await,
        Err(error) => admin.refuse(&here, error).await,
    }
}

type Again = (MediaItem, ThingForm, FormState);

async fn change(admin: &AdminContext, write: &Write, id: i64, typed: ThingForm) -> Result<FormOutcome<String, Again>> {
    let now = item::get(write, id).await?;
    let ThingForm { title, labels, focus, base } = typed;
    // A form for what is no picture does not ask for that.
    let focus = if focus.is_empty() { now.focus.clone() } else { focus };
    let words = MediaWords { title, labels, focus }.clean();
    let mut merged = base.merge(&fields(&words, &now));
    let log = Log { action: "media.change", subject_id: Some(id), names: Some(changing::names) };
    merged.name_authors(admin, log).await?;
    let value = |name: &str, wanted: bool| {
        let value = if wanted { merged.value(name) } else { merged.displayed_value(name) };
        value.to_owned()
    };
    let of = |wanted| MediaWords {
        title: value("title", wanted),
        labels: value("labels", wanted),
        focus: value("focus", wanted),
    };
    let (wanted, displayed) = (of(true), of(false));
    let again = |words: MediaWords, base: FormBase| ThingForm {
        title: words.title,
        labels: words.labels,
        focus: words.focus,
        base,
    };
    if merged.needs_choice() {
        let base = ThingForm::of(&now).base;
        return Ok(FormOutcome::Again((now, again(displayed, base), merged.into_state())));
    }
    merged.check_changed()?;
    match changing::change(write, &now, &wanted).await {
        Ok(()) => Ok(FormOutcome::Saved(wanted.title)),
        Err(error) => {
            let state = merged.into_state_with(error.validation_errors()?);
            Ok(FormOutcome::Again((now, again(words, base), state)))
        }
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/media/show.html", crate::admin::shared::admin_context::sample_screen::<ThingView<'static>>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ThingView<'static> {
        id, path, about, added, by, is_picture, address, small, markdown, decorative, title, labels, focus, focuses,
        title_max, labels_max, base, uses, previous, may_replace, state
    }
}
