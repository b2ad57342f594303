//! The settings of TLS in the program itself. Without them it speaks plain HTTP, and a proxy before it ends TLS.

use std::path::{Path, PathBuf};

use clap::Args;

#[derive(Debug, Clone, Args)]
pub struct TlsConfig {
    /// File with the certificate and those that lead from it to one that browsers trust, in PEM; needs its key too
    #[arg(id = "tls_cert", long = "tls-cert", env = "PLINTH_TLS_CERT", global = true)]
    pub(crate) cert: Option<PathBuf>,

    /// File with the private key of that certificate, in PEM, without a passphrase
    #[arg(id = "tls_key", long = "tls-key", env = "PLINTH_TLS_KEY", global = true)]
    pub(crate) key: Option<PathBuf>,

    /// Folder that an ACME client puts its answers into, for the listener that redirects
    #[arg(id = "acme_challenges", long = "acme-challenges", env = "PLINTH_ACME_CHALLENGES", global = true)]
    pub(crate) challenges: Option<PathBuf>,
}

impl TlsConfig {
    /// Whether the listener of the portal speaks TLS.
    #[must_use]
    pub(crate) const fn is_set(&self) -> bool {
        self.cert.is_some() || self.key.is_some()
    }

    /// The files of certificate and key; none when neither is set.
    /// Errors: a sentence when only one is.
    pub(crate) fn files(&self) -> Result<Option<(&Path, &Path)>, String> {
        match (&self.cert, &self.key) {
            (None, None) => Ok(None),
            (Some(cert), Some(key)) => Ok(Some((cert, key))),
            (Some(_), None) => {
                Err("PLINTH_TLS_CERT is set and PLINTH_TLS_KEY is not. Set both, or neither.".to_owned())
            }
            (None, Some(_)) => {
                Err("PLINTH_TLS_KEY is set and PLINTH_TLS_CERT is not. Set both, or neither.".to_owned())
            }
        }
    }
}
