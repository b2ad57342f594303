//! The template engine: the one place that knows minijinja. Templates are embedded in the binary; debug builds
//! read them from disk for each request. Auto-escaping is on for every template but `.txt`, which are the plain parts of e-mails.

use axum::response::Html;
use minijinja::{
    AutoEscape, Environment, Error as TemplateError, ErrorKind, Output, State, UndefinedBehavior, Value,
    escape_formatter, syntax::SyntaxConfig, value::Serde,
};
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::{
    crypto,
    error::{Error, Result},
    text::{count::pluralise, isolate::isolate, language},
    web::{
        assets,
        submissions::{self, SUBMISSION_FIELD},
    },
};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Files;

/// All templates, by their path below `templates/`.
pub struct Templates(Environment<'static>);

impl Default for Templates {
    fn default() -> Self {
        let mut environment = Environment::new();
        environment.set_loader(load);
        environment.set_auto_escape_callback(|name| if is_plain(name) { AutoEscape::None } else { AutoEscape::Html });
        environment.set_formatter(escape);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment
            .set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default());
        environment.add_function("submission", submission_field);
        environment.add_filter("counted", |count: i64, one: &str, many: &str| pluralise(count, one, many));
        environment.add_filter("isolated", isolate);
        environment.add_function("english", |state: &State<'_, '_>| lang(state, |_| "en-GB".to_owned()));
        environment.add_function("native", |state: &State<'_, '_>| lang(state, str::to_owned));
        environment.add_function("asset", |name: String| assets::path(&name));
        environment.add_function("has_asset", |name: String| assets::has(&name));
        Self(environment)
    }
}

fn is_plain(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|end| end == "txt")
}

/// Marks one rendering of a form, so that the same form sent twice is handled once, with the user for whom it was drawn.
fn submission_field(state: &State<'_, '_>) -> Value {
    let user = state.lookup("admin").and_then(|admin| admin.get_attr("user").ok()?.get_attr("id").ok()?.as_i64());
    let mark = submissions::mark(&crypto::random_token(), user);
    Value::from_safe_string(format!("<input type=\"hidden\" name=\"{SUBMISSION_FIELD}\" value=\"{mark}\">"))
}

/// A `lang` attribute for a public page whose site is not written in English: there `english()` marks the program's own
/// words, and `native()` what users wrote among them. Nothing on other pages.
fn lang(state: &State<'_, '_>, tag: impl Fn(&str) -> String) -> Value {
    let site = state.lookup("site").and_then(|site| site.get_attr("language").ok());
    match site.as_ref().and_then(Value::as_str).filter(|site| language::primary(site) != "en") {
        Some(site) => Value::from_safe_string(format!(" lang=\"{}\"", tag(site))),
        None => Value::from(""),
    }
}

/// The one place that escapes. The engine's own escaping would also encode every slash, which makes addresses
/// unreadable and pages larger; all our attributes are in double quotes, where a slash is harmless.
fn escape(out: &mut Output, state: &mut State, value: &Value) -> Result<(), TemplateError> {
    let is_safe = value.is_safe() || matches!(state.auto_escape(), AutoEscape::None);
    let Some(text) = value.as_str().filter(|_| !is_safe) else { return escape_formatter(out, state, value) };
    // Byte by byte: a search for several characters would decode each one first.
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.write_str(&text[written..at])?;
        out.write_str(escaped)?;
        written = at + 1;
    }
    Ok(out.write_str(&text[written..])?)
}

fn draw(environment: &Environment<'_>, name: &str, view: &impl Serialize) -> Result<String, TemplateError> {
    environment.get_template(name)?.render(Serde(view))
}

fn load(name: &str) -> Result<Option<String>, TemplateError> {
    let Some(file) = Files::get(name) else { return Ok(None) };
    match std::str::from_utf8(&file.data) {
        Ok(text) => Ok(Some(without_indentation(text))),
        Err(error) => Err(TemplateError::new(ErrorKind::InvalidOperation, error.to_string())),
    }
}

/// Indentation is for readers of the template: it would only make pages larger, and show in a `textarea`.
fn without_indentation(text: &str) -> String {
    text.lines().map(str::trim_start).collect::<Vec<_>>().join("\n")
}

impl Templates {
    /// A template as it is written.
    #[must_use]
    pub(crate) fn source(&self, name: &str) -> Option<String> {
        self.0.get_template(name).ok().map(|template| template.source().to_owned())
    }

    /// Renders a template with the fields of `view`.
    /// `Internal` when the template is missing, broken, or uses a value that the view does not have.
    pub(crate) fn render(&self, name: &str, view: &impl Serialize) -> Result<Html<String>> {
        let rendered = if cfg!(debug_assertions) { self.render_afresh(name, view) } else { draw(&self.0, name, view) };
        rendered.map(Html).map_err(|error| Error::internal(format!("template {name}"), format!("{error:#}")))
    }

    /// Reads the template from disk again, and all that it needs.
    fn render_afresh(&self, name: &str, view: &impl Serialize) -> Result<String, TemplateError> {
        let mut environment = self.0.clone();
        environment.clear_templates();
        draw(&environment, name, view)
    }

    /// As [`Templates::render`], without reading templates again and with the error of the engine.
    #[cfg(test)]
    pub(crate) fn try_render(&self, name: &str, view: &impl Serialize) -> Result<String, TemplateError> {
        draw(&self.0, name, view)
    }

    /// Names of all templates, for the test that renders them.
    #[cfg(test)]
    pub(crate) fn names() -> impl Iterator<Item = String> {
        Files::iter().map(std::borrow::Cow::into_owned)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_that_could_break_out_is_escaped() {
        let mut environment = Templates::default().0;
        environment.add_template("t", "<a title=\"{{ a }}\">{{ b }}</a>{{ c }}").unwrap();
        let view = json!({ "a": "\" onclick='x' /", "b": "</a><script>&", "c": 1 });
        let html = environment.get_template("t").unwrap().render(Serde(&view)).unwrap();
        assert_eq!(html, "<a title=\"&quot; onclick=&#39;x&#39; /\">&lt;/a&gt;&lt;script&gt;&amp;</a>1");
    }

    #[test]
    fn using_what_is_not_there_is_an_error() {
        for text in
            ["{{ nothing }}", "{% if nothing %}x{% endif %}", "{% for x in nothing %}x{% endfor %}", "{{ a.b }}"]
        {
            let mut environment = Templates::default().0;
            environment.add_template("t", text).unwrap();
            assert!(environment.get_template("t").unwrap().render(Serde(json!({ "a": {} }))).is_err(), "{text}");
        }
    }

    /// The line break after a tag is not sent, nor is the indentation of the next line.
    #[test]
    fn words_below_a_tag_are_not_joined_to_those_before_it() {
        for name in Templates::names() {
            let text = load(&name).unwrap().unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for pair in lines.windows(2) {
                let Some(before) = ["{% endif %}", "{% endfor %}"].iter().find_map(|tag| pair[0].strip_suffix(tag))
                else {
                    continue;
                };
                let is_spaced = before.is_empty() || before.ends_with(char::is_whitespace);
                let begins = ["<a ", "<bdi", "<code", "<span", "<strong", "<time", "{{ "];
                let is_words =
                    pair[1].starts_with(char::is_alphanumeric) || begins.iter().any(|tag| pair[1].starts_with(tag));
                assert!(is_spaced || !is_words, "{name} needs a space before the last tag of this line: {}", pair[0]);
            }
        }
    }

    #[test]
    fn indentation_and_lines_of_tags_are_not_sent() {
        let mut environment = Templates::default().0;
        let text = without_indentation("<ul>\n  {% if a %}\n    <li>{{ a }}</li>\n  {% endif %}\n</ul>\n");
        environment.add_template_owned("t", text).unwrap();
        let html = environment.get_template("t").unwrap().render(Serde(json!({ "a": "  b\n  c" }))).unwrap();
        assert_eq!(html, "<ul>\n<li>  b\n  c</li>\n</ul>");
    }
}
