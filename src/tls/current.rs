//! The pair of certificate and key that new connections get. The files are read again on demand; a pair that is no good leaves the
//! old one in use.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
};

use super::pair::Pair;
use crate::clock::Timestamp;

/// What is spoken inside, in the list of names that client and server choose from (ALPN).
const HTTP: &[u8] = b"http/1.1";

#[derive(Debug)]
pub(crate) struct CurrentPair {
    certificate: PathBuf,
    key: PathBuf,
    in_use: RwLock<Arc<CertifiedKey>>,
}

impl CurrentPair {
    /// Reads the first pair, also when it has expired: with a warning of their browser, visitors can still come.
    /// Errors: a clause that names the file and what is wrong with it.
    pub(crate) fn read(certificate: PathBuf, key: PathBuf) -> Result<Arc<Self>, String> {
        let pair = Pair::read(&certificate, &key)?;
        Ok(Arc::new(Self { certificate, key, in_use: RwLock::new(pair.key) }))
    }

    /// Reads the files again, and uses what is in them from the next connection on. Whether that is another certificate.
    /// Errors: a clause that says why the old one stays in use.
    pub(crate) fn reload(&self, now: Timestamp) -> Result<bool, String> {
        let pair = Pair::read(&self.certificate, &self.key)?;
        let is_same = self.in_use.read().unwrap_or_else(PoisonError::into_inner).cert == pair.key.cert;
        if is_same {
            return Ok(false);
        }
        if pair.days_left(now).is_none() {
            return Err(format!("the certificate in {} has expired", self.certificate.display()));
        }
        if !pair.has_begun(now) {
            return Err(format!("the certificate in {} is not valid yet", self.certificate.display()));
        }
        *self.in_use.write().unwrap_or_else(PoisonError::into_inner) = pair.key;
        Ok(true)
    }

    /// What connections are accepted with: TLS 1.2 and 1.3, HTTP/1.1 inside.
    /// Errors: a clause.
    pub(crate) fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, String> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_no_client_auth()
            .with_cert_resolver(self.clone());
        config.alpn_protocols = vec![HTTP.to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

impl ResolvesServerCert for CurrentPair {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.in_use.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}
