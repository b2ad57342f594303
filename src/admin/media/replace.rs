//! Another file in the place of a thing's: a question that names where it is used, and the replacement everywhere at once.

use axum::{
    extract::{Multipart, multipart::MultipartRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Serialize;

use super::{
    form_files::{FIELD, Unread, receive},
    thing_view::{self, Thumbnail},
    tidy,
    uses::{Uses, require_right},
};
use crate::{
    admin::{
        paths::{MediaThingPath, ReplaceMediaPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result, ValidationErrors},
    media_files::{
        file_kind::FileKind,
        preparation::{Treatment, prepare},
        temporary_file::WrittenFile,
    },
    model::{
        media::{
            adding,
            item::{self, MediaItem},
            replacing, usage,
        },
        policy::Action,
    },
    web::form_errors::FormErrors,
    work,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, question).post_files(Action::Edit, replace)
}

#[derive(Serialize)]
struct ReplaceView {
    id: i64,
    title: String,
    path: String,
    about: String,
    thumbnail: Option<Thumbnail>,
    /// Which kind the new file has to be; empty for a picture, which is written in the form that is wanted.
    wanted: &'static str,
    /// The endings that a browser offers.
    accept: String,
    uses: Uses,
    /// What was said above, to see whether it is still so when the form is sent.
    seen_uses: String,
    /// Whether this user may show visitors another one.
    may_replace: bool,
    /// Most MiB of the file.
    most: usize,
    errors: FormErrors,
    /// Why nothing was replaced, beside the file; may be empty.
    conflict: String,
}

/// Why a file was not put in the place of another.
enum Refused {
    /// A sentence about the file.
    File(String),
    /// A sentence about what is there.
    Conflict(String),
    Fault(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        error.conflict().map_or_else(Self::Fault, Self::Conflict)
    }
}

async fn question(ReplaceMediaPath { id }: ReplaceMediaPath, admin: AdminContext) -> Result<Response> {
    let item = item::get(admin.app.read(), id).await?;
    draw(&admin, item, FormErrors::default(), String::new()).await
}

async fn draw(admin: &AdminContext, item: MediaItem, errors: FormErrors, conflict: String) -> Result<Response> {
    let status = if conflict.is_empty() { errors.status() } else { StatusCode::CONFLICT };
    let seen_uses = usage::seen(admin.app.read(), &item).await?;
    let uses = Uses::of(admin, &item.path).await?;
    let kind = FileKind::of_content_type(&item.content_type);
    let is_still = kind.is_some_and(|kind| kind.is_picture() && kind != FileKind::Gif);
    let view = ReplaceView {
        id: item.id,
        about: thing_view::describe(&item),
        thumbnail: Thumbnail::of(&item),
        wanted: if is_still { "" } else { item.type_label() },
        accept: kind.map_or_else(String::new, |kind| match kind {
            _ if is_still => ".jpg,.jpeg,.png,.webp,.gif".to_owned(),
            kind => format!(".{}", kind.extension()),
        }),
        may_replace: uses.may_change(admin),
        uses,
        seen_uses,
        most: admin.app.config.upload_limit,
        errors,
        conflict,
        title: item.title,
        path: item.path,
    };
    let heading = format!("Replace “{}”", view.title);
    admin.screen_as(status, "admin/media/replace.html", &heading, &view).await
}

async fn replace(
    ReplaceMediaPath { id }: ReplaceMediaPath,
    admin: AdminContext,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let item = item::get(admin.app.read(), id).await?;
    let arrived = match receive(&admin, &headers, form).await {
        Ok(arrived) => arrived,
        Err(Unread::TooLarge) => {
            let sentence = format!("The file is larger than {} MB", admin.app.config.upload_limit);
            return draw(&admin, item, ValidationErrors::one(FIELD, sentence).into(), String::new()).await;
        }
        Err(Unread::Fault(error)) => return Err(error),
    };
    let Some(sent) = arrived.files.into_iter().next() else {
        return draw(&admin, item, ValidationErrors::one(FIELD, "Choose a file").into(), String::new()).await;
    };
    match put_in_place(&admin, &item, sent, &arrived.seen_uses).await {
        Ok(()) => {
            let sentence = format!("“{}” was replaced, everywhere it is used.", item.title);
            admin.done(&MediaThingPath { id }.to_string(), sentence).await
        }
        Err(Refused::File(sentence)) => {
            let errors = ValidationErrors::one(FIELD, sentence.trim_end_matches('.'));
            draw(&admin, item, errors.into(), String::new()).await
        }
        Err(Refused::Conflict(sentence)) => {
            let now = item::get(admin.app.read(), id).await?;
            draw(&admin, now, FormErrors::default(), sentence).await
        }
        Err(Refused::Fault(error)) => Err(error),
    }
}

async fn put_in_place(
    admin: &AdminContext,
    item: &MediaItem,
    (name, file): (String, WrittenFile),
    seen_uses: &str,
) -> Result<(), Refused> {
    let kind = FileKind::of_content_type(&item.content_type);
    let kind = kind.ok_or_else(|| Error::Internal("a thing of the media library has no known kind".to_owned()))?;
    let app = &admin.app;
    let store = app.media.clone();
    let job = move || prepare(&store, name, file, Treatment::InPlaceOf(kind));
    let prepared = work::run_apart(&app.preparing, job).await??.map_err(Refused::File)?;
    let stored = adding::store(&app.db, &app.media, app.now(), prepared).await?;
    let replaced = admin.change(async |write| {
        let now = item::get(write, item.id).await?;
        require_right(write, admin, &now.path).await?;
        if let Some(sentence) = usage::changed_since(write, &now, seen_uses).await? {
            return Err(Error::Conflict(format!("{sentence} Look at it again, and choose the file again.")));
        }
        replacing::replace(write, &now, &stored).await
    });
    match replaced.await {
        Ok(files) => tidy::delete_unnamed(admin, files).await,
        Err(error) => {
            tidy::give_back(admin, &stored).await;
            return Err(error.into());
        }
    }
    Ok(())
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/media/replace.html", crate::admin::shared::admin_context::sample_screen::<ReplaceView>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ReplaceView {
        id, title, path, about, thumbnail, wanted, accept, uses, seen_uses, may_replace, most, errors, conflict
    }
}
