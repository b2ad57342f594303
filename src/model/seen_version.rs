//! Which version of a document or message a user saw when they decided about it. A form names it as one text.

use std::{
    fmt::{self, Display},
    str::FromStr,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SeenVersion {
    pub(crate) id: i64,
    pub(crate) version: i64,
}

impl Display for SeenVersion {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}.{}", self.id, self.version)
    }
}

impl FromStr for SeenVersion {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (id, version) = text.split_once('.').ok_or(())?;
        Ok(Self { id: id.parse().map_err(drop)?, version: version.parse().map_err(drop)? })
    }
}

impl SeenVersion {
    /// What is damaged is left out.
    pub(crate) fn parse_all(texts: &[String]) -> Vec<Self> {
        texts.iter().filter_map(|text| text.parse().ok()).collect()
    }
}
