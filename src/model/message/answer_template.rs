//! Texts that users put into their answers. Changing one changes no answer that was made with it.

use crate::{
    db::conn::Conn,
    error::{Error, Result, ValidationErrors},
    model::{audit_log::AuditEntry, message::reply::ANSWER_MAX, write::Write},
    text::{clean, limit},
};

/// Longest name, in characters.
const NAME_MAX: usize = 100;

/// What the audit log says of a change.
const NAME_FROM: &str = "name from ";
const TEXT: &str = "text";

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct AnswerTemplate {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// With `{name}` and `{reference}` in the place of the visitor's name and of the message's reference.
    pub(crate) body: String,
}

impl AnswerTemplate {
    /// The text for an answer to a message.
    #[must_use]
    pub(crate) fn filled(&self, name: &str, reference: &str) -> String {
        // One after the other would fill in what a visitor's name says too.
        let parts = self.body.split("{name}").map(|part| part.replace("{reference}", reference));
        parts.collect::<Vec<_>>().join(name)
    }
}

/// All of them, by name.
pub(crate) async fn all(db: &Conn) -> Result<Vec<AnswerTemplate>> {
    Ok(db.all("select id, name, body from answer_template order by name", ()).await?)
}

/// One of them.
/// `NotFound` when there is none.
pub(crate) async fn get(db: &Conn, id: i64) -> Result<AnswerTemplate> {
    db.optional("select id, name, body from answer_template where id = $1", (id,)).await?.ok_or(Error::NotFound)
}

/// `Validation` on `name` or `body`.
pub(crate) async fn create(write: &Write, name: &str, body: &str) -> Result<()> {
    let (name, body) = check(write, 0, name, body).await?;
    let id: i64 = write
        .value(
            "insert into answer_template (name, body, created_at) values ($1, $2, $3) returning id",
            (name.as_str(), body, write.now),
        )
        .await?;
    write.record(entry("answer_template.create", id, &name));
    Ok(())
}

/// `Validation` on `name` or `body`.
pub(crate) async fn change(write: &Write, before: &AnswerTemplate, name: &str, body: &str) -> Result<()> {
    let (name, body) = check(write, before.id, name, body).await?;
    let mut changes = Vec::new();
    if name != before.name {
        changes.push(format!("{NAME_FROM}“{}” to “{name}”", before.name));
    }
    if body != before.body {
        changes.push(TEXT.to_owned());
    }
    let sql = "update answer_template set name = $2, body = $3 where id = $1";
    write.execute(sql, (before.id, name.as_str(), body)).await?;
    write.record(entry("answer_template.change", before.id, &name).detail(changes.join("; ")));
    Ok(())
}

/// Whether the detail of an entry about [`change`] names the field `name` or `body`.
#[must_use]
pub(crate) fn names(detail: &str, field: &str) -> bool {
    detail.split("; ").any(|change| if field == "name" { change.starts_with(NAME_FROM) } else { change == TEXT })
}

/// Deletes it, and gives its name.
/// `NotFound` when there is none.
pub(crate) async fn delete(write: &Write, id: i64) -> Result<String> {
    let AnswerTemplate { name, .. } = get(write, id).await?;
    write.execute("delete from answer_template where id = $1", (id,)).await?;
    write.record(entry("answer_template.delete", id, &name));
    Ok(name)
}

fn entry(action: &'static str, id: i64, name: &str) -> AuditEntry {
    AuditEntry::new(action, "answer_template", Some(id), name)
}

async fn check(write: &Write, id: i64, name: &str, body: &str) -> Result<(String, String)> {
    let mut errors = ValidationErrors::default();
    let (name, body) = (clean::line(name), clean::lines(body));
    if name.is_empty() {
        errors.add("name", "Enter a name");
    }
    if body.is_empty() {
        errors.add("body", "Enter the text");
    }
    errors.take("name", limit::characters(&name, "the name", NAME_MAX));
    errors.take("body", limit::characters(&body, "the text", ANSWER_MAX));
    let taken: Option<(i64,)> =
        write.optional("select id from answer_template where name = $1 and id <> $2", (name.as_str(), id)).await?;
    if taken.is_some() {
        errors.add("name", "Another answer template has this name; choose another");
    }
    Ok(errors.finish(|| (name, body))?)
}
