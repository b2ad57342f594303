//! The admin area: where editors and administrators work, a folder for each noun. Knows nothing of `site`.

pub(crate) mod account;
pub(crate) mod audit_log;
pub(crate) mod backup;
pub(crate) mod calendar;
pub(crate) mod comments;
pub(crate) mod dashboard;
pub(crate) mod dead_links;
pub(crate) mod documents;
pub(crate) mod edit_link;
pub(crate) mod faq;
pub(crate) mod mail;
pub(crate) mod media;
pub(crate) mod menu;
pub(crate) mod messages;
pub(crate) mod pages;
pub(crate) mod paths;
pub(crate) mod personal_data;
pub(crate) mod redirects;
pub(crate) mod report;
pub(crate) mod reviews;
pub(crate) mod search;
pub(crate) mod session_check;
pub(crate) mod settings;
pub mod shared;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod site_preview;
pub(crate) mod slug;
pub(crate) mod synonyms;
pub(crate) mod system;
pub(crate) mod trash;
pub(crate) mod types;
pub(crate) mod undo;
pub(crate) mod unknown;
pub(crate) mod unpublished;
pub(crate) mod users;
pub(crate) mod views;
pub(crate) mod webhooks;

use shared::routes::Routes;

/// Samples of the templates that only one kind of document has.
#[cfg(test)]
pub(crate) const KIND_SAMPLES: [crate::state::template_samples::Samples; 6] = [
    documents::by_kind::faq_item::preview::SAMPLES,
    faq::categories::SAMPLES,
    faq::index::SAMPLES,
    pages::duplicate::SAMPLES,
    pages::index::SAMPLES,
    pages::move_page::SAMPLES,
];

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    [
        account::routes,
        backup::routes,
        calendar::routes,
        comments::routes,
        dashboard::routes,
        dead_links::routes,
        documents::routes,
        edit_link::routes,
        faq::routes,
        users::routes,
        audit_log::routes,
        mail::routes,
        media::routes,
        menu::routes,
        messages::routes,
        pages::routes,
        personal_data::routes,
        redirects::routes,
        report::routes,
        reviews::routes,
        search::routes,
        session_check::routes,
        settings::routes,
        sign_in::routes,
        sign_out::routes,
        site_preview::routes,
        slug::routes,
        synonyms::routes,
        system::routes,
        trash::routes,
        types::routes,
        undo::routes,
        unknown::routes,
        unpublished::routes,
        views::routes,
        webhooks::routes,
    ]
    .into_iter()
    .fold(routes, |routes, add| add(routes))
}
