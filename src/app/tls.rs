//! TLS of the portal's listener: which pair of certificate and key is used, when it is read again, and what is refused at the start.

use std::{sync::Arc, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::spawn_blocking,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use crate::{clock::Clock, config::Config, tls::current::CurrentPair, web::server::listeners::Listeners};

/// How often the files are looked at.
const CHECK: Duration = Duration::from_mins(1);

/// The pair that is in use, and the signal that asks for the files to be read at once.
pub(super) struct Tls {
    pair: Arc<CurrentPair>,
    hang_up: Signal,
}

impl Tls {
    /// None when the portal speaks plain HTTP. Call it before clients can connect.
    /// Errors: a sentence for the maintainer.
    pub(super) fn open(config: &Config) -> Result<Option<Self>, String> {
        let Some((certificate, key)) = config.tls.files()? else {
            if config.tls_redirect_listen.is_some() {
                return Err(
                    "PLINTH_TLS_REDIRECT_LISTEN is set, and PLINTH_TLS_CERT and PLINTH_TLS_KEY are not. Set all of \
                            them, or none."
                        .to_owned(),
                );
            }
            return Ok(None);
        };
        if !config.is_https() {
            return Err(format!(
                "PLINTH_TLS_CERT is set, and PLINTH_PUBLIC_URL is {}. Let it begin with https://.",
                config.origin()
            ));
        }
        let pair = CurrentPair::read(certificate.to_owned(), key.to_owned()).map_err(|fault| {
            format!("The portal cannot be served over TLS: {fault}. Put that right, and start again.")
        })?;
        let hang_up = signal(SignalKind::hangup()).map_err(|error| format!("Signals cannot be waited for: {error}"))?;
        Ok(Some(Self { pair, hang_up }))
    }

    /// Lets the connections of `listeners` begin with TLS, and reads the files again each minute and on SIGHUP until `stop`.
    /// Errors: a sentence for the maintainer.
    pub(super) fn begin(
        tls: Option<Self>,
        listeners: Listeners,
        clock: Clock,
        stop: CancellationToken,
    ) -> Result<Listeners, String> {
        let Some(tls) = tls else { return Ok(listeners) };
        let acceptor =
            tls.pair.acceptor().map_err(|fault| format!("The portal cannot be served over TLS: {fault}."))?;
        tokio::spawn(async move { stop.run_until_cancelled(tls.keep_current(clock)).await });
        Ok(listeners.with_tls(Some(acceptor)))
    }

    /// What goes wrong is logged once, not each minute.
    async fn keep_current(mut self, clock: Clock) {
        let mut fault = String::new();
        loop {
            tokio::select! {
                () = sleep(CHECK) => {}
                _ = self.hang_up.recv() => fault.clear(),
            }
            let (pair, now) = (self.pair.clone(), clock.now());
            let read = spawn_blocking(move || pair.reload(now)).await.unwrap_or_else(|error| Err(error.to_string()));
            match read {
                Ok(is_new) => {
                    fault.clear();
                    if is_new {
                        tracing::info!("a new certificate is in use");
                    }
                }
                Err(found) if found == fault => {}
                Err(found) => {
                    tracing::error!("the certificate that was read before stays in use: {found}");
                    fault = found;
                }
            }
        }
    }
}
