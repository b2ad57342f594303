//! What every page shows of the others and of the site: the lists of pages below one another, the menus, the settings.
//! Kept in memory as long as nothing public changes, because pages made one after the other need the same ones. Bounded
//! by bytes; only what is live ever stands here.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::tz::TimeZone;
use quick_cache::{Weighter, sync::Cache};

use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        page::public::{self, NavPage},
        settings::Settings,
    },
    site_version::SiteVersion,
    text::markdown::{self, HeadingContext},
    work,
};

/// A list of pages.
pub type List = Arc<[NavPage]>;

/// What all pages share.
pub struct Common {
    /// The settings.
    pub settings: Settings,
    /// The zone that times are shown in.
    pub zone: TimeZone,
    /// The foot of every page.
    pub footer_html: String,
}

/// See the file's head.
pub struct Lists {
    /// By the page above; none for the uppermost level.
    below: Cache<Option<i64>, Kept<List>, Bytes>,
    common: RwLock<Option<Kept<Arc<Common>>>>,
    site_version: SiteVersion,
}

/// Something with the site version that it was read under.
#[derive(Clone)]
struct Kept<T> {
    site_version: i64,
    value: T,
}

/// Weighs a list.
#[derive(Clone)]
struct Bytes;

impl Weighter<Option<i64>, Kept<List>> for Bytes {
    fn weight(&self, _: &Option<i64>, list: &Kept<List>) -> u64 {
        let texts =
            |entry: &NavPage| entry.path.len() + entry.title.len() + entry.menu_label.len() + entry.number.len();
        // With what allocating four texts costs besides.
        let entries = list.value.iter().map(|entry| texts(entry) + size_of::<NavPage>() + 32);
        (entries.sum::<usize>() + 128) as u64
    }
}

impl Lists {
    /// Keeps at most `bytes` of lists.
    #[must_use]
    pub fn new(bytes: u64, site_version: SiteVersion) -> Self {
        let items = usize::try_from(bytes / 4096).unwrap_or(1024).max(64);
        Self { below: Cache::with_weighter(items, bytes, Bytes), common: RwLock::default(), site_version }
    }

    /// The live pages right below `parent` in their order; `None`: the uppermost level without the front page.
    pub async fn below(&self, db: &Conn, parent: Option<i64>) -> Result<List> {
        let site_version = self.site_version.get();
        if let Some(kept) = self.below.get(&parent).filter(|kept| kept.site_version == site_version) {
            return Ok(kept.value);
        }
        let value: List = public::children(db, parent).await?.into();
        self.below.insert(parent, Kept { site_version, value: value.clone() });
        Ok(value)
    }

    /// The same, without asking where there is nothing.
    pub async fn below_entry(&self, db: &Conn, entry: &NavPage) -> Result<List> {
        if entry.has_children { self.below(db, Some(entry.id)).await } else { Ok(List::default()) }
    }

    /// What all pages share.
    pub async fn common(&self, db: &Conn) -> Result<Arc<Common>> {
        let site_version = self.site_version.get();
        let known = self.common.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) = known.filter(|kept| kept.site_version == site_version) {
            return Ok(kept.value);
        }
        let settings = Settings::load(db).await?;
        let footer_html = work::blocking(|| markdown::render(&settings.footer, HeadingContext::Part("_foot")).html);
        let value = Arc::new(Common { zone: settings.zone(), footer_html, settings });
        *self.common.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Kept { site_version, value: value.clone() });
        Ok(value)
    }
}
