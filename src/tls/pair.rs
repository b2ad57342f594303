//! A certificate and its key, read from two PEM files and checked against each other. Knows neither settings nor connections.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use tokio_rustls::rustls::{
    Error, InconsistentKeys,
    client::verify_server_name,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::ParsedCertificate,
    sign::CertifiedKey,
};

use crate::clock::Timestamp;

/// Largest file that is read: a chain is a hundredth of that.
const FILE_MAX: u64 = 1024 * 1024;
const SECOND: i64 = 1000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

pub(crate) struct Pair {
    pub(crate) key: Arc<CertifiedKey>,
    /// From when to when it is valid.
    begins: Timestamp,
    ends: Timestamp,
}

impl Pair {
    /// Reads both files; the first certificate is that of the portal, those after it lead to one that clients trust.
    /// Errors: a clause that names the file and what is wrong with it.
    pub(crate) fn read(certificate: &Path, key: &Path) -> Result<Self, String> {
        let text = read_file(certificate)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| format!("{} holds no certificate in PEM", certificate.display()))?;
        let (begins, ends) =
            read_validity(&chain).ok_or_else(|| format!("the certificate in {} is damaged", certificate.display()))?;
        let secret = PrivateKeyDer::from_pem_slice(&read_file(key)?)
            .map_err(|_| format!("{} holds no private key in PEM without a passphrase", key.display()))?;
        let key = CertifiedKey::from_der(chain, secret, &ring::default_provider()).map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                format!("the key in {} does not belong to the certificate in {}", key.display(), certificate.display())
            }
            Error::InvalidCertificate(_) => format!("the certificate in {} cannot be used", certificate.display()),
            _ => format!("the key in {} is of a kind that cannot be used", key.display()),
        })?;
        Ok(Self { key: Arc::new(key), begins, ends })
    }

    /// Whether it is for a host: a name, or an address as URLs have it.
    #[must_use]
    pub(crate) fn covers(&self, host: &str) -> bool {
        let name = ServerName::try_from(host.trim_start_matches('[').trim_end_matches(']'));
        let leaf = self.key.end_entity_cert().ok().and_then(|leaf| ParsedCertificate::try_from(leaf).ok());
        name.ok().zip(leaf).is_some_and(|(name, leaf)| verify_server_name(&leaf, &name).is_ok())
    }

    #[must_use]
    pub(crate) fn has_begun(&self, now: Timestamp) -> bool {
        self.begins <= now
    }

    /// Whole days until it ends; none when it has.
    #[must_use]
    pub(crate) fn days_left(&self, now: Timestamp) -> Option<i64> {
        (now <= self.ends).then(|| (self.ends.0 - now.0) / DAY)
    }
}

/// From when to when the first certificate is valid.
fn read_validity(chain: &[CertificateDer<'_>]) -> Option<(Timestamp, Timestamp)> {
    let (_, leaf) = x509_parser::parse_x509_certificate(chain.first()?).ok()?;
    let validity = leaf.validity();
    let [begins, ends] =
        [validity.not_before, validity.not_after].map(|time| Timestamp(time.timestamp().saturating_mul(SECOND)));
    Some((begins, ends))
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(FILE_MAX).read_to_end(&mut bytes));
    match read.map_err(|error| error.kind()) {
        Ok(_) => Ok(bytes),
        Err(io::ErrorKind::NotFound) => Err(format!("{} is not there", path.display())),
        Err(io::ErrorKind::PermissionDenied) => Err(format!("{} may not be read by this program", path.display())),
        Err(kind) => Err(format!("{} cannot be read: {kind}", path.display())),
    }
}
