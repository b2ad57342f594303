//! “Reviewed, still right”: when a document is to be looked at again, in words, and the form that says that someone did. What
//! visitors see of it at once, the date of a live page, asks for the right to publish.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use super::{paths, version_diff::DocumentHeading};
use crate::{
    admin::{
        paths::{ReviewPath, ReviewsPath},
        shared::{admin_context::AdminContext, routes::Routes},
    },
    clock::long_date,
    error::{Error, Result},
    model::{
        document::{record::Document, review, revision},
        policy::Action,
    },
    text::isolate::isolate,
    web::{form::Form, form_errors::FormErrors},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, show).post(Action::Edit, mark)
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReviewForm {
    /// The version that its user saw.
    version: String,
    next_review: String,
    /// `reviews` from the list, which comes again then.
    to: String,
}

/// For the macro `form` of `templates/macros/review.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ReviewView {
    path: String,
    version: i64,
    sentence: String,
    /// Whether it is due soon, or overdue.
    is_due: bool,
    is_overdue: bool,
    may_review: bool,
    /// The next date that is offered.
    next: String,
}

/// Whether the user may mark a document as reviewed.
#[must_use]
pub(crate) fn may_review(admin: &AdminContext, live: bool) -> bool {
    admin.may(if live { Action::Publish } else { Action::Edit })
}

/// The last day that is soon.
#[must_use]
pub(crate) fn soon(today: Date) -> Date {
    today.saturating_add(review::AHEAD.days())
}

impl ReviewView {
    /// Of a document outside the trash.
    pub(crate) async fn of(admin: &AdminContext, document: &Document) -> Result<Self> {
        let db = admin.app.read();
        let reviewed = review::reviewed_version(db, document).await?;
        let stated = reviewed.content.review_by.as_deref();
        let today = admin.today();
        let day = review::date(db, document.id, stated).await?.and_then(|day| day.parse::<Date>().ok());
        let last = review::counting(db, document.id, stated).await?.map(|last| {
            let (name, when) = (isolate(&last.reviewer_name), last.reviewed_at.relative(admin.app.now()));
            format!(" {name} reviewed it {when}.")
        });
        let version = (document.latest_revision_id != Some(reviewed.id))
            .then(|| format!(" This is about version {}, which visitors see.", reviewed.version));
        Ok(Self {
            path: paths::review(document.id),
            version: reviewed.version,
            sentence: [Some(describe(day, today)), last, version].into_iter().flatten().collect(),
            is_due: day.is_some_and(|day| day <= soon(today)),
            is_overdue: day.is_some_and(|day| day < today),
            may_review: may_review(admin, document.is_live()),
            next: review::usual_next(today).to_string(),
        })
    }
}

fn describe(day: Option<Date>, today: Date) -> String {
    match day {
        None => "There is no date for a review.".to_owned(),
        Some(day) if day < today => format!("The review is overdue since {}.", long_date(day)),
        Some(day) if day <= soon(today) => format!("The review is due by {}.", long_date(day)),
        Some(day) => format!("The next review is due by {}.", long_date(day)),
    }
}

#[derive(Serialize)]
struct ReviewScreen {
    head: DocumentHeading,
    review: ReviewView,
    /// Where the form leads afterwards.
    to: String,
    errors: FormErrors,
}

async fn show(ReviewPath { id }: ReviewPath, admin: AdminContext) -> Result<Response> {
    let document = Document::get(admin.app.read(), id).await?;
    draw(&admin, &document, None, FormErrors::default()).await
}

async fn draw(
    admin: &AdminContext,
    document: &Document,
    typed: Option<ReviewForm>,
    errors: FormErrors,
) -> Result<Response> {
    let newest = revision::latest(admin.app.read(), document.id).await?;
    let mut review = ReviewView::of(admin, document).await?;
    let to = typed.as_ref().map(|typed| typed.to.clone()).unwrap_or_default();
    if let Some(typed) = typed {
        review.next = typed.next_review;
    }
    let status = errors.status();
    let title = format!("Review “{}”", newest.content.title);
    let view = ReviewScreen { head: DocumentHeading::of(document, &newest), review, to, errors };
    admin.screen_as(status, "admin/documents/review.html", &title, &view).await
}

async fn mark(ReviewPath { id }: ReviewPath, admin: AdminContext, Form(form): Form<ReviewForm>) -> Result<Response> {
    let document = Document::get(admin.app.read(), id).await?;
    let next = match review::parse_next(&form.next_review, admin.today()) {
        Ok(next) => next,
        Err(errors) => return draw(&admin, &document, Some(form), errors.into()).await,
    };
    let version = form.version.trim().parse().map_err(|_| Error::NotFound)?;
    let marked = admin.change(async |write| {
        let document = Document::get(write, id).await?;
        if document.is_live() {
            admin.require(Action::Publish)?;
        }
        review::mark(write, &document, version, next).await
    });
    let edit = paths::edit_screen(document.kind, id);
    let to = if form.to == "reviews" { ReviewsPath::PATH } else { &edit };
    match marked.await {
        Ok(title) => {
            let sentence = format!("“{title}” is marked as reviewed. The next review is due by {}.", long_date(next));
            admin.done(to, sentence).await
        }
        Err(error) => admin.refuse(to, error).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/documents/review.html", crate::admin::shared::admin_context::sample_screen::<ReviewScreen>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    ReviewView { path, version, sentence, is_due, is_overdue, may_review, next }
    ReviewScreen { head, review, to, errors }
}
