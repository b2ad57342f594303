//! How many cells the tables of a text have. A row of two bytes gets as many empty cells as its table has columns, so cells
//! are what a table costs.

/// Most cells that a text may have. More would exceed the largest page.
pub(crate) const MOST: usize = 100_000;

/// An upper estimate of the cells that the tables have; not counted much further than `enough`.
#[must_use]
pub(crate) fn cells(text: &str, enough: usize) -> usize {
    // Every table has a bar, and most texts have no table.
    if !text.contains('|') {
        return 0;
    }
    let (mut cells, mut columns) = (0, 0);
    for line in text.lines().flat_map(|line| line.split('\r')) {
        if line.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'>')) {
            columns = 0;
        } else {
            columns = columns.max(columns_of(line));
        }
        cells += columns;
        if cells > enough {
            break;
        }
    }
    cells
}

/// How many columns a line such as `|---|:-:|` begins, also within a quotation; 0 for any other line.
fn columns_of(line: &str) -> usize {
    let is_of_it = |byte| matches!(byte, b'|' | b'-' | b':' | b'>' | b' ' | b'\t' | 0x0b | 0x0c);
    if line.contains('|') && line.bytes().all(is_of_it) {
        line.split('|').filter(|column| column.contains('-')).count()
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_count_as_long_as_the_table_goes_on() {
        for (text, expected) in [
            ("", 0),
            ("a | b\n\nc", 0),
            ("---\na\nb", 0),
            ("|a|b|\n|-|-|\n|c|d|\n\nafter", 4),
            ("> a|b\n> -|-\n> c\n> d\n>\n> e", 6),
            ("1. |a|b|\r\n   |-|:-:|\r\n   c", 4),
            ("|a|b|\r|-|-|\rc", 4),
        ] {
            assert_eq!(cells(text, usize::MAX), expected, "{text:?}");
        }
        assert!(cells(&format!("|a{}\n|-{}\n{}", "|a".repeat(200), "|-".repeat(200), "b\n".repeat(5000)), 1000) < 1300);
    }
}
