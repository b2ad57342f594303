//! Where the files of the media library lie, by the configuration.

use url::Url;

use crate::{
    config::{Config, media_s3::Secret},
    media_files::{object_service::ObjectSettings, store::MediaStore},
};

/// Opens the store of a site. A service for objects is not asked before the first file.
/// Errors: a sentence for the maintainer.
pub(super) fn open(config: &Config) -> Result<MediaStore, String> {
    let settings = &config.media_s3;
    let Some(url) = &settings.url else { return Ok(MediaStore::in_directory(&config.data)) };
    let name = ["PLINTH_MEDIA_S3", "PLINTH_MEDIA_S3_KEY_ID", "PLINTH_MEDIA_S3_SECRET"];
    let objects = settings_of(name, (url, &settings.region), [&settings.key_id, &settings.secret])?;
    MediaStore::in_objects(&config.data, &objects)
}

/// What opens a bucket, by the names of its settings and their values.
/// Errors: a sentence: the key is missing.
pub(super) fn settings_of(
    [setting, key_name, secret_name]: [&'static str; 3],
    (url, region): (&Url, &str),
    [key_id, secret]: [&Option<Secret>; 2],
) -> Result<ObjectSettings, String> {
    let (Some(key_id), Some(secret)) = (key_id, secret) else {
        return Err(format!("{setting} is set, so {key_name} and {secret_name} have to be set too."));
    };
    let path = url.path().trim_matches('/');
    let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
    Ok(ObjectSettings {
        setting,
        endpoint: url.origin().ascii_serialization(),
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        region: region.to_owned(),
        key_id: key_id.0.clone(),
        secret: secret.0.clone(),
    })
}
