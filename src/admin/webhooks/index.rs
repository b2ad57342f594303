//! The screen of the webhooks: a form to add one, those that there are, and what waits or failed. The secret of one is shown once, in
//! the answer to the form that added it.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    admin::{
        paths::{DeleteWebhookPath, DiscardDeliveryPath, SendDeliveryPath, WebhooksPath},
        shared::{
            admin_context::{AdminContext, When},
            routes::Routes,
        },
    },
    error::{Error, Result, ValidationErrors},
    model::{
        policy::Action,
        webhook::{
            endpoint::{self, Webhook},
            event::WebhookEvent,
            queue::{self, UnsentHook},
        },
    },
    web::{
        form::Form,
        form_errors::{FormErrors, SelectOption},
    },
};

const LIST: &str = WebhooksPath::PATH;
/// How many that wait or failed are listed.
const ROWS: i64 = 50;

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get(Action::ManageWebhooks, show)
        .post(Action::ManageWebhooks, create)
        .post(Action::ManageWebhooks, delete)
        .post(Action::ManageWebhooks, send_again)
        .post(Action::ManageWebhooks, discard)
}

#[derive(Serialize)]
struct View {
    /// Whether the maintainer lets webhooks be sent.
    is_on: bool,
    webhooks: Vec<WebhookRow>,
    unsent: Vec<UnsentRow>,
    url: String,
    events: Vec<EventChoice>,
    /// The secret of the one that was just added; empty otherwise.
    secret: String,
    errors: FormErrors,
}

#[derive(Serialize)]
struct WebhookRow {
    id: i64,
    url: String,
    events: Vec<&'static str>,
    creator: String,
    created: When,
    delivered: Option<When>,
}

#[derive(Serialize)]
struct UnsentRow {
    id: i64,
    label: String,
    host: String,
    is_failed: bool,
    fault: String,
    attempts: i64,
    created: When,
}

#[derive(Serialize)]
struct EventChoice {
    #[serde(flatten)]
    option: SelectOption,
    is_chosen: bool,
}

const fn label(event: WebhookEvent) -> &'static str {
    match event {
        WebhookEvent::Published => "A page or question is published",
        WebhookEvent::Unpublished => "A page or question is public no longer",
        WebhookEvent::Received => "A message came",
    }
}

/// What the screens and the audit log call an address: the rest of it may be secret.
fn host_of(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(ToOwned::to_owned)).unwrap_or_default()
}

impl WebhookRow {
    fn of(admin: &AdminContext, webhook: Webhook) -> Self {
        let events = WebhookEvent::ALL.into_iter();
        let asked = events.filter(|event| webhook.events.split(' ').any(|asked| asked == event.as_str()));
        Self {
            id: webhook.id,
            events: asked.map(label).collect(),
            created: admin.when(webhook.created_at),
            delivered: webhook.delivered_at.map(|at| admin.when(at)),
            url: webhook.url,
            creator: webhook.creator_name,
        }
    }
}

impl UnsentRow {
    fn of(admin: &AdminContext, hook: UnsentHook) -> Self {
        let event = WebhookEvent::ALL.into_iter().find(|event| event.as_str() == hook.event);
        Self {
            id: hook.id,
            label: event.map(label).unwrap_or_default().to_owned(),
            host: host_of(&hook.url),
            is_failed: hook.is_failed,
            fault: hook.fault,
            attempts: hook.attempts,
            created: admin.when(hook.created_at),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WebhookForm {
    url: String,
    event: Vec<String>,
}

async fn show(_: WebhooksPath, admin: AdminContext) -> Result<Response> {
    let event = WebhookEvent::ALL.map(|event| event.as_str().to_owned()).into();
    let form = WebhookForm { url: String::new(), event };
    draw(&admin, form, String::new(), FormErrors::default()).await
}

async fn draw(admin: &AdminContext, form: WebhookForm, secret: String, errors: FormErrors) -> Result<Response> {
    let webhooks = endpoint::list(admin.app.read()).await?;
    let unsent = queue::unsent(admin.app.read(), ROWS).await?;
    let status = errors.status();
    let events = WebhookEvent::ALL.map(|event| EventChoice {
        option: SelectOption::new(event.as_str(), label(event)),
        is_chosen: form.event.iter().any(|chosen| chosen == event.as_str()),
    });
    let view = View {
        is_on: admin.app.webhooks.is_some(),
        webhooks: webhooks.into_iter().map(|webhook| WebhookRow::of(admin, webhook)).collect(),
        unsent: unsent.into_iter().map(|hook| UnsentRow::of(admin, hook)).collect(),
        url: form.url,
        events: events.into(),
        secret,
        errors,
    };
    admin.screen_as(status, "admin/webhooks/index.html", "Webhooks", &view).await
}

async fn create(_: WebhooksPath, admin: AdminContext, Form(form): Form<WebhookForm>) -> Result<Response> {
    let Some(client) = &admin.app.webhooks else {
        return admin.not_done(LIST, "Webhooks are off. The maintainer of the site can turn them on.").await;
    };
    let url = match client.reach.parse(&form.url) {
        Ok(url) => url,
        Err(sentence) => return draw(&admin, form, String::new(), ValidationErrors::one("url", sentence).into()).await,
    };
    let chosen = WebhookEvent::ALL.into_iter().filter(|event| form.event.iter().any(|name| name == event.as_str()));
    let chosen: Vec<_> = chosen.collect();
    let host = host_of(url.as_str());
    match admin.change(async |write| endpoint::create(write, url.as_str(), &host, &chosen).await).await {
        Ok(salt) => {
            let secret = endpoint::secret(&admin.app.signing_key, &salt);
            draw(&admin, WebhookForm::default(), secret, FormErrors::default()).await
        }
        Err(error) => draw(&admin, form, String::new(), error.validation_errors()?.into()).await,
    }
}

async fn delete(DeleteWebhookPath { id }: DeleteWebhookPath, admin: AdminContext) -> Result<Response> {
    let done = admin.change(async |write| endpoint::delete(write, id, host_of).await).await;
    say(&admin, done, "The webhook is removed, with what waited for it.").await
}

async fn send_again(SendDeliveryPath { id }: SendDeliveryPath, admin: AdminContext) -> Result<Response> {
    let steady = admin.app.steady();
    let done = admin.change(async |write| queue::send_again(write, id, steady, host_of).await).await;
    say(&admin, done, "It is sent again.").await
}

async fn discard(DiscardDeliveryPath { id }: DiscardDeliveryPath, admin: AdminContext) -> Result<Response> {
    let steady = admin.app.steady();
    let done = admin.change(async |write| queue::discard(write, id, steady, host_of).await).await;
    say(&admin, done, "It is deleted and will not be sent.").await
}

async fn say(admin: &AdminContext, done: Result<()>, what: &str) -> Result<Response> {
    match done {
        Ok(()) => admin.done(LIST, what).await,
        Err(Error::NotFound) => admin.not_done(LIST, "It is not in the list any more.").await,
        Err(error) => admin.refuse(LIST, error).await,
    }
}

#[cfg(test)]
pub(crate) const SAMPLES: crate::state::template_samples::Samples =
    &[("admin/webhooks/index.html", crate::admin::shared::admin_context::sample_screen::<View>)];

#[cfg(test)]
crate::state::template_samples::sampled! {
    View { is_on, webhooks, unsent, url, events, secret, errors }
    WebhookRow { id, url, events, creator, created, delivered }
    UnsentRow { id, label, host, is_failed, fault, attempts, created }
    EventChoice { option, is_chosen }
}
