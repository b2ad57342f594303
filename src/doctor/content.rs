//! Checks of what is in the site: users, what is still to be completed, what is due.

use jiff::tz::TimeZone;

use super::{diagnosis::Diagnosis, examined::Site};
use crate::{
    clock::DAY,
    error::Result,
    model::{
        document::{owner::OwnedBy, review},
        legal_page::LegalPage,
        opening,
        page::public,
        schedule,
        settings::Settings,
        user::{self, UserCounts},
    },
    text::{count::pluralise, email},
};

pub(super) const USERS: &str = "Users";
pub(super) const PLACEHOLDERS: &str = "To be completed";
pub(super) const LEGAL: &str = "Imprint and privacy";
pub(super) const CONTACT: &str = "Contact address";
pub(super) const REVIEWS: &str = "Reviews";
pub(super) const SCHEDULES: &str = "Schedules";

/// How many paths are named.
const NAMED: usize = 5;
/// What failed is told this long.
const FAILED_WITHIN: i64 = 30 * DAY;

pub(super) async fn check_users(site: &Site<'_>) -> Result<Diagnosis> {
    let UserCounts { able, .. } = user::count_active(site.db).await?;
    Ok(match able {
        0 => Diagnosis::advice(
            USERS,
            "Nobody can sign in.",
            "Follow the link that the portal prints when it starts, or run `plinth user add`.",
        ),
        1 => Diagnosis::advice(
            USERS,
            "Only one user can sign in.",
            "Invite another one, who can sign in when the first one cannot.",
        ),
        able => Diagnosis::ok(USERS, format!("{able} can sign in.")),
    })
}

pub(super) async fn check_placeholders(site: &Site<'_>) -> Result<Diagnosis> {
    let paths = opening::pages_to_complete(site.db).await?;
    if paths.is_empty() {
        return Ok(Diagnosis::ok(PLACEHOLDERS, format!("No page says “{}”.", opening::PLACEHOLDER)));
    }
    let named = paths.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = paths.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let pages = pluralise(paths.len(), "public page says", "public pages say");
    Ok(Diagnosis::advice(
        PLACEHOLDERS,
        format!("{pages} “{}”: {named}{more}.", opening::PLACEHOLDER),
        "Complete these pages and publish them. Until then search engines are told to leave them out.",
    ))
}

pub(super) async fn check_legal_pages(site: &Site<'_>) -> Result<Diagnosis> {
    let top = public::children(site.db, None).await?;
    let missing: Vec<_> = LegalPage::ALL
        .into_iter()
        .filter(|wanted| !top.iter().any(|page| wanted.is_at(&page.path, &page.title)))
        .map(|wanted| format!("“{}”", wanted.title()))
        .collect();
    Ok(if missing.is_empty() {
        Diagnosis::ok(LEGAL, "Both pages are public.")
    } else {
        Diagnosis::advice(
            LEGAL,
            format!("There is no public page {} on the uppermost level.", missing.join(" or ")),
            "Write and publish it, and list it at the foot of every page. If it has another title, all is well.",
        )
    })
}

pub(super) async fn check_contact_address(site: &Site<'_>) -> Result<Diagnosis> {
    let address = Settings::load(site.db).await?.contact_address;
    let enter = "Enter your own under “Settings”.";
    Ok(if address.is_empty() {
        Diagnosis::advice(CONTACT, "None is set.", enter)
    } else if email::is_example(&address) {
        Diagnosis::advice(CONTACT, format!("{address} is an example."), enter)
    } else {
        Diagnosis::ok(CONTACT, format!("{address}."))
    })
}

pub(super) async fn check_reviews(site: &Site<'_>) -> Result<Diagnosis> {
    let today = site.now.date(&TimeZone::UTC);
    let overdue = review::count_due(site.db, today, today, OwnedBy::AnyOrNone).await?.overdue;
    Ok(if overdue == 0 {
        Diagnosis::ok(REVIEWS, "Nothing is overdue.")
    } else {
        let says = pluralise(overdue, "page or question is overdue.", "pages and questions are overdue.");
        Diagnosis::advice(REVIEWS, says, "The dashboard lists what is due.")
    })
}

pub(super) async fn check_schedules(site: &Site<'_>) -> Result<Diagnosis> {
    let failed = schedule::count_failures(site.db, site.now.minus(FAILED_WITHIN)).await?;
    Ok(if failed == 0 {
        Diagnosis::ok(SCHEDULES, "All that was due was carried out.")
    } else {
        let says = pluralise(failed, "change was not carried out.", "changes were not carried out.");
        Diagnosis::wrong(SCHEDULES, says, "The calendar says why.")
    })
}
