//! The value of a field that is a list of rows: a JSON array of objects, each with a text for each part that is not empty.
//! Knows no field.

use std::collections::BTreeMap;

/// One row: texts by the keys of its parts.
pub(crate) type ListRow = BTreeMap<String, String>;

/// The rows of a value; none when it cannot be read.
#[must_use]
pub(crate) fn read(value: &str) -> Vec<ListRow> {
    serde_json::from_str(value).unwrap_or_default()
}

/// Whether a value is empty, or rows of which every text is known, by its key.
#[must_use]
pub(crate) fn has_only(value: &str, is_known: impl Fn(&str, &str) -> bool) -> bool {
    let rows = if value.is_empty() { Ok(Vec::new()) } else { serde_json::from_str::<Vec<ListRow>>(value) };
    rows.is_ok_and(|rows| rows.iter().flatten().all(|(key, text)| is_known(key, text)))
}

/// As the value is stored: without empty texts and empty rows; an empty text for no rows.
#[must_use]
pub(crate) fn to_text(rows: &[ListRow]) -> String {
    let filled = |row: &ListRow| -> ListRow {
        row.iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key.clone(), text.clone())).collect()
    };
    let rows: Vec<ListRow> = rows.iter().map(filled).filter(|row| !row.is_empty()).collect();
    if rows.is_empty() { String::new() } else { serde_json::to_string(&rows).unwrap_or_default() }
}

/// Moves a row past the filled one above or below it, in a list whose rows have the numbers of a form. Nothing happens at the ends.
pub(crate) fn move_row(list: &mut BTreeMap<usize, ListRow>, row: usize, is_up: bool) {
    let is_filled = |(number, row): (&usize, &ListRow)| row.values().any(|text| !text.is_empty()).then_some(*number);
    let other = if is_up {
        list.range(..row).rev().find_map(is_filled)
    } else {
        list.range(row.saturating_add(1)..).find_map(is_filled)
    };
    let Some(other) = other else { return };
    if let (Some(one), Some(two)) = (list.get(&row).cloned(), list.get(&other).cloned()) {
        list.extend([(row, two), (other, one)]);
    }
}

/// The name of a control of a form that holds a part of a row: field, number of the row from 0, part.
#[must_use]
pub(crate) fn control_name(field: &str, row: usize, part: &str) -> String {
    format!("{field}.{row}.{part}")
}

/// The reverse; none for any other name.
#[must_use]
pub(crate) fn split_name(name: &str) -> Option<(&str, usize, &str)> {
    let mut parts = name.split('.');
    let (field, row, part) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || part.is_empty() {
        return None;
    }
    Some((field, row.parse().ok()?, part))
}

/// The parts of what a button sends that moves a row: `row_up` or `row_down`, the field, the number of the row. None for any other.
#[must_use]
pub(crate) fn split_press(press: &str) -> Option<(&str, &str, usize)> {
    let mut parts = press.split('.');
    let (press, field, row) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
    (["row_up", "row_down"].contains(&press) && parts.next().is_none()).then_some((press, field, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_lead_back_to_what_they_say() {
        let row = |key: &str, text: &str| ListRow::from([(key.to_owned(), text.to_owned())]);
        let rows = [row("name", "A"), row("name", ""), row("name", "“B”, \"C\"")];
        let text = to_text(&rows);
        assert_eq!(read(&text), [rows[0].clone(), rows[2].clone()]);
        assert_eq!((to_text(&[row("name", "")]), read("x"), read("")), (String::new(), vec![], vec![]));
    }

    #[test]
    fn a_row_moves_past_filled_ones() {
        let row = |text: &str| ListRow::from([("name".to_owned(), text.to_owned())]);
        let list = |texts: [&str; 4]| -> BTreeMap<usize, ListRow> { (0..).zip(texts.map(row)).collect() };
        for (number, is_up, moved) in [
            (2, true, ["B", "", "A", "C"]),
            (0, false, ["B", "", "A", "C"]),
            (0, true, ["A", "", "B", "C"]),
            (3, false, ["A", "", "B", "C"]),
            (9, true, ["A", "", "B", "C"]),
        ] {
            let mut found = list(["A", "", "B", "C"]);
            move_row(&mut found, number, is_up);
            assert_eq!(found, list(moved), "{number} {is_up}");
        }
    }

    #[test]
    fn only_names_of_rows_are_split() {
        assert_eq!(split_name(&control_name("contacts", 3, "name")), Some(("contacts", 3, "name")));
        assert_eq!(
            (split_name("body.1"), split_name("a.x.b"), split_name("a.1.b.c"), split_name("a.1.")),
            (None, None, None, None)
        );
    }
}
