//! The parts of the rows of a list as lines of text: `Name`, `Price: number`, `Level: choice: low, medium, high`.

use super::made_key;
use crate::{
    model::document::type_field::{TypeControl, TypeField},
    text::{clean, listing::join_with_and},
};

/// A line for each part.
#[must_use]
pub(super) fn print(parts: &[TypeField]) -> String {
    parts.iter().map(print_part).collect::<Vec<_>>().join("\n")
}

fn print_part(part: &TypeField) -> String {
    let TypeField { label, control, options, .. } = part;
    match control {
        TypeControl::Line => label.clone(),
        TypeControl::Choice => format!("{label}: {}: {}", control.names().0, options.join(", ")),
        _ => format!("{label}: {}", control.names().0),
    }
}

/// The parts of these lines. One with the label of a part of `now` keeps its key, and so does one with the same control that takes the
/// place of a part that no line names any more, so that the rows of documents keep their values.
/// Errors: a sentence that says what to do.
pub(super) fn parse(text: &str, now: &[TypeField]) -> Result<Vec<TypeField>, String> {
    let lines: Vec<String> = text.lines().map(clean::line).filter(|line| !line.is_empty()).collect();
    let label = |line: &String| line.split(':').next().unwrap_or_default().trim().to_owned();
    let labels: Vec<String> = lines.iter().map(label).collect();
    let in_place = |at: usize| {
        let part = now.get(at).filter(|part| lines.len() == now.len() && !labels.contains(&part.label))?;
        now.iter().all(|known| known.label != labels[at]).then_some(part)
    };
    lines.iter().enumerate().map(|(at, line)| parse_part(line, now, in_place(at))).collect()
}

fn parse_part(line: &str, now: &[TypeField], in_place: Option<&TypeField>) -> Result<TypeField, String> {
    if let Some(same) = now.iter().find(|part| print_part(part) == line) {
        return Ok(same.clone().only_of_part());
    }
    let mut pieces = line.splitn(3, ':').map(str::trim);
    let label = pieces.next().unwrap_or_default();
    let control = parse_control(pieces.next().unwrap_or_default()).map_err(|fault| format!("“{line}”: {fault}"))?;
    let options = pieces.next().unwrap_or_default().split(',').map(clean::line).filter(|option| !option.is_empty());
    let in_place = in_place.filter(|part| part.control == control);
    let known = now.iter().find(|part| part.label == label).or(in_place).cloned();
    let part = known.unwrap_or_else(|| TypeField { key: made_key::from_label(label), ..TypeField::default() });
    Ok(TypeField { label: label.to_owned(), control, options: options.collect(), ..part }.clean().only_of_part())
}

fn parse_control(name: &str) -> Result<TypeControl, String> {
    if name.is_empty() {
        return Ok(TypeControl::Line);
    }
    let found = TypeControl::from_name(&name.to_lowercase().replace([' ', '-'], "_"));
    found.filter(|control| control.is_for_parts()).ok_or_else(|| {
        let usable = TypeControl::ALL.into_iter().filter(|control| control.is_for_parts());
        let names: Vec<String> = usable.map(|control| control.names().0.to_owned()).collect();
        format!("a part of a row cannot be “{name}”; it can be {}", join_with_and(&names))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lead_to_parts_and_back() {
        let lines = "Name\nUnit price: number\nLevel: choice: low, medium, high";
        let parts = parse(&format!("\n{lines}\r\n\n"), &[]).unwrap();
        let keys: Vec<&str> = parts.iter().map(|part| part.key.as_str()).collect();
        assert_eq!(keys, ["name", "unit_price", "level"]);
        assert_eq!((parts[1].control, parts[2].options.len()), (TypeControl::Number, 3));
        assert_eq!(print(&parts), lines);
        assert_eq!(parse("Done: Yes no", &[]).unwrap()[0].control, TypeControl::YesNo);
        for wrong in ["Price: money", "Text: markdown", "Rows: rows"] {
            assert!(parse(wrong, &[]).unwrap_err().contains("it can be line, text, number"), "{wrong}");
        }
    }

    #[test]
    fn a_part_keeps_its_key_and_what_no_line_says() {
        let part = TypeField {
            key: "cost".to_owned(),
            label: "Price".to_owned(),
            hint: "In euros.".to_owned(),
            control: TypeControl::Choice,
            options: vec!["1,000".to_owned()],
            ..TypeField::default()
        };
        let now = [part.clone()];
        assert_eq!(parse(&print(&now), &now).unwrap(), now);
        let renamed = parse("Unit price: choice: 1", &now).unwrap();
        assert_eq!((renamed[0].key.as_str(), renamed[0].label.as_str()), ("cost", "Unit price"));
        let replaced = parse("Unit price: number", &now).unwrap();
        assert_eq!((replaced[0].key.as_str(), replaced[0].hint.as_str()), ("unit_price", ""), "it is another part");
        let changed = parse("Price: number\nCost", &now).unwrap();
        assert_eq!((changed[0].key.as_str(), changed[0].hint.as_str()), ("cost", "In euros."));
        assert_eq!((changed[0].control, changed[0].options.len()), (TypeControl::Number, 0));
        assert_eq!(changed[1].key, "cost", "which is refused, as two parts have it");
    }
}
