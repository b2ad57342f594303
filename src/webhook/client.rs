//! Sends one webhook: a signed POST over https, within a time, without following redirects and without reading what is answered.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Method, Request, StatusCode, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;
use url::Url;

use super::target::{PublicResolver, ResolveFault, WebhookReach};
use crate::{config::webhooks::WebhookMode, crypto, text::clean};

/// How long a connection may take, and how long all of it.
const CONNECT: Duration = Duration::from_secs(5);
const LIMIT: Duration = Duration::from_secs(10);
/// Longest part of a reason that is shown, in characters.
const SAID: usize = 300;

#[derive(Debug)]
pub(crate) struct WebhookClient {
    client: Client<HttpsConnector<HttpConnector<PublicResolver>>, Full<Bytes>>,
    pub(crate) reach: WebhookReach,
}

/// What is sent.
pub(crate) struct OutgoingHook<'a> {
    pub(crate) url: &'a str,
    pub(crate) secret: &'a str,
    /// The number of the delivery: the same when it is sent again.
    pub(crate) id: i64,
    pub(crate) event: &'a str,
    /// JSON.
    pub(crate) body: &'a str,
    /// When it is sent, in seconds since 1970.
    pub(crate) at: i64,
}

/// Why it did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebhookFault {
    /// A sentence.
    pub(crate) sentence: String,
    pub(crate) scope: WebhookFaultScope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WebhookFaultScope {
    /// The receiver is not reached at present, or does not answer in time.
    Receiver,
    /// This one is not taken at present.
    Now,
    /// Another try makes no sense.
    Ever,
}

impl WebhookFault {
    fn new(scope: WebhookFaultScope, sentence: String) -> Self {
        Self { sentence, scope }
    }
}

impl WebhookClient {
    /// None when webhooks are off.
    /// Errors: a sentence for the maintainer.
    pub(crate) fn of(mode: WebhookMode) -> Result<Option<Self>, String> {
        let reach = match mode {
            WebhookMode::Off => return Ok(None),
            WebhookMode::On => WebhookReach::Public,
            WebhookMode::InsecureLoopbackForTests => WebhookReach::PublicAndLoopback,
        };
        let mut tcp = HttpConnector::new_with_resolver(PublicResolver(reach));
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT));
        let tls = HttpsConnectorBuilder::new().with_native_roots();
        let tls =
            tls.map_err(|error| format!("Webhooks are on, and the system's certificates cannot be read: {error}."))?;
        let https = if reach == WebhookReach::Public { tls.https_only() } else { tls.https_or_http() };
        // Each one is resolved again, so that an address that was public does not count for ever.
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(https.enable_http1().wrap_connector(tcp));
        Ok(Some(Self { client, reach }))
    }

    /// Whether more is allowed than on a site.
    pub(crate) fn is_insecure(&self) -> bool {
        self.reach == WebhookReach::PublicAndLoopback
    }

    /// How long one may take, in milliseconds.
    pub(crate) const fn limit() -> i64 {
        2 * 1000 * LIMIT.as_secs().cast_signed()
    }

    /// Sends it; the receiver has taken it when it answers with 200 to 299.
    pub(crate) async fn send(&self, hook: &OutgoingHook<'_>) -> Result<(), WebhookFault> {
        // A number as a host is never resolved, so this looks at it.
        let never = |sentence: String| WebhookFault::new(WebhookFaultScope::Ever, sentence);
        let url = self.reach.parse(hook.url).map_err(|sentence| never(format!("{sentence}.")))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let request = request(&url, hook).map_err(|error| never(format!("It cannot be sent: {error}.")))?;
        let answered = timeout(LIMIT, self.client.request(request)).await;
        let Ok(answered) = answered else {
            let sentence = format!("{host} did not answer within {} seconds.", LIMIT.as_secs());
            return Err(WebhookFault::new(WebhookFaultScope::Receiver, sentence));
        };
        match answered {
            Ok(response) => judge(&host, response.status()),
            Err(error) => Err(of_connection(&host, &error)),
        }
    }
}

fn request(url: &Url, hook: &OutgoingHook<'_>) -> hyper::http::Result<Request<Full<Bytes>>> {
    let signature = crypto::hmac_hex(hook.secret, &format!("{}.{}", hook.at, hook.body));
    Request::builder()
        .method(Method::POST)
        .uri(url.as_str())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "Plinth-Webhook/1")
        .header("x-plinth-event", hook.event)
        .header("x-plinth-delivery", hook.id)
        .header("x-plinth-time", hook.at)
        .header("x-plinth-signature", format!("sha256={signature}"))
        .body(Full::new(Bytes::copy_from_slice(hook.body.as_bytes())))
}

fn judge(host: &str, status: StatusCode) -> Result<(), WebhookFault> {
    if status.is_success() {
        return Ok(());
    }
    let code = status.as_u16();
    let sentence = if status.is_redirection() {
        format!("{host} answered {code}, a redirect, and none is followed.")
    } else {
        format!("{host} answered {code}.")
    };
    let scope = if status == StatusCode::GONE { WebhookFaultScope::Ever } else { WebhookFaultScope::Now };
    Err(WebhookFault::new(scope, sentence))
}

fn of_connection(host: &str, error: &(dyn std::error::Error + 'static)) -> WebhookFault {
    let mut reason = error;
    while let Some(source) = reason.source() {
        reason = source;
        if let Some(fault) = reason.downcast_ref::<ResolveFault>() {
            let is_refused = matches!(fault, ResolveFault::Refused(_));
            let scope = if is_refused { WebhookFaultScope::Ever } else { WebhookFaultScope::Receiver };
            return WebhookFault::new(scope, format!("{host} is not reached: {}.", said(fault)));
        }
    }
    WebhookFault::new(WebhookFaultScope::Receiver, format!("{host} is not reached: {}.", said(reason)))
}

/// On one line and without a full stop.
fn said(reason: &dyn std::error::Error) -> String {
    let line = clean::line(&reason.to_string());
    let cut: String = line.trim_end_matches('.').chars().take(SAID).collect();
    if cut.is_empty() { "no reason was given".to_owned() } else { cut }
}
