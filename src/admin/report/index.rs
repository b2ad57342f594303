//! The report: a line for each kind of thing, with how many there are. To add one, write a function and name it in [`find`].

use axum::response::Response;
use axum_extra::routing::TypedPath;
use jiff::ToSpan;
use serde::Serialize;

use super::{messages, orphans};
use crate::{
    admin::{
        paths::{
            DeadLinksPath, ExternalLinksPath, MissingPicturesPath, OrphansPath, ReportPath, ReviewsPath,
            UndescribedPicturesPath, WaitingMessagesPath,
        },
        shared::{admin_context::AdminContext, dead_links, routes::Routes},
    },
    error::Result,
    model::{
        document::{owner::OwnedBy, review},
        policy::Action,
        site_report,
    },
    text::count::number,
};

/// Most that are counted.
const COUNTED: usize = 500;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, index)
}

#[derive(Serialize)]
struct View {
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    title: &'static str,
    /// What is counted, and by which rule.
    about: &'static str,
    /// `500 or more`
    count: String,
    /// Whether there is nothing to do.
    is_good: bool,
    path: String,
}

impl Line {
    fn new(title: &'static str, about: &'static str, count: usize, path: &str) -> Self {
        let more = if count >= COUNTED { " or more" } else { "" };
        let count_words = format!("{}{more}", number(count));
        Self { title, about, count: count_words, is_good: count == 0, path: path.to_owned() }
    }
}

async fn index(_: ReportPath, admin: AdminContext) -> Result<Response> {
    let view = View { lines: find(&admin).await? };
    admin.screen("admin/report/index.html", "Report", &view).await
}

async fn find(admin: &AdminContext) -> Result<Vec<Line>> {
    let mut lines = vec![
        broken_links(admin).await?,
        pages_without_links(admin).await?,
        missing_pictures(admin).await?,
        undescribed_pictures(admin).await?,
        overdue_reviews(admin).await?,
    ];
    if admin.may(Action::HandleMessages) {
        lines.push(waiting_messages(admin).await?);
    }
    lines.push(other_sites(admin).await?);
    Ok(lines)
}

async fn broken_links(admin: &AdminContext) -> Result<Line> {
    let count = usize::try_from(dead_links::count(admin).await?).unwrap_or(usize::MAX);
    let about = "Links in texts that visitors see to pages that they do not.";
    Ok(Line::new("Links that lead nowhere", about, count, DeadLinksPath::PATH))
}

async fn pages_without_links(admin: &AdminContext) -> Result<Line> {
    let most = i64::try_from(COUNTED).unwrap_or(i64::MAX);
    let mut found = site_report::orphans(admin.app.read(), &admin.app.config.origin(), None, most).await?;
    orphans::without_those_in_footer(admin, &mut found);
    let about = "Pages that visitors see, but that are in no menu and that no text links to.";
    Ok(Line::new("Pages that nothing leads to", about, found.len(), OrphansPath::PATH))
}

async fn missing_pictures(admin: &AdminContext) -> Result<Line> {
    let most = i64::try_from(COUNTED).unwrap_or(i64::MAX);
    let found = site_report::missing_pictures(admin.app.read(), None, most).await?;
    let about = "Texts that visitors see with a picture that is not in the media library.";
    Ok(Line::new("Pictures that are missing", about, found.len(), MissingPicturesPath::PATH))
}

async fn undescribed_pictures(admin: &AdminContext) -> Result<Line> {
    let most = i64::try_from(COUNTED).unwrap_or(i64::MAX);
    let found = site_report::pictures_without_words(admin.app.read(), None, most).await?;
    let about = "Texts with a picture that has no alternative text and is not decorative.";
    Ok(Line::new("Pictures without a description", about, found.len(), UndescribedPicturesPath::PATH))
}

async fn overdue_reviews(admin: &AdminContext) -> Result<Line> {
    let today = admin.today();
    let until = today.saturating_add(review::AHEAD.days());
    let counts = review::count_due(admin.app.read(), today, until, OwnedBy::AnyOrNone).await?;
    let count = usize::try_from(counts.overdue).unwrap_or_default();
    Ok(Line::new("Overdue reviews", "Pages and questions past the date of their review.", count, ReviewsPath::PATH))
}

async fn waiting_messages(admin: &AdminContext) -> Result<Line> {
    let most = i64::try_from(COUNTED).unwrap_or(i64::MAX);
    let before = admin.app.now().minus(messages::LONG);
    let count = site_report::count_waiting(admin.app.read(), before, most).await?;
    let count = usize::try_from(count).unwrap_or_default();
    let about = "Messages that have been without an answer for more than 7 days.";
    Ok(Line::new("Messages that wait", about, count, WaitingMessagesPath::PATH))
}

/// Not a fault, so it is never “to do”.
async fn other_sites(admin: &AdminContext) -> Result<Line> {
    let most = i64::try_from(COUNTED).unwrap_or(i64::MAX);
    let found = site_report::linked_sites(admin.app.read(), &admin.app.config.origin(), None, most).await?;
    let about = "Other sites that texts link to. Nothing is fetched from them.";
    Ok(Line { is_good: true, ..Line::new("Links to other sites", about, found.len(), ExternalLinksPath::PATH) })
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/report/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { lines }
    Line { title, about, count, is_good, path }
}
