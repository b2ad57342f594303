//! What the head of a public page says to machines: how it is shown where someone shares it, its feed, its data block. Only pages at
//! their own address have it, no preview and no earlier version.

use super::{
    machine_view::{FeedLink, MachineHead, PictureView},
    navigation::Ancestry,
    page_file::PageFile,
    questions::Questions,
    render_input::RenderInput,
    site_view::{NavLink, PageHead},
    social_card::{self, SocialCard},
    structured_data::{self, facts::PageFacts},
};
use crate::{
    error::Result,
    model::{document::choices::Layout, publishing},
    state::app_state::App,
    text::markdown::{
        first_picture::{self, SharedPicture},
        media::MediaSources,
    },
};

/// What a page is made of that machines read too.
pub(crate) struct PageParts<'a> {
    pub(crate) head: &'a PageHead,
    pub(crate) trail: &'a [NavLink],
    pub(crate) ancestry: &'a Ancestry,
    pub(crate) questions: &'a Questions,
    /// Of practice questions: the area that is shown with its answers.
    pub(crate) area: Option<&'a str>,
    pub(crate) media: &'a MediaSources,
}

/// None for what is not at its own address.
pub(crate) async fn machine_head(app: &App, input: &RenderInput, parts: PageParts<'_>) -> Result<Option<MachineHead>> {
    if !input.preview.is_empty() || input.notice.is_some() {
        return Ok(None);
    }
    let content = &input.revision.content;
    let common = app.nav_cache.site_context(app.read()).await?;
    let dates = publishing::dates(app.read(), input.revision.document_id).await?;
    let origin = app.config.origin();
    let picture = shared_picture(&content.body, parts.media, &origin);
    let name = content.numbered_title();
    let facts = PageFacts {
        origin: &origin,
        settings: &common.settings,
        layout: content.layout,
        name: &name,
        description: &parts.head.description,
        address: &parts.head.canonical,
        trail: parts.trail,
        dates: dates.as_ref(),
        picture: picture.as_ref().map_or("", |picture| &picture.address),
        questions: parts.questions,
        area: parts.area,
    };
    let is_article = content.layout != Layout::Home;
    let times = dates.filter(|_| is_article);
    Ok(Some(MachineHead {
        data: structured_data::of(&facts),
        markdown: PageFile::Markdown.of(&input.path),
        kind: if is_article { "article" } else { "website" },
        locale: locale(&common.settings.language),
        published: times.map(|times| times.first.iso()).unwrap_or_default(),
        modified: times.map(|times| times.latest.iso()).unwrap_or_default(),
        picture: Some(
            picture.unwrap_or_else(|| card(&common.settings.site_name, input, (&parts, name.clone()), &origin)),
        ),
        section: parts
            .ancestry
            .section(content.label(), &input.path)
            .map(|(label, path)| FeedLink { title: label.to_owned(), path: PageFile::Feed.of(path) }),
    }))
}

/// The first picture that the text shows.
fn shared_picture(text: &str, media: &MediaSources, origin: &str) -> Option<PictureView> {
    if media.values().all(|source| source.picture.is_none()) {
        return None;
    }
    let SharedPicture { address, width, height, words } = first_picture::find(text, media)?;
    Some(PictureView { address: format!("{origin}{address}"), width, height, words })
}

/// The card of the page, when its text shows no picture.
fn card(site: &str, input: &RenderInput, (parts, name): (&PageParts<'_>, String), origin: &str) -> PictureView {
    let version = SocialCard::of(site, parts.ancestry, input).version();
    PictureView {
        address: format!("{origin}{}?v={version}", PageFile::Card.of(&input.path)),
        width: social_card::WIDTH.into(),
        height: social_card::HEIGHT.into(),
        words: name,
    }
}

fn locale(language: &str) -> String {
    match language.split('-').collect::<Vec<_>>()[..] {
        [language, country] if country.len() == 2 => format!("{language}_{country}"),
        _ => String::new(),
    }
}
