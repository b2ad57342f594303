//! The picture of a page where someone shares it, when its text has none: the name of the site, the section and the
//! title. A title whose script the letters cannot write is left out. Made here, from nothing outside.

mod canvas;
mod typeface;

use self::{
    canvas::{Canvas, Colour},
    typeface::Typeface,
};
use super::{navigation::Ancestry, render_input::RenderInput};
use crate::{
    crypto,
    error::Result,
    model::page::public::LivePage,
    state::{app_state::App, page_lists::PageLists},
};

pub(crate) const WIDTH: u32 = 1200;
pub(crate) const HEIGHT: u32 = 630;

/// The same colours as in `static/tokens.css`.
const PAPER: Colour = [0xfb, 0xf8, 0xf1];
const INK: Colour = [0x1d, 0x1c, 0x19];
const SOFT: Colour = [0x48, 0x45, 0x40];
const ACCENT: Colour = [0x0a, 0x4f, 0x58];

const BAND: u32 = 28;
const LEFT: f32 = 96.0;
/// How wide lines may be.
const MEASURE: f32 = 1020.0;
/// Size and base line of the name of the site, and of the section.
const SITE: (f32, f32) = (42.0, 116.0);
const SECTION: (f32, f32) = (36.0, 190.0);
/// Base line of the first line of the title, and its sizes with how many lines of each there may be.
const TITLE: f32 = 310.0;
const TITLE_SIZES: [(f32, usize); 3] = [(88.0, 3), (70.0, 4), (56.0, 5)];
const LINE_HEIGHT: f32 = 1.15;

/// Changes with what is drawn here of the same words.
const DRAWING: u32 = 1;
/// Characters of a version.
const VERSION: usize = 16;

/// What a card says.
#[derive(Debug)]
pub(crate) struct SocialCard {
    site: String,
    /// Empty for a page by itself.
    section: String,
    title: String,
}

impl SocialCard {
    /// Of a page that the site shows.
    #[must_use]
    pub(crate) fn of(site: &str, ancestry: &Ancestry, input: &RenderInput) -> Self {
        let content = &input.revision.content;
        let section = ancestry.section(content.label(), &input.path).map_or("", |(label, _)| label);
        Self { site: site.to_owned(), section: section.to_owned(), title: content.numbered_title() }
    }

    /// Changes with the picture.
    #[must_use]
    pub(crate) fn version(&self) -> String {
        let Self { site, section, title } = self;
        let mut version = crypto::hash(&format!("{DRAWING}\n{site}\n{section}\n{title}"));
        version.truncate(VERSION);
        version
    }

    fn draw(&self) -> Result<Vec<u8>> {
        let typeface = Typeface::load()?;
        let mut canvas = Canvas::new(WIDTH, HEIGHT, PAPER);
        canvas.fill_left(BAND, ACCENT);
        let section = if self.section == self.title { "" } else { self.section.as_str() };
        for (text, (size, base), ink) in [(self.site.as_str(), SITE, ACCENT), (section, SECTION, SOFT)] {
            let Some(text) = typeface.write(text) else { continue };
            for line in typeface.wrap(&text, size, (MEASURE, 1)).0 {
                canvas.write((typeface, size), &line, (LEFT, base), ink);
            }
        }
        if let Some(title) = typeface.write(&self.title) {
            let (size, lines) = title_lines(typeface, &title);
            let mut base = TITLE;
            for line in lines {
                canvas.write((typeface, size), &line, (LEFT, base), INK);
                base += size * LINE_HEIGHT;
            }
        }
        canvas.into_png()
    }
}

/// The title as large as it fits.
fn title_lines(typeface: Typeface, title: &str) -> (f32, Vec<String>) {
    let mut set = (0.0, Vec::new());
    for (size, most) in TITLE_SIZES {
        let (lines, is_whole) = typeface.wrap(title, size, (MEASURE, most));
        set = (size, lines);
        if is_whole {
            break;
        }
    }
    set
}

/// The card of a public page as PNG.
pub(crate) async fn of_page(app: &App, live: LivePage) -> Result<Vec<u8>> {
    let common = app.nav_cache.site_context(app.read()).await?;
    let LivePage { path, revision, .. } = live;
    let input = RenderInput { path, revision, preview: String::new(), preview_of: String::new(), notice: None };
    let ancestry = Ancestry::to(PageLists::live(app), &input).await?;
    let card = SocialCard::of(&common.settings.site_name, &ancestry, &input);
    app.rendering.run_large(|| card.draw()).await?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(title: &str) -> Vec<u8> {
        SocialCard { site: "A site".to_owned(), section: "A section".to_owned(), title: title.to_owned() }
            .draw()
            .unwrap()
    }

    #[test]
    fn a_card_is_of_one_size_whatever_its_title_is() {
        let (long, wide) = ("Incomprehensibilities ".repeat(60), "w".repeat(100_000));
        let hostile = ["", "日本語", "\u{202e}x\u{0}", "<svg onload=x>", &wide, &long, "a\u{301}\u{301}"];
        for title in hostile {
            let picture = image::load_from_memory(&draw(title)).unwrap();
            assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT), "{title:?}");
        }
        assert_eq!(draw("日本語"), draw(""), "a card without a title");
        assert_ne!(draw("One"), draw("Two"));
    }
}
