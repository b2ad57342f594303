//! Where an entry of a menu leads, as it is typed: to a page of this site, or elsewhere by https or mailto.

use crate::{
    model::{
        document::rules::DocumentRules,
        redirect::typed::{self, TypedTarget},
    },
    text::{clean, email, mailto},
};

const ELSEWHERE: &str =
    "Enter the path of a page, such as /about, an address that begins with https://, or mailto: and an e-mail address";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MenuTarget {
    /// Its path.
    Page(String),
    Elsewhere(String),
}

/// Errors: a sentence for the form.
pub(crate) fn parse(rules: &DocumentRules, typed: &str) -> Result<MenuTarget, String> {
    let typed = clean::line(typed);
    if let Some(address) = typed.strip_prefix("mailto:") {
        let address =
            email::parse(address, 254).ok_or("Enter mailto: and an e-mail address, such as name@example.org")?;
        return Ok(MenuTarget::Elsewhere(mailto::address(&address)));
    }
    match typed::parse_target(rules, &typed, false).map_err(|_| ELSEWHERE.to_owned())? {
        TypedTarget::Page(path, part) if part.is_empty() => Ok(MenuTarget::Page(path)),
        TypedTarget::Page(..) => Err("Leave out what is behind the #: an entry leads to a whole page".to_owned()),
        TypedTarget::Address(address) if address.starts_with("https://") => Ok(MenuTarget::Elsewhere(address)),
        TypedTarget::Address(_) => Err(ELSEWHERE.to_owned()),
    }
}
