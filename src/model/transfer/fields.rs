//! The front matter of documents and categories: from a file to what would be typed into the form, and back. The fields
//! are those of the field table.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize, Serializer};
use toml::Value;

use super::{
    document_file::ImportedRevision,
    editorial::{self, Editorial},
};
use crate::{
    model::document::{
        field::{Control, Field},
        fields::{DocumentFields, FieldTable},
        input::DocumentInput,
        keys,
        kind::DocumentKind,
        rows,
    },
    text::{front_matter, listing::join_with_and},
};

/// Keys of fields of the type whose values do not fit them, because they were stored while these fields were others.
const UNFIT: &str = "unfit";
/// As many digits a TOML number keeps for certain.
const DIGITS: usize = 15;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CategoryFields {
    pub(crate) title: String,
    /// Its place, 1 is first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) position: Option<i64>,
}

/// What the place of a file says of its document: values that its front matter may leave out, by key.
pub(crate) type FieldDefaults<'a> = [(&'static str, &'a str)];

/// Reads one version of a document of a kind, with the fields of the type that it names: what it says, and what the file says
/// beside it.
/// Errors: a sentence that says what is wrong with the file.
pub(crate) fn read(
    (known, kind): (&FieldTable, DocumentKind),
    text: &str,
    defaults: &FieldDefaults<'_>,
) -> Result<ImportedRevision, String> {
    let (table, body) = front_matter::read::<toml::Table>(text)?;
    let type_key = table.get(keys::TYPE).and_then(Value::as_str).unwrap_or_default();
    if !type_key.is_empty() && !known.has_type(type_key) {
        return Err(format!("there is no type “{type_key}”; put its file at types/{type_key}.toml"));
    }
    let fields = &known.of(kind, type_key);
    let mut read = ImportedRevision { typed: DocumentInput::default().with(keys::BODY, body), ..Default::default() };
    for (key, value) in &table {
        if read.editorial.take(key, value)? {
            continue;
        }
        if key == UNFIT {
            read.unfit = unfit(fields, value)?;
            continue;
        }
        let field = fields.get(key).filter(|_| key != keys::BODY).ok_or_else(|| unknown(fields, key))?;
        read.typed.set(key, text_of(field, value).map_err(|fault| format!("the value of {key} {fault}"))?);
    }
    for (key, value) in defaults {
        if read.typed.get(key).is_empty() {
            read.typed.set(key, *value);
        }
    }
    if read.editorial.is_reviewed() && read.typed.get(keys::REVIEW_BY).is_empty() {
        return Err("says when it was reviewed, so it needs a review_by too".to_owned());
    }
    Ok(read)
}

/// The fields whose values are taken as they are.
fn unfit(fields: &DocumentFields, value: &Value) -> Result<BTreeSet<String>, String> {
    let is_of_type = |key: &&str| fields.get(key).is_some_and(|field| field.is_of_type);
    let key = |value: &Value| value.as_str().filter(is_of_type).map(ToOwned::to_owned);
    let keys = value.as_array().and_then(|all| all.iter().map(key).collect());
    keys.ok_or_else(|| format!("{UNFIT} is a list of keys of fields of its type, and nothing else"))
}

fn unknown(fields: &DocumentFields, key: &str) -> String {
    let known = fields.all().map(|field| field.key.as_ref()).filter(|key| *key != keys::BODY);
    let known: Vec<String> = known.chain(editorial::KEYS).map(str::to_owned).collect();
    format!("a {} has no field “{key}”; it has {}", fields.kind.noun(), join_with_and(&known))
}

/// As the form would send it.
/// Errors: what follows “the value of x”.
fn text_of(field: &Field, value: &Value) -> Result<String, String> {
    match (value, &field.control) {
        (Value::String(text), _) => Ok(text.clone()),
        (Value::Integer(number), Control::Number) => Ok(number.to_string()),
        (Value::Float(number), Control::Number) => exact(*number),
        (Value::Array(rows), Control::Rows(parts)) => rows_of(parts, rows),
        (Value::Boolean(is_set), Control::YesNo) => Ok(if *is_set { "yes" } else { "" }.to_owned()),
        (Value::Datetime(day), Control::Date) => Ok(day.to_string()),
        _ => Err(OTHER_KIND.to_owned()),
    }
}

const OTHER_KIND: &str = "is of another kind";

/// A number with a point; with many digits it may be another than the file says.
fn exact(number: f64) -> Result<String, String> {
    let text = number.to_string();
    let digits = text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    if digits <= DIGITS { Ok(text) } else { Err(format!("has more than {DIGITS} digits; write it in quotes")) }
}

/// The rows of a list, as the form would send them.
fn rows_of(parts: &[Field], rows: &[Value]) -> Result<String, String> {
    let row = |row: &Value| -> Result<BTreeMap<String, String>, String> {
        let cell = |(key, value): (&String, &Value)| {
            let part = parts.iter().find(|part| part.key == *key).ok_or(OTHER_KIND)?;
            Ok((key.clone(), text_of(part, value)?))
        };
        row.as_table().ok_or(OTHER_KIND)?.iter().map(cell).collect()
    };
    let rows: Vec<_> = rows.iter().map(row).collect::<Result<_, _>>()?;
    Ok(rows::to_text(&rows))
}

/// In the order of the form.
struct FrontMatter(Vec<(String, Value)>);

impl Serialize for FrontMatter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// The file of one version, without what is empty, what the file's place says, and the first option of each list.
/// Fails when it cannot be written as TOML.
pub(crate) fn write(
    fields: &DocumentFields,
    (typed, editorial): (&DocumentInput, &Editorial),
    defaults: &FieldDefaults<'_>,
) -> Result<String, String> {
    let is_default = |field: &Field, text: &str| {
        let first = match &field.control {
            Control::Choice(options) => options.first().is_some_and(|(value, _)| value == text),
            _ => false,
        };
        first || defaults.iter().any(|(key, value)| *key == field.key && *value == text)
    };
    let (mut front, mut unfit) = (Vec::new(), Vec::new());
    for field in fields.all().filter(|field| field.key != keys::BODY) {
        let text = typed.get(&field.key);
        if field.is_of_type && !text.is_empty() && !field.fits(text) {
            unfit.push(Value::String(field.key.to_string()));
            front.push((field.key.to_string(), Value::String(text.to_owned())));
        } else if !text.is_empty() && !is_default(field, text) {
            front.push((field.key.clone().into_owned(), value_of(field, text)));
        }
    }
    if !unfit.is_empty() {
        front.push((UNFIT.to_owned(), Value::Array(unfit)));
    }
    front.extend(editorial.front_matter());
    front_matter::write(&FrontMatter(front), typed.get(keys::BODY)).map_err(|error| error.to_string())
}

fn value_of(field: &Field, text: &str) -> Value {
    match (&field.control, text.parse()) {
        (Control::Number, whole) => number_of(text, whole.ok()),
        (Control::Rows(_) | Control::YesNo, _) if !field.can_show(text) => Value::String(text.to_owned()),
        (Control::YesNo, _) => Value::Boolean(text == "yes"),
        (Control::Rows(parts), _) => Value::Array(rows::read(text).iter().map(|row| row_of(parts, row)).collect()),
        _ => Value::String(text.to_owned()),
    }
}

/// A number where that is read back as it is, otherwise its text.
fn number_of(text: &str, whole: Option<i64>) -> Value {
    let is_whole = |number: &i64| number.to_string() == text;
    let is_part = |number: &f64| exact(*number).is_ok_and(|read| read == text);
    let whole = whole.filter(is_whole).map(Value::Integer);
    let part = || text.parse().ok().filter(is_part).map(Value::Float);
    whole.or_else(part).unwrap_or_else(|| Value::String(text.to_owned()))
}

fn row_of(parts: &[Field], row: &BTreeMap<String, String>) -> Value {
    let cell = |part: &Field| {
        let text = row.get(&*part.key).filter(|text| !text.is_empty())?;
        Some((part.key.to_string(), value_of(part, text)))
    };
    Value::Table(parts.iter().filter_map(cell).collect())
}

/// The file of a category.
/// Fails when it cannot be written as TOML.
pub(crate) fn write_category(title: &str, position: i64) -> Result<String, String> {
    let fields = CategoryFields { title: title.to_owned(), position: Some(position) };
    front_matter::write(&fields, "").map_err(|error| error.to_string())
}
