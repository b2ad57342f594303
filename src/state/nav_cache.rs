//! What every page shows of the others and of the site: the lists of pages below one another, the menus, the settings.
//! Kept in memory until something public changes, because pages made one after the other need the same ones. Bounded by
//! bytes; only live pages are kept.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::tz::TimeZone;
use quick_cache::{Weighter, sync::Cache};

use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        document::{fields::FieldTable, types},
        media::sources,
        menu::entry::Menus,
        page::public::{self, NavPage},
        settings::Settings,
    },
    site_version::SiteVersion,
    text::{
        ids::Ids,
        markdown::{self, HeadingContext, known::KnownTargets},
    },
    work,
};

pub(crate) type NavPages = Arc<[NavPage]>;

pub(crate) struct SiteContext {
    pub(crate) settings: Settings,
    pub(crate) zone: TimeZone,
    pub(crate) footer_html: String,
    pub(crate) menus: Menus,
}

pub struct NavCache {
    /// By the page above; none for the uppermost level.
    children: Cache<Option<i64>, Versioned<NavPages>, Bytes>,
    site_context: RwLock<Option<Versioned<Arc<SiteContext>>>>,
    site_version: SiteVersion,
    /// Takes up the types of documents as pages show them.
    fields: Arc<FieldTable>,
}

/// Something with the site version that it was read under.
#[derive(Clone)]
struct Versioned<T> {
    site_version: i64,
    value: T,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Option<i64>, Versioned<NavPages>> for Bytes {
    fn weight(&self, _: &Option<i64>, list: &Versioned<NavPages>) -> u64 {
        let texts =
            |entry: &NavPage| entry.path.len() + entry.title.len() + entry.menu_label.len() + entry.clause_number.len();
        // With the overhead of allocating four texts.
        let entries = list.value.iter().map(|entry| texts(entry) + size_of::<NavPage>() + 32);
        (entries.sum::<usize>() + 128) as u64
    }
}

impl NavCache {
    /// Keeps at most `bytes` of lists.
    #[must_use]
    pub(crate) fn new(bytes: u64, site_version: SiteVersion, fields: Arc<FieldTable>) -> Self {
        let items = usize::try_from(bytes / 4096).unwrap_or(1024).max(64);
        Self {
            children: Cache::with_weighter(items, bytes, Bytes),
            site_context: RwLock::default(),
            site_version,
            fields,
        }
    }

    /// The live pages right below `parent` in their order; `None`: the uppermost level without the front page.
    pub(crate) async fn children(&self, db: &Conn, parent: Option<i64>) -> Result<NavPages> {
        let site_version = self.site_version.get();
        if let Some(versioned) = self.children.get(&parent).filter(|versioned| versioned.site_version == site_version) {
            return Ok(versioned.value);
        }
        let value: NavPages = public::children(db, parent).await?.into();
        self.children.insert(parent, Versioned { site_version, value: value.clone() });
        Ok(value)
    }

    /// The same, without a query for a page that has none.
    pub(crate) async fn children_of(&self, db: &Conn, entry: &NavPage) -> Result<NavPages> {
        if entry.has_children { self.children(db, Some(entry.id)).await } else { Ok(NavPages::default()) }
    }

    pub(crate) async fn site_context(&self, db: &Conn) -> Result<Arc<SiteContext>> {
        let site_version = self.site_version.get();
        let known = self.site_context.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(versioned) = known.filter(|versioned| versioned.site_version == site_version) {
            return Ok(versioned.value);
        }
        types::refresh(&self.fields, db).await?;
        let settings = Settings::load(db).await?;
        let menus = Menus::load(db).await?;
        let media = sources::of(db, &[settings.footer.as_str()]).await?;
        let foot = HeadingContext::Part("_foot");
        let known = KnownTargets { media: Some(&media), links: None, ..KnownTargets::default() };
        let render = || markdown::render_among(&settings.footer, foot, known, &mut Ids::default()).html;
        let footer_html = work::run_blocking(render);
        let value = Arc::new(SiteContext { zone: settings.zone(), footer_html, menus, settings });
        *self.site_context.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Versioned { site_version, value: value.clone() });
        Ok(value)
    }
}
