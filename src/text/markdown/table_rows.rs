//! The tables of a text as rows of words, for spreadsheets.

use comrak::{
    Arena,
    nodes::{AstNode, NodeValue},
};

use super::{
    options,
    reading::{TimeBudget, read},
    tree::TreeParts,
    words,
};

/// The rows of the table with this `number`, the first is 1; its head is the first row. None when there are fewer.
#[must_use]
pub(crate) fn of(text: &str, number: usize) -> Option<Vec<Vec<String>>> {
    let arena = Arena::new();
    let root = read(&arena, text, &options(), TimeBudget::Full)?;
    TreeParts::of(root).break_lines_in_cells();
    let is_table = |node: &&AstNode<'_>| matches!(node.data().value, NodeValue::Table(_));
    let table = root.descendants().filter(is_table).nth(number.checked_sub(1)?)?;
    Some(table.children().map(|row| row.children().map(words::of).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_their_words_in_the_order_of_the_tables() {
        let text = "|a|b|\n|-|-|\n|[c](/d) *e*|`f`<br>g|\n|h|\n\n> |i|\n> |-|\n";
        assert_eq!(of(text, 1).unwrap(), [["a", "b"], ["c e", "f g"], ["h", ""]]);
        assert_eq!(of(text, 2).unwrap(), [["i"]]);
        assert!(of(text, 0).is_none() && of(text, 3).is_none() && of("x", 1).is_none());
    }
}
