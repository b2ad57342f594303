//! Asks the provider: over https, or on this machine; within a time, without following redirects, and reading no more than a
//! limit.

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use url::Url;

use crate::{config::oidc::is_safe, text::clean};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// Longest answer that is read, in bytes.
const LONGEST: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct AnswerFault(String);

#[derive(Debug)]
pub(super) struct ProviderClient(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl ProviderClient {
    /// `is_plain`: whether the provider is on this machine and not encrypted.
    /// Errors: a sentence for the maintainer.
    pub(super) fn new(is_plain: bool) -> Result<Self, String> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT));
        let tls = HttpsConnectorBuilder::new().with_native_roots();
        let tls = tls.map_err(|error| {
            format!("PLINTH_OIDC_ISSUER is set, and the system's certificates cannot be read: {error}.")
        })?;
        let https = if is_plain { tls.https_or_http() } else { tls.https_only() };
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(https.enable_http1().wrap_connector(tcp));
        Ok(Self(client))
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, AnswerFault> {
        let fault = |error: &dyn std::error::Error| AnswerFault(reason(error));
        let address = request.uri().to_string();
        if !Url::parse(&address).is_ok_and(|url| is_safe(&url)) {
            return Err(AnswerFault(format!("{address} is not encrypted")));
        }
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts, Full::new(Bytes::from(body)));
        let response = self.0.request(request).await.map_err(|error| fault(&error))?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, LONGEST).collect().await.map_err(|error| fault(&*error))?;
        Ok(HttpResponse::from_parts(parts, body.to_bytes().to_vec()))
    }
}

impl<'c> AsyncHttpClient<'c> for ProviderClient {
    type Error = AnswerFault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, AnswerFault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

/// Longest part of a reason that is logged, in characters.
const SAID: usize = 300;

/// An error and what it comes from, on one line.
pub(super) fn reason(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut error = error;
    while let Some(source) = error.source() {
        said = format!("{said}: {source}");
        error = source;
    }
    clean::line(&said).chars().take(SAID).collect()
}
