//! What a page says of itself, whatever it is written as.

use crate::{
    model::{document::choices::Layout, publishing::PublicationDates, settings::Settings},
    render::{questions::Questions, site_view::NavLink},
};

pub(crate) struct PageFacts<'a> {
    pub(crate) origin: &'a str,
    pub(crate) settings: &'a Settings,
    pub(crate) layout: Layout,
    /// With its number.
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    pub(crate) address: &'a str,
    /// The pages above it, the uppermost first.
    pub(crate) trail: &'a [NavLink],
    /// None for what is not published.
    pub(crate) dates: Option<&'a PublicationDates>,
    /// Address of its first picture; may be empty.
    pub(crate) picture: &'a str,
    pub(crate) questions: &'a Questions,
    /// Of practice questions: the title of the area that is shown with its answers.
    pub(crate) area: Option<&'a str>,
}
