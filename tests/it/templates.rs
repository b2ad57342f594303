//! How templates are written: short lines, tags on lines of their own, and no logic beyond conditions and loops.

use crate::{harness::TestApp, structure::files};

/// What a template may do; in particular it sets nothing.
const TAGS: [&str; 14] = [
    "block", "elif", "else", "endblock", "endfor", "endif", "endmacro", "extends", "for", "from", "if", "import",
    "include", "macro",
];

/// Every template with its path below `templates/`.
fn templates() -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let all = files("templates", "html").into_iter().chain(files("templates", "xml"));
    let found: Vec<_> =
        all.map(|(path, text)| (path.strip_prefix(&root).unwrap().display().to_string(), text)).collect();
    assert!(found.len() > 50, "only {} templates were read", found.len());
    found
}

/// A tag `{% … %}`: where it begins and ends, and its first word.
struct Tag<'a> {
    start: usize,
    end: usize,
    word: &'a str,
}

fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("{%").map(|at| from + at) {
        let end = start + text[start..].find("%}").expect("a tag that ends") + 2;
        let inside = text[start + 2..end].trim_start_matches('-').trim_start();
        found.push(Tag { start, end, word: inside.split([' ', '(', '%', '-']).next().unwrap() });
        from = end;
    }
    found
}

/// The tags that belong to something that begins and ends on different lines.
fn tags_of_blocks(text: &str) -> Vec<Tag<'_>> {
    let (mut found, mut open): (Vec<Tag<'_>>, Vec<Vec<Tag<'_>>>) = (Vec::new(), Vec::new());
    for tag in tags(text) {
        match tag.word {
            "extends" | "from" | "import" | "include" => found.push(tag),
            "elif" | "else" => open.last_mut().unwrap().push(tag),
            word if word.starts_with("end") => {
                let mut all = open.pop().unwrap();
                all.push(tag);
                if text[all[0].start..all[all.len() - 1].end].contains('\n') {
                    found.extend(all);
                }
            }
            _ => open.push(vec![tag]),
        }
    }
    found
}

#[test]
fn lines_of_templates_are_short() {
    for (path, text) in templates() {
        for (number, line) in text.lines().enumerate() {
            let length = line.chars().count();
            assert!(length <= 140, "{path}:{} has {length} characters", number + 1);
            assert!(!line.contains('\t') && line.trim_end() == line, "{path}:{}: white space", number + 1);
        }
    }
}

#[test]
fn a_tag_whose_end_is_on_another_line_has_a_line_of_its_own() {
    for (path, text) in templates() {
        for tag in tags_of_blocks(&text) {
            let before = text[..tag.start].rsplit('\n').next().unwrap();
            let behind = text[tag.end..].split('\n').next().unwrap();
            let line = text[..tag.start].lines().count();
            assert!(before.trim().is_empty() && behind.is_empty(), "{path}:{line}: {before}…{behind}");
        }
    }
}

#[test]
fn templates_have_no_logic_beyond_conditions_and_loops() {
    for (path, text) in templates() {
        for tag in tags(&text) {
            assert!(TAGS.contains(&tag.word), "{path} has {}", &text[tag.start..tag.end]);
        }
    }
}

#[test]
fn tags_are_found_with_what_belongs_to_them() {
    let text = "a {% if x %}b{% endif %}\n{%- for y in z %}\nc\n{% else %}\nd\n{% endfor %}\n";
    let words = |tags: Vec<Tag<'_>>| tags.iter().map(|tag| tag.word.to_owned()).collect::<Vec<_>>();
    assert_eq!(words(tags(text)), ["if", "endif", "for", "else", "endfor"]);
    assert_eq!(words(tags_of_blocks(text)), ["for", "else", "endfor"]);
}

/// The paths of the admin area that a template writes out, as far as it does.
fn admin_paths(text: &str) -> Vec<&str> {
    let written = ["href=\"", "action=\""].iter().flat_map(|attribute| text.split(attribute).skip(1));
    let values = written.filter_map(|rest| rest.split('"').next());
    let paths = values.filter_map(|value| value.split(['?', '#']).next());
    // What conditions put together is seen in the screens alone.
    paths.filter(|path| path.starts_with("/admin") && !path.contains("{%")).collect()
}

/// Whether a route has this path; what a template fills in is a parameter, or behind the path.
fn is_route(path: &str, route: &str) -> bool {
    let (path, route): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
    let is_part = |(part, of): (&&str, &&str)| match part.split_once("{{") {
        Some(("", _)) => of.starts_with('{'),
        Some((start, _)) => start == *of,
        None => part == of,
    };
    path.len() == route.len() && path.iter().zip(&route).all(is_part)
}

#[tokio::test]
async fn the_admin_paths_of_templates_are_routes() {
    let app = TestApp::new().await;
    let routes: Vec<_> = app.routes.iter().filter(|route| !route.path.contains("{*")).collect();
    let mut count = 0;
    for (name, text) in templates() {
        for path in admin_paths(&text) {
            assert!(routes.iter().any(|route| is_route(path, route.path)), "{name}: {path} is no route");
            count += 1;
        }
    }
    assert!(count > 100, "only {count} paths were read");
    let route = "/admin/views/{id}/delete";
    assert!(is_route("/admin/views/{{ view.id }}/delete", route) && !is_route("/admin/views/{{ view.id }}/end", route));
}
