//! Where the files of the media library lie when that is not the data directory: the settings of a service that speaks S3.

use std::{fmt, str::FromStr};

use clap::Args;
use url::Url;

/// A value that no log shows.
#[derive(Clone)]
pub struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("(secret)")
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.trim().to_owned()))
    }
}

#[derive(Debug, Clone, Args)]
pub struct MediaS3 {
    /// Bucket for the files of the media library in a service that speaks S3, such as <https://s3.example/bucket>; when not
    /// set, they lie in the data directory
    #[arg(id = "media_s3", long = "media-s3", env = "PLINTH_MEDIA_S3", value_parser = bucket, global = true)]
    pub(crate) url: Option<Url>,

    /// Region of that service
    #[arg(
        id = "media_s3_region",
        long = "media-s3-region",
        env = "PLINTH_MEDIA_S3_REGION",
        default_value = "us-east-1",
        global = true
    )]
    pub(crate) region: String,

    /// Name of the key for that service
    #[arg(
        id = "media_s3_key_id",
        long = "media-s3-key-id",
        env = "PLINTH_MEDIA_S3_KEY_ID",
        hide_env_values = true,
        global = true
    )]
    pub(crate) key_id: Option<Secret>,

    /// The key itself; better set in the environment, as other users of the machine can read options
    #[arg(
        id = "media_s3_secret",
        long = "media-s3-secret",
        env = "PLINTH_MEDIA_S3_SECRET",
        hide_env_values = true,
        global = true
    )]
    pub(crate) secret: Option<Secret>,
}

/// An address with a bucket, and perhaps a folder in it.
pub(super) fn bucket(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url =
        url.ok_or("it must begin with https:// and name a host and a bucket, such as https://s3.example/bucket")?;
    if url.path().trim_matches('/').is_empty() {
        return Err("a bucket must follow the host, such as https://s3.example/bucket".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("it must be an address with a bucket alone; the key has settings of its own".to_owned());
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_bucket_and_no_key() {
        assert_eq!(bucket(" https://s3.example/b/media ").unwrap().path(), "/b/media");
        for (bad, why) in [
            ("", "such as https"),
            ("s3://bucket", "begin with https"),
            ("https://s3.example/", "a bucket must follow"),
            ("https://key:secret@s3.example/b", "settings of its own"),
            ("https://s3.example/b?region=x", "settings of its own"),
        ] {
            assert!(bucket(bad).unwrap_err().contains(why), "{bad:?}");
        }
        let secret: Secret = " hush ".parse().unwrap();
        assert_eq!((secret.0.as_str(), format!("{secret:?}")), ("hush", "(secret)".to_owned()));
    }
}
