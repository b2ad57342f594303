//! "Before you open": what a new site needs before visitors come. Each step looks at the site itself; an administrator can
//! also say that one is done another way, and put the list away.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};

use crate::{
    admin::{
        documents::paths,
        paths::{
            BackupPath, DashboardPath, MailPath, NewUserPath, OpeningPath, OpeningStepPath, SettingsPath, UsersPath,
        },
        shared::{admin_context::AdminContext, routes::Routes},
    },
    error::{Error, Result},
    model::{
        document::{choices::Menu, kind::DocumentKind},
        legal_page::LegalPage,
        opening::{self, OpeningState, OpeningStep},
        page::{public, tree},
        policy::Action,
        user::{self, UserCounts},
    },
    text::email,
    web::form::Form,
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post(Action::ChangeSettings, update).post(Action::ChangeSettings, update_step)
}

/// For `templates/admin/dashboard/opening.html`.
#[derive(Debug, Serialize)]
pub(super) struct OpeningView {
    steps: Vec<StepView>,
    done: usize,
    /// Whether only the button that brings the list back is shown.
    is_put_away: bool,
    action: &'static str,
}

#[derive(Debug, Serialize)]
struct StepView {
    label: &'static str,
    is_done: bool,
    /// What was found, or what to do.
    text: String,
    /// Where it is done.
    path: String,
    /// Where an administrator says that it is done.
    action: String,
    /// Who said so; empty when nobody did.
    confirmed_by: String,
}

/// What is known of it; none for users who cannot do anything about it.
pub(super) async fn load(admin: &AdminContext) -> Result<Option<OpeningState>> {
    if admin.may(Action::ChangeSettings) { opening::load(admin.app.read()).await.map(Some) } else { Ok(None) }
}

/// None once everything is done.
pub(super) async fn find(admin: &AdminContext, state: &OpeningState) -> Result<Option<OpeningView>> {
    let mut steps = Vec::with_capacity(OpeningStep::ALL.len());
    for step in OpeningStep::ALL {
        steps.push(step_view(admin, state, step).await?);
    }
    let done = steps.iter().filter(|step| step.is_done).count();
    let view = OpeningView { done, is_put_away: state.is_put_away(), action: OpeningPath::PATH, steps };
    Ok(Some(view).filter(|view| view.done < view.steps.len()))
}

async fn step_view(admin: &AdminContext, state: &OpeningState, step: OpeningStep) -> Result<StepView> {
    let Check { is_done, text, path } = match step {
        OpeningStep::Imprint => check_page(admin, LegalPage::Imprint).await?,
        OpeningStep::Privacy => check_page(admin, LegalPage::Privacy).await?,
        OpeningStep::ContactAddress => check_contact_address(admin),
        OpeningStep::TimeZone => check_time_zone(admin),
        OpeningStep::SecondUser => check_second_user(admin).await?,
        OpeningStep::Mail => check_mail(admin),
        OpeningStep::Backup => check_backup(admin, state),
    };
    let confirmed_by = state.confirmed_by(step).filter(|_| !is_done).unwrap_or_default().to_owned();
    Ok(StepView {
        label: step.label(),
        is_done: is_done || !confirmed_by.is_empty(),
        text,
        path,
        action: OpeningStepPath { step: step.name().to_owned() }.to_string(),
        confirmed_by,
    })
}

/// What a step found in the site.
struct Check {
    is_done: bool,
    text: String,
    path: String,
}

fn check(is_done: bool, text: impl Into<String>, path: impl Into<String>) -> Check {
    Check { is_done, text: text.into(), path: path.into() }
}

/// A live page that is linked at the foot of every page under one of these names, and has no placeholder left.
async fn check_page(admin: &AdminContext, wanted: LegalPage) -> Result<Check> {
    let db = admin.app.read();
    let top = admin.app.nav_cache.children(db, None).await?;
    let mut candidates: Vec<_> = top.iter().filter(|page| wanted.is_at(&page.path, &page.title)).collect();
    candidates.sort_by_key(|page| page.menu != Menu::Footer);
    let Some(found) = candidates.first() else {
        let existing = tree::id_at(db, &format!("/{}", wanted.slug())).await?;
        return Ok(match existing {
            Some(id) => check(false, "Publish the page.", paths::edit_screen(DocumentKind::Page, id)),
            None => check(
                false,
                "Write the page and list it at the foot of every page.",
                new_page(wanted.title(), wanted.slug()),
            ),
        });
    };
    let edit = paths::edit_screen(DocumentKind::Page, found.id);
    if found.menu != Menu::Footer {
        return Ok(check(false, "List the page at the foot of every page, and publish that.", edit));
    }
    let live = public::at(db, &found.path).await?.ok_or(Error::NotFound)?;
    let left = live.revision.content.body.matches(opening::PLACEHOLDER).count();
    Ok(match left {
        0 => check(true, format!("“{}” is live and linked on every page.", found.title), edit),
        1 => check(false, "Complete the one marked place, and publish it.", edit),
        more => check(false, format!("Complete the {more} marked places, and publish it."), edit),
    })
}

/// The form of a new page with title, slug and menu filled in.
fn new_page(title: &str, slug: &str) -> String {
    let query = serde_html_form::to_string([("title", title), ("slug", slug), ("menu", Menu::Footer.as_str())]);
    format!("{}?{}", paths::new(DocumentKind::Page), query.unwrap_or_default())
}

fn check_contact_address(admin: &AdminContext) -> Check {
    let address = &admin.settings.contact_address;
    let settings = format!("{SettingsPath}#field-contact_address");
    if address.is_empty() {
        return check(false, "Enter the address at which visitors reach you.", settings);
    }
    if email::is_example(address) {
        return check(false, format!("{address} is an example. Enter your own address."), settings);
    }
    check(true, format!("Visitors may write to {address}."), settings)
}

fn check_time_zone(admin: &AdminContext) -> Check {
    let zone = &admin.settings.time_zone;
    let settings = format!("{SettingsPath}#field-time_zone");
    if zone == "UTC" {
        return check(
            false,
            "Times are shown in UTC. Choose the zone of your readers, or say that UTC is right.",
            settings,
        );
    }
    check(true, format!("Times are shown in the zone {zone}."), settings)
}

async fn check_second_user(admin: &AdminContext) -> Result<Check> {
    let UserCounts { able, invited } = user::count_active(admin.app.read()).await?;
    Ok(match (able, invited) {
        (2.., _) => check(true, format!("{able} users can sign in."), UsersPath::PATH),
        (_, 1..) => check(false, "The invited user has not accepted yet.", UsersPath::PATH),
        _ => check(false, "Invite someone who can sign in when you cannot.", NewUserPath::PATH),
    })
}

fn check_mail(admin: &AdminContext) -> Check {
    match &admin.app.mailer {
        Some(mailer) => check(true, format!("E-mails are sent through {}.", mailer.server_name()), MailPath::PATH),
        None => check(false, "No e-mail is sent. Name a mail server, or say that none is needed.", MailPath::PATH),
    }
}

fn check_backup(admin: &AdminContext, state: &OpeningState) -> Check {
    match state.last_backup() {
        Some(at) => check(true, format!("The last one was made {}.", at.relative(admin.app.now())), BackupPath::PATH),
        None => check(false, "Make a first backup, and see that it is made every day.", BackupPath::PATH),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OpeningForm {
    /// `put_away` or `bring_back`; of a step, `confirm` or `reopen`.
    #[serde(rename = "do")]
    button: String,
}

async fn update(_: OpeningPath, admin: AdminContext, Form(form): Form<OpeningForm>) -> Result<Response> {
    let puts_away = form.button == "put_away";
    admin
        .change(async |write| if puts_away { opening::put_away(write).await } else { opening::bring_back(write).await })
        .await?;
    let sentence = if puts_away {
        "“Before you open” is hidden. You can bring it back at the foot of this screen."
    } else {
        "“Before you open” is back."
    };
    admin.done(DashboardPath::PATH, sentence).await
}

async fn update_step(
    OpeningStepPath { step }: OpeningStepPath,
    admin: AdminContext,
    Form(form): Form<OpeningForm>,
) -> Result<Response> {
    let step = OpeningStep::parse(&step).ok_or(Error::NotFound)?;
    let confirms = form.button == "confirm";
    admin
        .change(
            async |write| {
                if confirms { opening::confirm(write, step).await } else { opening::reopen(write, step).await }
            },
        )
        .await?;
    let state = if confirms { "marked as done" } else { "open again" };
    admin.done(DashboardPath::PATH, format!("“{}” is {state}.", step.label())).await
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    OpeningView { steps, done, is_put_away, action }
    StepView { label, is_done, text, path, action, confirmed_by }
}
