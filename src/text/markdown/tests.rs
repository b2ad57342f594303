//! What becomes of texts, harmless and hostile.

use proptest::prelude::*;

use super::{
    contents::{Target, headings, shows_anything, targets},
    *,
};

fn page(text: &str) -> String {
    render(text, HeadingContext::Page).html
}

#[test]
fn hostile_text_comes_out_harmless() {
    for text in [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<svg/onload=alert(1)>",
        "<style>*{display:none}</style>",
        "<iframe src=//evil.example></iframe>",
    ] {
        let html = page(text);
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<svg"), "{html}");
        assert!(!html.contains("<style") && !html.contains("<iframe") && !html.contains("<a "), "{html}");
        assert!(html.contains("&lt;"), "nothing typed is lost: {html}");
    }
    for link in [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,x)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<ms-msdt:/id>",
        "[x](feed:https://x.example)",
        "[x][1]\n\n[1]: blob:https://x.example",
        "[x](&#106;avascript&colon;alert(1))",
        "[x](java&Tab;script:alert(1))",
        "![x](data:image/png;base64,AA)",
        "![x](intent://x)",
        "text[^1]\n\n[^1]: [x](ms-word:x)",
    ] {
        let html = page(link);
        assert!(!html.replace("href=\"#fn", "").contains("href=") && !html.contains("src="), "{html}");
        assert!(html.contains('x') || html.contains("ms-msdt") || html.contains("javascript"), "{html}");
    }
    assert!(page("# a\" onclick=\"x").contains("id=\"a-onclickx\""));
    assert!(!page("a\0b").contains('\0'));
}

#[test]
fn headings_make_sections_and_a_list() {
    let rendered = render("intro\n\n# One\n\n## Two *words*\n\n### Three\n\n#### Four", HeadingContext::Page);
    let list: Vec<_> = rendered.headings.iter().map(|h| (h.level, h.id.as_str(), h.text.as_str())).collect();
    assert_eq!(list, [(2, "one", "One"), (3, "two-words", "Two words")]);
    assert!(rendered.html.contains("<h4 id=\"three\">") && rendered.html.contains("<h5 id=\"four\">"));
    assert_eq!(rendered.html.matches("<section").count(), 1);
    assert_eq!(rendered.html.matches("</section>").count(), 1);
    let skipping = page("### First\n\n##### Second");
    assert!(skipping.contains("<h2 id=\"first\">") && skipping.contains("<h3 id=\"second\">"), "{skipping}");
    assert!(page("> # quoted\n").contains("<blockquote>\n<h2 id=\"quoted\">"));
}

#[test]
fn all_headings_of_a_text_are_shifted_alike() {
    for (text, heading_context, levels) in [
        ("### a\n\n### b\n\n#### c\n\n### d", HeadingContext::Page, "2232"),
        ("## a\n\n#### b\n\n## c", HeadingContext::Page, "232"),
        ("# a\n\n## b\n\n# c", HeadingContext::Page, "232"),
        ("# a\n\n### b\n\n# c\n\n##### d\n\n###### e", HeadingContext::Part("x"), "45466"),
    ] {
        let html = render(text, heading_context).html;
        let found: String = html.match_indices("<h").map(|(at, _)| &html[at + 2..at + 3]).collect();
        assert_eq!(found, levels, "{html}");
    }
}

#[test]
fn parts_share_a_page_without_clashing() {
    let mut ids = Ids::default();
    assert!(ids.reserve("q1") && ids.reserve("q1-head"));
    let text = "## Head\n\ntext[^a] again[^a] other[^b]\n\n[^a]: note\n[^b]: note\n\n## fn q1 1";
    let one = render_among(text, HeadingContext::Part("q1"), KnownTargets::default(), &mut ids).html;
    let two = render_among(text, HeadingContext::Part("q2"), KnownTargets::default(), &mut ids).html;
    assert!(one.contains("<h4 id=\"q1-head-1\">") && two.contains("<h4 id=\"q2-head\">"), "{one}{two}");
    for link in ["href=\"#fn-q1-1\"", "id=\"fnref-q1-1-2\"", "id=\"fn-q1-2\"", "href=\"#fnref-q1-2\""] {
        assert!(one.contains(link), "{link}: {one}");
    }
    let all = format!("{one}{two}{}", render_among(text, HeadingContext::Page, KnownTargets::default(), &mut ids).html);
    let found: Vec<_> = all.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let unique: std::collections::HashSet<_> = found.iter().collect();
    assert_eq!(unique.len(), found.len(), "{found:?}");
    for target in all.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(unique.contains(&target), "{target}");
    }
}

#[test]
fn every_heading_has_an_id_and_every_entry_of_the_contents_words() {
    let rendered = render("## 🎉\n\n##\n\n## \u{200b}\n\n## _search\n\n## ![](/a.png)\n\n## 🎉", HeadingContext::Page);
    let list: Vec<_> = rendered.headings.iter().map(|h| (h.id.as_str(), h.text.as_str())).collect();
    assert_eq!(list, [("section", "🎉"), ("search", "_search"), ("section-2", "🎉")]);
    assert!(!rendered.html.contains("id=\"\""), "{}", rendered.html);
    assert_eq!(rendered.html.matches("<h2").count(), 4, "{}", rendered.html);
}

#[test]
fn what_a_reader_sees_are_the_words() {
    let text = "## Using <title> well[^1]\n\nSet <retentionPeriod> to `24` &amp; *go*\non.\n\n![A cat](/cat.png)\n\n\
                <b>Bold</b>\n\n    code\n\n|a|\n|-|\n|b<br>c|\n\n[^1]: A note.";
    assert_eq!(render(text, HeadingContext::Page).headings[0].text, "Using <title> well");
    assert_eq!(headings(text), ["Using <title> well"]);
    assert_eq!(
        plain(text, 500),
        "Using <title> well. Set <retentionPeriod> to 24 & go on. A cat <b>Bold</b> code a. b c. A note."
    );
    for (text, shows) in
        [("", false), ("\u{2800}", false), ("&#8203;", false), ("[](/a)", false), ("![](/a.png)", true)]
    {
        assert_eq!(shows_anything(text), shows, "{text}");
    }
}

#[test]
fn lines_break_in_cells_only() {
    let html = page("|a<br>b|\n|-|\n|c<BR />d|\n\ne<br>f");
    assert!(html.contains("<th>a<br>b</th>") && html.contains("<td>c<br>d</td>"), "{html}");
    assert!(html.contains("e&lt;br&gt;f"), "{html}");
    assert!(page("|<br onclick=x>|\n|-|").contains("&lt;br onclick"));
    assert!(page("    code").contains("<pre><code>code"));
}

#[test]
fn tables_task_lists_and_descriptions_are_understood() {
    let html = page("|a|b|\n|-|-|\n|1|2|\n\n- [x] done\n- [ ] open\n\nTerm\n: Meaning\n");
    assert!(html.contains("class=\"table-frame\"") && html.contains("<th>a</th>"), "{html}");
    assert!(html.contains("<li class=\"task done\"><span class=\"visually-hidden\">Done: </span>"), "{html}");
    assert!(!html.contains("<input") && html.contains("<dt id=\"term\">Term</dt>"), "{html}");
}

#[test]
fn pictures_from_elsewhere_become_links() {
    assert!(page("![a](https://x.example/a.png)").contains("<a href=\"https://x.example/a.png\">a</a>"));
    assert!(page("![a](//x.example/a.png)").contains("<a href"));
    assert!(page("[![a](//x.example/a.png)](/b)").contains("<a href=\"/b\">a</a>"));
    assert!(page("![a](/media/a.png)").contains("<img src=\"/media/a.png\" alt=\"a\""));
}

#[test]
fn plain_words_and_links_are_found() {
    assert_eq!(plain("## Head\n\nSome *fine* `code`\n\n- [x](/a#b)", 100), "Head. Some fine code x");
    assert_eq!(plain("one two three", 7), "one two…");
    let target = |url: &str, is_picture, is_kept| Target { url: url.to_owned(), is_picture, is_kept };
    assert_eq!(
        targets("[a](/x#y) <feed:z> ![c](//z.example/c.png) [d](#d)"),
        [
            target("/x#y", false, true),
            target("feed:z", false, false),
            target("//z.example/c.png", true, true),
            target("#d", false, true)
        ]
    );
}

#[test]
fn deep_nesting_does_not_bring_it_down() {
    for text in [">".repeat(50_000), "[".repeat(50_000), "- ".repeat(5_000), "*a ".repeat(20_000)] {
        let _ = page(&text);
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_live_element_it_may_not(text in "[<>a-z\"'=:/!\\[\\]()#*`|\\-\\n ]{0,200}") {
        let html = page(&text).to_lowercase();
        for tag in ["<script", "<style", "<iframe", "<form", "<object", "javascript:"] {
            prop_assert!(!html.contains(tag) || tag == "javascript:" && !html.contains("href=\"javascript:"), "{}", html);
        }
    }
}

#[test]
fn what_may_take_long_is_left_to_others() {
    let table = format!("|a|{}\n|-|{}\n{}", "a|".repeat(100), "-|".repeat(100), "b\n".repeat(20));
    for text in ["a ".repeat(10_000), table.clone(), format!("> {}", table.replace('\n', "\n> "))] {
        let mut ids = Ids::default();
        assert_eq!(render_quickly(&text, HeadingContext::Page, KnownTargets::default(), &mut ids), None);
        assert_eq!(plain_quickly(&text, 10), None);
        assert!(check(&text).is_ok());
        assert_ne!(
            render_among(&text, HeadingContext::Page, KnownTargets::default(), &mut ids).html,
            render_as_typed(&text).html
        );
    }
    // Whether there is time depends on the machine; what comes of it does not.
    let text = "# One\n\n# One\n\n![![a](http://b.example/c)](http://b.example/d) [^1]\n\n[^1]: A note";
    let (mut quick, mut usual) = (Ids::default(), Ids::default());
    if let Some(rendered) = render_quickly(text, HeadingContext::Page, KnownTargets::default(), &mut quick) {
        assert_eq!(rendered, render_among(text, HeadingContext::Page, KnownTargets::default(), &mut usual));
        assert_eq!(quick.take("one"), usual.take("one"));
    }
}

#[test]
fn a_table_of_too_many_cells_is_shown_as_it_was_typed() {
    let text = format!("|{}\n|{}\n{}", "a|".repeat(500), "-|".repeat(500), "b\n".repeat(500));
    assert!(check(&text).unwrap_err().contains("100,000 at most"));
    assert_eq!(page(&text), render_as_typed(&text).html);
    assert_eq!((targets(&text).len(), headings(&text).len()), (0, 0));
    assert!(shows_anything(&text) && plain(&text, 20).starts_with("|a|a"));
}

#[test]
fn a_table_of_just_few_enough_cells_is_a_table() {
    let text = format!("|{}\n|{}\n{}", "a|".repeat(500), "-|".repeat(500), "b\n".repeat(199));
    assert_eq!(tables::cells(&text, usize::MAX), tables::MOST);
    assert!(plain(&text, 20).starts_with("a, a, a"));
}

#[test]
fn a_text_of_some_paragraphs_is_worth_an_attempt_and_a_long_one_is_not() {
    let attempt = |text: &str| render_quickly(text, HeadingContext::Page, KnownTargets::default(), &mut Ids::default());
    // A busy machine may need more than one.
    assert!((0..1000).any(|_| attempt(&"a sentence of words. ".repeat(60)).is_some()));
    assert_eq!(attempt(&"a ".repeat(9000)), None);
}

#[test]
fn pictures_and_links_within_one_another_keep_one_address() {
    let nested = page("![a ![b](http://x.example/b) c](http://x.example/a)");
    assert_eq!(nested, "<p><a href=\"http://x.example/a\">a b c</a></p>\n");
    let unsafe_outside = page("![a ![b](http://x.example/b) c](javascript:x)");
    assert_eq!(unsafe_outside, "<p>a <a href=\"http://x.example/b\">b</a> c</p>\n");
    let linked = page("[![b](http://x.example/b)](/a)");
    assert_eq!(linked, "<p><a href=\"/a\">b</a></p>\n");
    assert_eq!(page("a<br>b").matches("<br>").count(), 0);
    assert_eq!(page("|a|\n|-|\n|*b<br>c*|").matches("<br>").count(), 1);
}

#[test]
fn a_block_that_looks_like_html_counts_as_the_text_it_is_shown_as() {
    assert_eq!(plain("<div>\nwords\n</div>\n\nmore", 100), "<div> words </div> more");
}

#[test]
fn named_containers_are_shown_as_what_they_are() {
    let notice = page("before\n\n:::notice warning\nMind the *gap*.\n:::\n\nafter");
    assert!(
        notice.contains("<div class=\"callout callout-warning\">\n<p class=\"callout-label\" lang=\"en\">Warning</p>")
    );
    assert!(notice.contains("<p>Mind the <em>gap</em>.</p>\n</div>\n<p>after</p>"), "{notice}");
    let figure = page(":::figure\n![A boat](/boat.png)\n\nThe *boat*.\n:::");
    assert!(figure.contains("<figure class=\"figure\">") && figure.contains("alt=\"A boat\""), "{figure}");
    assert!(figure.contains("<figcaption>The <em>boat</em>.</figcaption>\n</figure>"), "{figure}");
    assert!(page(":::steps\n1. a\n2. b\n:::").contains("<div class=\"steps\">\n<ol>"));
    assert!(page(":::key-facts\nTerm\n: What it is\n:::").contains("<div class=\"key-facts\">\n<dl>"));
    assert!(
        page(":::download\n[Form](/media/form.pdf)\n:::")
            .contains("<div class=\"download\">\n<p><a href=\"/media/form.pdf\"")
    );
    let within = page("- item\n\n  :::notice\n  text\n  :::\n\n> :::notice important\n> quoted\n> :::");
    assert_eq!(within.matches("class=\"callout ").count(), 2, "{within}");
}

#[test]
fn what_is_no_container_is_shown_as_it_was_typed() {
    for (text, expected) in [
        (":::slider fast\nwords\n:::\n", "<p>:::slider fast</p>\n<p>words</p>\n<p>:::</p>\n"),
        (":::notice <b onclick=x>\nwords\n:::\n", "<p>:::notice &lt;b onclick=x&gt;</p>\n<p>words</p>\n<p>:::</p>\n"),
        (":::steps now\n1. a", "<p>:::steps now</p>\n<ol>\n<li>a</li>\n</ol>\n"),
        (":::\nwords\n:::\n", "<p>:::</p>\n<p>words</p>\n<p>:::</p>\n"),
    ] {
        assert_eq!(page(text), expected);
    }
    let deep = page(&format!("{}x{}", "::::::::notice\n".repeat(6), "\n::::::::".repeat(6)));
    assert_eq!(deep.matches("class=\"callout ").count(), 4, "{deep}");
}

#[test]
fn many_containers_take_no_quadratic_time() {
    let text = ":::notice\n".repeat(20_000);
    assert!(check(&text).is_err() || page(&text).len() < HTML_MAX * 2);
}

proptest! {
    #[test]
    fn any_containers_leave_the_html_balanced(text in "(:::|::::|notice|steps|figure|slider| |a|\n|> |- |# b|!\\[p\\]\\(/p\\)){0,40}") {
        let html = page(&text);
        for element in ["div", "figure", "figcaption", "section", "p"] {
            let opened = html.matches(&format!("<{element}>")).count() + html.matches(&format!("<{element} ")).count();
            prop_assert_eq!(opened, html.matches(&format!("</{element}>")).count(), "{} in {}", element, html);
        }
    }
}
