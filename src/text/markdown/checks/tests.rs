//! What is said of texts, and where.

use proptest::prelude::*;

use super::*;

/// The remarks that are not merely of a link, with what the place has of the source.
fn said(text: &str) -> Vec<(usize, String, RemarkKind)> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let of = |remark: Remark| {
        let TextPlace { line, start, end } = remark.place;
        (line, String::from_utf16(&units[start..end]).unwrap(), remark.about)
    };
    remarks(text).into_iter().filter(|remark| !matches!(remark.about, RemarkKind::Link(_))).map(of).collect()
}

#[test]
fn each_remark_has_its_place() {
    let text = "# 🎉 One\n\nAn ä ![](/a.png) and ![ ](/b.png), ![good](/c.png).\n\n- [](/about)\n- *[Click here!](/about)* [About us](/about)\n\n#### Four\n\n## Two";
    assert_eq!(
        said(text),
        [
            (3, "![](/a.png)".to_owned(), RemarkKind::PictureWithoutWords),
            (3, "![ ](/b.png)".to_owned(), RemarkKind::PictureWithoutWords),
            (5, "[](/about)".to_owned(), RemarkKind::LinkWithoutWords),
            (6, "[Click here!](/about)".to_owned(), RemarkKind::VagueLink),
            (8, "#### Four".to_owned(), RemarkKind::SkippedLevel { level: 4, expected: 2 }),
        ]
    );
}

#[test]
fn links_are_told_with_their_addresses() {
    let links: Vec<_> = remarks("[a](/x) <https://x.example> [b](javascript:c) ![d](/e.png)\n\n| [f](/g) |\n|-|\n")
        .into_iter()
        .map(|remark| (remark.place.line, remark.quote, remark.about))
        .collect();
    assert_eq!(
        links,
        [
            (1, "[a](/x)".to_owned(), RemarkKind::Link("/x".to_owned())),
            (1, "<https://x.example>".to_owned(), RemarkKind::Link("https://x.example".to_owned())),
            (3, "[f](/g)".to_owned(), RemarkKind::Link("/g".to_owned())),
        ]
    );
}

#[test]
fn a_picture_is_what_a_link_around_it_says() {
    assert_eq!(said("[![Plan](/a.png)](/b)"), []);
    let alone = said("[![](/a.png)](/b)");
    assert_eq!(alone, [(1, "![](/a.png)".to_owned(), RemarkKind::PictureWithoutWords)]);
}

#[test]
fn levels_are_skipped_downwards_only() {
    let levels = |text: &str| said(text).into_iter().map(|(line, ..)| line).collect::<Vec<_>>();
    assert_eq!(levels("## a\n### b\n#### c\n## d\n### e"), [0; 0]);
    assert_eq!(levels("### a\n## b\n#### c"), [1, 3]);
    assert_eq!(levels("## a\n###\n### b"), [0; 0]);
}

#[test]
fn a_long_sentence_is_marked_as_a_whole() {
    let long = format!("It’s {}long", "very *very* ".repeat(17));
    let text = format!("Short one. {long}. Short again.\n\n> {long}\n");
    let found = said(&text);
    let of = RemarkKind::LongSentence(36);
    assert_eq!(found, [(1, format!("{long}."), of.clone()), (3, long, of)]);
}

proptest! {
    #[test]
    fn any_text_has_places_within_it(text in "([-#>|a*\\[\\]()!:^ .ä🎉`~]|\n|\n\n|    |\\]\\(/a\\)){0,60}") {
        let length = text.encode_utf16().count();
        for Remark { place, .. } in remarks(&text) {
            prop_assert!(place.start <= place.end && place.end <= length, "{:?}", place);
        }
    }
}
