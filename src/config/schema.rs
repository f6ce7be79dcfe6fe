//! The JSON schema of `rowlock.toml`, by which editors complete and check it.

use super::file::File;
use crate::rules;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

/// The schema as text.
pub(crate) fn json_schema() -> String {
    let schema = SchemaGenerator::default().into_root_schema_for::<File>();
    format!("{:#}\n", schema.to_value())
}

/// A table with a key for each rule.
pub(super) fn rules(generator: &mut SchemaGenerator) -> Schema {
    let level = generator.subschema_for::<super::file::Level>().to_value();
    let property = |rule: &&rules::Rule| {
        let mut schema = json!({ "description": rule.info.summary });
        schema["$ref"] = level["$ref"].clone();
        (rule.info.id.to_owned(), schema)
    };
    let properties: Map<String, Value> = rules::ALL.iter().map(property).collect();
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}

pub(super) fn rule_id(_: &mut SchemaGenerator) -> Schema {
    let ids: Vec<&str> = rules::ALL.iter().map(|rule| rule.info.id).collect();
    json_schema!({ "type": "string", "enum": ids })
}
