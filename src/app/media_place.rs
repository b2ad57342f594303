//! Where the files of the media library lie, by the configuration.

use crate::{
    config::Config,
    media_files::{object_place::ObjectSettings, store::MediaStore},
};

/// Opens the store of a site. A service for objects is not asked before the first file.
/// Errors: a sentence for the maintainer.
pub(super) fn open(config: &Config) -> Result<MediaStore, String> {
    let settings = &config.media_s3;
    let Some(url) = &settings.url else { return Ok(MediaStore::in_directory(&config.data)) };
    let (Some(key_id), Some(secret)) = (&settings.key_id, &settings.secret) else {
        return Err("PLINTH_MEDIA_S3 is set, so PLINTH_MEDIA_S3_KEY_ID and PLINTH_MEDIA_S3_SECRET have to be set too."
            .to_owned());
    };
    let path = url.path().trim_matches('/');
    let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
    let objects = ObjectSettings {
        endpoint: url.origin().ascii_serialization(),
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        region: settings.region.clone(),
        key_id: key_id.0.clone(),
        secret: secret.0.clone(),
    };
    MediaStore::in_objects(&config.data, &objects)
}
