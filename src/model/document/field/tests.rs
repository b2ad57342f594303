//! What each control takes, and how it is told.

use super::*;

fn field(control: Control) -> Field {
    Field::new(&[DocumentKind::Page], control, "x", "Thing", "")
}

#[test]
fn each_control_takes_its_values_only() {
    let parse = |control: Control, typed: &str| field(control).parse(typed, "A title");
    let taken = |value: &str| Ok::<_, String>(value.to_owned());
    assert_eq!(parse(Control::Line, " a\r\n b "), taken("a b"));
    assert_eq!(parse(Control::Text(3), "a\r\nb\0"), taken("a\nb"));
    assert_eq!(parse(Control::Number, " -012 "), taken("-12"));
    assert_eq!(parse(Control::Number, "1.50"), taken("1.5"));
    assert!(parse(Control::Number, "second").is_err());
    assert_eq!(parse(Control::Date, "2027-06-30"), taken("2027-06-30"));
    assert!(parse(Control::Date, "soon").is_err() && parse(Control::Date, "0001-01-01").is_err());
    assert_eq!(parse(Control::YesNo, "yes"), taken("yes"));
    assert!(parse(Control::YesNo, "on").is_err());
    assert_eq!(parse(Control::Slug, ""), taken("a-title"));
    assert_eq!(parse(Control::Category, "x"), taken(""));
    let colours = Control::Choice(vec![("red".into(), "Red".into()), ("blue".into(), "Blue".into())]);
    assert_eq!((parse(colours.clone(), ""), parse(colours.clone(), "blue")), (taken("red"), taken("blue")));
    assert!(parse(colours, "green").is_err());
}

#[test]
fn what_is_too_long_or_missing_is_named() {
    let long = field(Control::Line).limit(3).parse("abcd", "").unwrap_err();
    assert_eq!(long, "Shorten the thing to 3 characters or fewer; it has 4");
    let required = |control| field(control).required(Required::ToSave("Enter a thing".into()));
    assert_eq!(required(Control::Line).parse(" ", "").unwrap_err(), "Enter a thing");
    assert_eq!(required(Control::Markdown(3)).parse("[a]: /b", "").unwrap_err(), "Enter a thing");
    let to_publish = field(Control::Line).required(Required::ToPublish("Enter a thing".into()));
    assert_eq!(to_publish.parse("", ""), Ok(String::new()));
}
