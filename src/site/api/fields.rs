//! The public fields of a document as the API has them: those of every document in words, those of its type by what they hold.

use serde_json::{Map, Value, json};

use crate::{
    model::document::{
        content::Content,
        field::{Control, Field},
        fields::{DocumentFields, FieldTable},
        keys,
        kind::DocumentKind,
        linked_text,
        rows::{self, ListRow},
    },
    text::markdown::links::LinkAddresses,
};

/// The public fields that have a value, by key; links lead where they lead on the page.
#[must_use]
pub(super) fn values(fields: &DocumentFields, content: &Content, links: &LinkAddresses) -> Value {
    let mut values: Map<String, Value> =
        content.public_values(fields).into_iter().map(|(key, words)| (key, Value::String(words))).collect();
    for field in fields.all().filter(|field| field.place.is_some()) {
        if let Some(value) = field.public_value(content.extra.get(&field.key)).filter(|value| field.fits(value)) {
            let value = linked_text::with_addresses(field, value, links);
            values.insert(field.key.to_string(), value_of(field, &value));
        }
    }
    Value::Object(values)
}

fn value_of(field: &Field, value: &str) -> Value {
    match &field.control {
        Control::Number => number(value),
        Control::YesNo => json!(value == "yes"),
        Control::Rows(parts) => rows::read(value).iter().map(|row| row_of(parts, row)).collect(),
        _ => json!(value),
    }
}

/// A number, or its text where a number of most programs would lose digits.
fn number(value: &str) -> Value {
    let is_same = |number: &f64| number.to_string() == value;
    let whole = value.parse::<i64>().ok().map(|number| json!(number));
    whole
        .or_else(|| value.parse().ok().filter(is_same).map(|number: f64| json!(number)))
        .unwrap_or_else(|| json!(value))
}

/// What [`number`] gives.
fn number_schema() -> Value {
    json!({ "type": ["number", "string"], "description": "A string where a number would lose digits" })
}

fn row_of(parts: &[Field], row: &ListRow) -> Value {
    let cell = |part: &Field| Some((part.key.to_string(), value_of(part, row.get(&*part.key)?)));
    Value::Object(parts.iter().filter_map(cell).collect())
}

/// What [`values`] gives for documents of a kind: without a type, or of any.
#[must_use]
pub(super) fn schema(table: &FieldTable, kind: DocumentKind) -> Value {
    let types = table.types();
    let of_types = types.all().filter(|one| one.definition.used_for.contains(&kind)).map(|one| one.key.as_str());
    let all: Vec<Value> = std::iter::once("").chain(of_types).map(|key| of_type(&table.of(kind, key))).collect();
    json!({ "anyOf": all })
}

fn of_type(fields: &DocumentFields) -> Value {
    let public = fields.all().filter(|field| field.is_public && !keys::CORE.contains(&&*field.key));
    let properties: Map<String, Value> = public.map(|field| (field.key.to_string(), property(field))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn property(field: &Field) -> Value {
    let mut schema = match &field.control {
        Control::Number if field.place.is_some() => number_schema(),
        Control::YesNo if field.place.is_some() => json!({ "type": "boolean" }),
        Control::Date => json!({ "type": "string", "format": "date" }),
        Control::Rows(parts) => {
            let properties: Map<String, Value> =
                parts.iter().map(|part| (part.key.to_string(), part_of(part))).collect();
            let row = json!({ "type": "object", "properties": properties, "additionalProperties": false });
            json!({ "type": "array", "items": row })
        }
        _ => json!({ "type": "string" }),
    };
    schema["title"] = json!(field.label);
    schema
}

fn part_of(part: &Field) -> Value {
    let mut schema = match part.control {
        Control::Number => number_schema(),
        Control::YesNo => json!({ "type": "boolean" }),
        _ => json!({ "type": "string" }),
    };
    schema["title"] = json!(part.label);
    schema
}
