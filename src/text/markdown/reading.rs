//! Reads Markdown within a time limit: the tree, or none when it would take longer.

use std::time::Duration;

use comrak::{Arena, Options, nodes::AstNode, try_parse_document};

use super::container;
use crate::{
    clock::Deadline,
    text::{nesting, tables},
};

/// How long a text may take, once to be read and once to be written as HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeBudget {
    Quick,
    /// Before it is saved: less than [`TimeBudget::Full`], so that what is saved is shown.
    Check,
    /// Usual texts take a hundredth of it.
    Full,
}

/// Longer texts are not attempted while other requests wait.
const SMALL: usize = 16 * 1024;
const FEW_CELLS: usize = 1000;

impl TimeBudget {
    pub(super) fn deadline(self) -> Deadline {
        Deadline::after(match self {
            Self::Quick => Duration::from_millis(2),
            Self::Check => Duration::from_secs(2),
            Self::Full => Duration::from_secs(4),
        })
    }
}

/// The tree of a text as visitors see it: what is no container is shown as it was typed.
pub(super) fn read<'a>(
    arena: &'a Arena<'a>,
    text: &str,
    options: &Options<'_>,
    budget: TimeBudget,
) -> Option<&'a AstNode<'a>> {
    let root = read_as_typed(arena, text, options, budget)?;
    container::unwrap_unknown(arena, root, text);
    Some(root)
}

/// The same with what is no container as if it were one, for checks of that.
pub(super) fn read_as_typed<'a>(
    arena: &'a Arena<'a>,
    text: &str,
    options: &Options<'_>,
    budget: TimeBudget,
) -> Option<&'a AstNode<'a>> {
    let most = if budget == TimeBudget::Quick { FEW_CELLS } else { tables::MOST };
    if budget == TimeBudget::Quick && text.len() > SMALL || tables::cells(text, most) > most {
        return None;
    }
    let deadline = budget.deadline();
    try_parse_document(arena, &nesting::escape_too_deep(text), options, &|| deadline.has_passed()).ok()
}
