//! The settings of backups that are made by themselves, and the options of the commands that make and read them.

use std::path::PathBuf;

use clap::Args;

use url::Url;

use super::media_s3::{Secret, bucket};
use crate::crypto::age::keys::Recipient;

#[derive(Debug, Clone, Args)]
pub struct BackupConfig {
    /// Folder for backups that are made by themselves; when not set, none are
    #[arg(id = "backup_dir", long = "backup-dir", env = "PLINTH_BACKUP_DIR", global = true)]
    pub(crate) dir: Option<PathBuf>,

    /// Public keys, as age-keygen prints them, that backups are encrypted for; separated by commas
    #[arg(
        id = "backup_recipient",
        long = "backup-recipient",
        env = "PLINTH_BACKUP_RECIPIENT",
        value_delimiter = ',',
        global = true
    )]
    pub(crate) recipients: Vec<Recipient>,

    /// Bucket that finished backups are put into besides, such as <https://s3.example/bucket/folder>
    #[arg(id = "backup_s3", long = "backup-s3", env = "PLINTH_BACKUP_S3", value_parser = bucket, global = true)]
    pub(crate) s3: Option<Url>,

    /// Region of that service
    #[arg(
        id = "backup_s3_region",
        long = "backup-s3-region",
        env = "PLINTH_BACKUP_S3_REGION",
        default_value = "us-east-1",
        global = true
    )]
    pub(crate) s3_region: String,

    /// Name of the key for that service
    #[arg(
        id = "backup_s3_key_id",
        long = "backup-s3-key-id",
        env = "PLINTH_BACKUP_S3_KEY_ID",
        hide_env_values = true,
        global = true
    )]
    pub(crate) s3_key_id: Option<Secret>,

    /// The key itself; better set in the environment, as other users of the machine can read options
    #[arg(
        id = "backup_s3_secret",
        long = "backup-s3-secret",
        env = "PLINTH_BACKUP_S3_SECRET",
        hide_env_values = true,
        global = true
    )]
    pub(crate) s3_secret: Option<Secret>,
}

/// Whom a backup is encrypted for, when that is not configured.
#[derive(Debug, Clone, Default, Args)]
pub struct LockOptions {
    /// Encrypt it for this public key, as age-keygen prints it; may be given several times
    #[arg(long, conflicts_with_all = ["verify", "passphrase_file"])]
    pub(crate) recipient: Vec<Recipient>,
}

/// What opens a backup that is encrypted.
#[derive(Debug, Clone, Default, Args)]
pub struct UnlockOptions {
    /// The file with your secret key, as age-keygen writes it
    #[arg(long, conflicts_with = "passphrase_file")]
    pub(crate) identity: Option<PathBuf>,

    /// The file with the passphrase
    #[arg(long)]
    pub(crate) passphrase_file: Option<PathBuf>,
}
