//! The keys of encrypted backups, from the options of a command and the configuration. They are read from files only: other users of
//! the machine can see what is typed into a command line.

use std::{fs, path::Path};

use crate::{
    config::{
        Config,
        backup::{LockOptions, UnlockOptions},
    },
    crypto::age::{
        header::Seal,
        keys::{Identity, LockKey, UnlockKey},
    },
    db::opening::io_fault,
};

/// What closes a backup of this command; none when it is not encrypted.
/// Errors: a sentence.
pub(super) fn seal(config: &Config, lock: LockOptions, files: &UnlockOptions) -> Result<Option<Seal>, String> {
    if files.identity.is_some() {
        return Err("--identity opens a backup, together with --verify. To encrypt one, name the public key that belongs to it \
            with --recipient."
            .to_owned());
    }
    Ok(match &files.passphrase_file {
        Some(file) => Some(Seal::new(&LockKey::Passphrase(read_passphrase(file)?))),
        None if lock.recipient.is_empty() => configured_seal(config),
        None => Some(Seal::new(&LockKey::Recipients(lock.recipient))),
    })
}

/// The same of a backup that is made by itself.
pub(super) fn configured_seal(config: &Config) -> Option<Seal> {
    let recipients = &config.backup.recipients;
    (!recipients.is_empty()).then(|| Seal::new(&LockKey::Recipients(recipients.clone())))
}

/// What opens a backup; none when nothing was named.
/// Errors: a sentence.
pub(super) fn unlock(UnlockOptions { identity, passphrase_file }: &UnlockOptions) -> Result<Option<UnlockKey>, String> {
    if let Some(file) = passphrase_file {
        return Ok(Some(UnlockKey::Passphrase(read_passphrase(file)?)));
    }
    let Some(file) = identity else { return Ok(None) };
    let identities = Identity::read_all(&read(file)?).map_err(|fault| format!("{} {fault}.", file.display()))?;
    Ok(Some(UnlockKey::Identities(identities)))
}

/// The first and only line.
fn read_passphrase(file: &Path) -> Result<String, String> {
    let text = read(file)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() || line.contains('\n') {
        return Err(format!("{} must hold the passphrase alone, in one line.", file.display()));
    }
    Ok(line.to_owned())
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| {
        let is_text = error.kind() != std::io::ErrorKind::InvalidData;
        let fault = if is_text { io_fault(&error) } else { "it is no text".to_owned() };
        format!("{} cannot be read: {fault}.", file.display())
    })
}
