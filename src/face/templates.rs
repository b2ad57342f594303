//! The template engine: the one place that knows minijinja. Templates are embedded in the binary; debug builds
//! read them from disk for each request. Auto-escaping is on for every template, whatever its name.

use std::sync::{Mutex, PoisonError};

use axum::response::Html;
use minijinja::{AutoEscape, Environment, Error as TemplateError, ErrorKind, UndefinedBehavior, value::Serde};
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::{
    error::{Error, Result},
    web::assets,
};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Files;

/// All templates, by their path below `templates/`.
pub struct Templates(Mutex<Environment<'static>>);

impl Default for Templates {
    fn default() -> Self {
        let mut environment = Environment::new();
        environment.set_loader(load);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.add_function("asset", |name: String| assets::address(&name));
        Self(Mutex::new(environment))
    }
}

fn load(name: &str) -> Result<Option<String>, TemplateError> {
    let Some(file) = Files::get(name) else { return Ok(None) };
    String::from_utf8(file.data.into_owned())
        .map(Some)
        .map_err(|error| TemplateError::new(ErrorKind::InvalidOperation, error.to_string()))
}

impl Templates {
    /// Renders a template with the fields of `view`.
    ///
    /// # Errors
    /// `Internal` when the template is missing, broken, or uses a value that the view does not have.
    pub fn render(&self, name: &str, view: &impl Serialize) -> Result<Html<String>> {
        let environment = self.environment();
        let rendered = environment.get_template(name).and_then(|template| template.render(Serde(view)));
        rendered.map(Html).map_err(|error| Error::internal(format!("template {name}"), format!("{error:#}")))
    }

    fn environment(&self) -> Environment<'static> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cfg!(debug_assertions) {
            shared.clear_templates();
        }
        // A clone shares the compiled templates, and rendering does not hold the lock.
        shared.clone()
    }

    /// Names of all templates, for the test that renders them.
    pub fn names() -> impl Iterator<Item = String> {
        Files::iter().map(|name| name.into_owned())
    }
}
