//! The screen: what is kept and why, everything about one e-mail address, a file of it, and erasing it. The address is sent in the
//! body of a form, so that no log and no history of a browser learns it.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::found_view::{self, FoundRow};
use crate::{
    admin::{
        paths::{ErasePersonalDataPath, ExportPersonalDataPath, MessageRetentionPath, PersonalDataPath},
        shared::{
            admin_context::AdminContext, cut_log::cut_log, retention_notices, routes::Routes, submission::Repeated,
        },
    },
    error::{Error, Result, ValidationErrors},
    model::{
        personal_data::{
            erasure, export, found,
            kept::{self, KeptFor},
        },
        policy::Action,
    },
    text::{email, wanted_address::WantedAddress},
    web::{form::Form, form_errors::FormErrors},
};

const HOME: &str = PersonalDataPath::PATH;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::HandlePersonalData, show)
        .post(Action::HandlePersonalData, find)
        .post(Action::HandlePersonalData, create_export)
        .post(Action::HandlePersonalData, erase)
}

#[derive(Serialize)]
struct View {
    kinds: Vec<KindRow>,
    /// As it was typed.
    address: String,
    found: Option<FoundView>,
    errors: FormErrors,
}

/// One kind of what is kept.
#[derive(Serialize)]
struct KindRow {
    what: &'static str,
    why: &'static str,
    time: String,
    /// Where the time is set; empty where it cannot be.
    path: &'static str,
    erasing: &'static str,
}

#[derive(Serialize)]
struct FoundView {
    /// The address, as users read it.
    address: String,
    erased: Vec<FoundRow>,
    kept: Vec<FoundRow>,
    /// Names what the screen showed.
    seen: String,
    typed: String,
    /// Why nothing was erased; may be empty.
    conflict: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AddressForm {
    address: String,
    seen: String,
    /// The address once more.
    confirmation: String,
}

async fn show(_: PersonalDataPath, admin: AdminContext) -> Result<Response> {
    draw(&admin, String::new(), None, FormErrors::default()).await
}

async fn draw(admin: &AdminContext, address: String, found: Option<FoundView>, errors: FormErrors) -> Result<Response> {
    let status = match &found {
        Some(found) if !found.conflict.is_empty() => StatusCode::CONFLICT,
        _ => errors.status(),
    };
    let months = retention_notices::months(admin);
    let kinds = kept::ALL.iter().map(|kept| KindRow {
        what: kept.what,
        why: kept.why,
        time: kept.kept_for.words(&months),
        path: if kept.kept_for == KeptFor::Retention { MessageRetentionPath::PATH } else { "" },
        erasing: kept.erasing,
    });
    let view = View { kinds: kinds.collect(), address, found, errors };
    admin.screen_as(status, "admin/personal_data/show.html", "Personal data", &view).await
}

/// Everything that was found, and what else the screen shows of it.
async fn look(admin: &AdminContext, wanted: &WantedAddress) -> Result<FoundView> {
    let data = found::find(admin.app.read(), wanted).await?;
    let kept = found::find_kept(admin.app.read(), wanted).await?;
    let view = FoundView {
        address: email::display(&wanted.normal()),
        erased: found_view::list_erased(&data),
        kept: found_view::list_kept(&data, &kept),
        seen: data.fingerprint(),
        typed: String::new(),
        conflict: String::new(),
    };
    Ok(view)
}

/// The address that was typed, or the screen that says that it is none.
async fn parse(admin: &AdminContext, form: &AddressForm) -> Result<Result<WantedAddress, Response>> {
    if let Some(wanted) = WantedAddress::parse(&form.address) {
        return Ok(Ok(wanted));
    }
    let errors = ValidationErrors::one("address", "Enter an e-mail address in the form name@example.org");
    Ok(Err(draw(admin, form.address.clone(), None, errors.into()).await?))
}

async fn find(_: PersonalDataPath, admin: AdminContext, Form(form): Form<AddressForm>) -> Result<Response> {
    let wanted = match parse(&admin, &form).await? {
        Ok(wanted) => wanted,
        Err(response) => return Ok(response),
    };
    let view = look(&admin, &wanted).await?;
    draw(&admin, form.address, Some(view), FormErrors::default()).await
}

async fn create_export(
    _: ExportPersonalDataPath,
    admin: AdminContext,
    repeated: Repeated,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    let wanted = match parse(&admin, &form).await? {
        Ok(wanted) => wanted,
        Err(response) => return Ok(response),
    };
    let (db, now) = (admin.app.read(), admin.app.now());
    let data = found::find(db, &wanted).await?;
    let kept = found::find_kept(db, &wanted).await?;
    let document = export::export(db, &wanted, (&data, &kept), now).await?;
    let text = serde_json::to_vec_pretty(&document).map_err(|error| Error::internal("personal data", error))?;
    if repeated == Repeated(false) {
        admin
            .change(async |write| {
                erasure::note_export(write, &data);
                Ok(())
            })
            .await?;
    }
    let name = format!("attachment; filename=\"personal-data-{}.json\"", now.date(&TimeZone::UTC));
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, text).into_response())
}

async fn erase(_: ErasePersonalDataPath, admin: AdminContext, Form(form): Form<AddressForm>) -> Result<Response> {
    let wanted = match parse(&admin, &form).await? {
        Ok(wanted) => wanted,
        Err(response) => return Ok(response),
    };
    if WantedAddress::parse(&form.confirmation).as_ref() != Some(&wanted) {
        let view = look(&admin, &wanted).await?;
        let errors =
            ValidationErrors::one("confirmation", "Type the address once more to confirm that everything is erased");
        let view = FoundView { typed: form.confirmation, ..view };
        return draw(&admin, form.address, Some(view), errors.into()).await;
    }
    let steady = admin.app.steady();
    let erased = admin.change(async |write| erasure::erase(write, &wanted, &form.seen, steady).await).await;
    match erased {
        Ok(sentence) => {
            cut_log(&admin).await;
            admin.done(HOME, format!("Erased: {sentence}. {}", erasure::STAYS)).await
        }
        Err(error) => {
            let conflict = error.conflict()?;
            let view = look(&admin, &wanted).await?;
            draw(&admin, form.address, Some(FoundView { conflict, ..view }), FormErrors::default()).await
        }
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/personal_data/show.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { kinds, address, found, errors }
    KindRow { what, why, time, path, erasing }
    FoundView { address, erased, kept, seen, typed, conflict }
}
