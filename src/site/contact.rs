//! The contact form: gives it a signed time token, handles it, and keeps what was typed whatever happens. A page with
//! the form is rendered for each visitor and must not come from a cache of pages.

use axum::{
    Extension,
    extract::{FromRequest, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::routing::TypedPath;

use super::{
    lookup::{self},
    methods, thanks,
};
use crate::{
    error::{Error, Result, ValidationErrors},
    model::{
        actor::Actor,
        document::{choices::Layout, content::Content},
        mail::notices,
        message::{
            contact_message::{ContactInput, ContactMessage},
            form_token::{self, FormAge},
            intake,
            spam::Assessment,
            topic,
        },
        page::public::{self, LivePage},
        write::Write,
    },
    render::{
        contact_view::{ContactForm, ContactView},
        error_page::{TypedField, TypedForm},
        page::{self, RenderOptions},
    },
    state::app_state::App,
    web::{
        client::{Client, Network},
        form::Form,
        form_errors::FormErrors,
        throttle::SpentAllowances,
    },
};

/// An empty form of the page with this content, or the thanks for the message with the reference and the proof `sent`.
pub(crate) async fn fresh(app: &App, content: &Content, sent: (&str, &str)) -> Result<ContactView> {
    let form = ContactForm { form_token: form_token::issue(&app.signing_key, app.steady()), ..ContactForm::default() };
    let sent = thanks::of(app, content, sent).await?;
    Ok(ContactView { form, sent, ..ContactView::default() })
}

/// `POST` to the address of any live page. Only a page with the form accepts it; elsewhere, a message that was typed is
/// shown again, because the page may have changed since the form was opened.
pub(crate) async fn create<P: TypedPath>(
    _: P,
    State(app): State<App>,
    client: Client,
    request: Request,
) -> Result<Response> {
    let page = match public::at(app.read(), request.uri().path()).await {
        Ok(Some(page)) if page.revision.content.layout == Layout::Contact => page,
        Ok(Some(page)) => return Ok(keep_typed(request, no_form_here(page.revision.content.layout)).await),
        Ok(None) => {
            let elsewhere = methods::other(State(app), request.uri().clone()).await;
            return Ok(keep_typed(request, elsewhere.unwrap_or_else(IntoResponse::into_response)).await);
        }
        Err(error) => return Ok(keep_typed(request, error.into_response()).await),
    };
    // Read only now, so that an unknown address is told as such, and not as a form that cannot be read.
    let form = match Form::<ContactForm>::from_request(request, &()).await {
        Ok(Form(form)) => form,
        Err(refusal) => return Ok(refusal),
    };
    match take_in(&app, client, &form).await {
        Ok(reference) => {
            Ok(Redirect::to(&format!("{}?{}", page.path, thanks::query(&app, &reference))).into_response())
        }
        Err(error) => {
            let typed = form.clone();
            let shown = again(&app, client, page, form, error).await;
            Ok(shown.unwrap_or_else(|error| with_typed(&typed, error.into_response())))
        }
    }
}

fn no_form_here(layout: Layout) -> Response {
    methods::allow(methods::allow_header(layout))
}

/// The page of an error with the message that was typed, when there is no page with the form to show it on.
async fn keep_typed(request: Request, response: Response) -> Response {
    if response.status().is_redirection() {
        return response;
    }
    match Form::<ContactForm>::from_request(request, &()).await {
        Ok(Form(form)) => with_typed(&form, response),
        Err(_) => response,
    }
}

/// The response with what was typed, for the page that is drawn of it.
fn with_typed(form: &ContactForm, response: Response) -> Response {
    let field = |name, label, value: &str| TypedField { name, label, value: value.to_owned() };
    let mut fields = vec![
        field("topic", "What it is about", if form.topic.is_empty() { "" } else { topic::label(&form.topic) }),
        field("name", "Your name", &form.name),
        field("email", "Your e-mail address", &form.email),
        field("role", "Your role", &form.role),
        field("country", "Country", &form.country),
    ];
    fields.retain(|field| !field.value.is_empty());
    if fields.is_empty() && form.body.is_empty() {
        return response;
    }
    (Extension(TypedForm { fields, text: form.body.clone() }), response).into_response()
}

/// Checks and stores; gives the reference. Only a message that could be stored counts towards the limit.
async fn take_in(app: &App, client: Client, form: &ContactForm) -> Result<String> {
    let message = ContactMessage::parse(ContactInput {
        topic: &form.topic,
        name: &form.name,
        email: &form.email,
        role: &form.role,
        country: &form.country,
        body: &form.body,
        consent: &form.consent,
    })?;
    // Sent twice, it is one message: it counts once, and the second one is thanked even when the limit is reached.
    if let Some(reference) = intake::find_duplicate(app.read(), app.now(), &message).await? {
        return Ok(reference);
    }
    let counted = count(app, client)?;
    let verdict = form_token::judge(&app.signing_key, app.steady(), &form.form_token);
    let assessment = Assessment::of(&message, &form.website, verdict, &app.config.origin());
    let store = async |write: &mut Write| {
        if let Some(reference) = intake::find_duplicate(write, write.now, &message).await? {
            return Ok(reference);
        }
        let reference = intake::store(write, &message, assessment).await?;
        if app.mailer.is_some() {
            notices::of_message(write, app.steady()).await?;
        }
        Ok(reference)
    };
    let stored = app.change(Actor::visitor(), store).await;
    if let Some(mailer) = &app.mailer {
        mailer.wake();
    }
    if stored.is_err() {
        app.contact_throttle.give_back(counted);
    }
    stored
}

/// Counts the message towards the limits of the networks it comes from.
fn count(app: &App, client: Client) -> Result<SpentAllowances> {
    let throttle = &app.contact_throttle;
    let allowance =
        |(network, times): (Network, u32)| throttle.allowance(network, app.config.contact_limit.saturating_mul(times));
    throttle.take(client.networks().into_iter().map(allowance).collect(), app.steady())
}

/// The form with what was typed, and what is wrong; never a bare error page, which would lose a message.
async fn again(app: &App, client: Client, page: LivePage, mut form: ContactForm, error: Error) -> Result<Response> {
    let (refused, faults, wait) = match error {
        Error::Validation(faults) => (None, faults, None),
        Error::TooMany(seconds) => {
            (Some(StatusCode::TOO_MANY_REQUESTS), ValidationErrors::one("", too_many(seconds)), Some(seconds))
        }
        Error::Lost(fault) => {
            app.fault_log.tell("a message could not be stored, and none can be until Plinth is started again", fault);
            (Some(StatusCode::SERVICE_UNAVAILABLE), ValidationErrors::one("", LOST), None)
        }
        other => {
            app.fault_log.tell("a message could not be stored; its sender is asked to try again", other);
            (Some(StatusCode::SERVICE_UNAVAILABLE), ValidationErrors::one("", NOT_STORED), Some(60))
        }
    };
    let errors = FormErrors::from(faults);
    let status = refused.unwrap_or(errors.status());
    let now = app.steady();
    // A valid token is kept: correcting a mistake within three seconds is not suspicious.
    if !matches!(form_token::judge(&app.signing_key, now, &form.form_token), FormAge::Good | FormAge::Fast) {
        form.form_token = form_token::issue(&app.signing_key, now);
    }
    let contact = ContactView { form, errors, ..ContactView::default() };
    let html = page::render(
        app,
        &lookup::render_input(page),
        &RenderOptions { contact: Some(contact), ..RenderOptions::default() },
    )
    .await?;
    let permit = if html.0.len() > LARGE { Some(app.signed_out.take(client).ok_or(Error::Busy(RETRY))?) } else { None };
    let mut response = (status, html).into_response();
    if let Some(seconds) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(match permit {
        Some(permit) => permit.hold_until_sent(response),
        None => response,
    })
}

/// From this size on, in bytes, the number of pages with a refused message that are sent at one time is limited.
const LARGE: usize = 128 * 1024;
/// When to send a message again while too many such pages are being sent, in seconds.
const RETRY: u64 = 10;

const NOT_STORED: &str = "Your message could not be stored. That is our fault, and nothing you typed is lost: \
    please wait a minute, then send it again";

/// Waiting a minute would not help.
const LOST: &str = "Your message could not be stored. That is our fault, and no message can be taken at the moment: \
    the operators of this site have to put it right first. What you typed is kept on this page; \
    keep a copy of it, and send it again later";

fn too_many(seconds: u64) -> String {
    let minutes = seconds.div_ceil(60);
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    format!(
        "Many messages have come from your network within the last hour. \
         What you typed is kept below: please wait {minutes} {unit}, then send it again"
    )
}
