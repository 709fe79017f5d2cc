//! The tables that a query may name, with their columns.

use std::collections::HashMap;
use std::sync::Arc;

use crate::sql::dialect::SqlDialect;

/// A name as the catalog writes it, and in the form in which names are compared: no system of ours lets two columns of a table
/// differ in case alone without quotes, so that case decides only between several that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: Arc<str>,
    pub key: Arc<str>,
}

impl Name {
    pub fn new(text: &str) -> Self {
        let text: Arc<str> = text.into();
        let key = match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => text.to_ascii_lowercase().into(),
            false => Arc::clone(&text),
        };
        Name { text, key }
    }
}

#[derive(Debug, Clone)]
pub struct SchemaTable {
    /// What results call it.
    pub label: Arc<str>,
    /// Catalog and schema, as far as they are known, then the table itself.
    path: Vec<Name>,
    pub columns: Vec<Name>,
}

impl SchemaTable {
    /// `path`: catalog and schema where they are known, then the name.
    pub fn new(label: &str, path: &[String], columns: &[String]) -> Self {
        SchemaTable {
            label: label.into(),
            path: path.iter().map(|part| Name::new(part)).collect(),
            columns: columns.iter().map(|column| Name::new(column)).collect(),
        }
    }

    /// Whether a reference of these parts, in lower case, can mean this table. What one side leaves open the other may say,
    /// but a table without a schema is one in the usual schema.
    fn answers_to(&self, parts: &[String], usual: Option<&str>) -> bool {
        let own = self.path.iter().rev().map(|part| part.key.as_ref());
        let asked = parts.iter().rev().map(String::as_str);
        let shared = own.clone().zip(asked.clone()).all(|(own, asked)| own == asked);
        let beyond = match self.path.len() {
            1 => asked.clone().nth(1).is_none_or(|schema| usual.is_none_or(|usual| schema == usual)),
            _ => true,
        };
        shared && beyond
    }
}

/// The tables of one source. Made once, asked by many queries.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    tables: Vec<SchemaTable>,
    /// Places in `tables` by the last part of the path, in lower case.
    by_name: HashMap<Arc<str>, Vec<usize>>,
}

impl Schema {
    pub fn new(tables: Vec<SchemaTable>) -> Self {
        let mut by_name: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        for (place, table) in tables.iter().enumerate() {
            if let Some(own) = table.path.last() {
                by_name.entry(Arc::clone(&own.key)).or_default().push(place);
            }
        }
        Schema { tables, by_name }
    }

    pub fn table(&self, place: usize) -> &SchemaTable {
        &self.tables[place]
    }

    /// The table that a reference means. `strict`: its last part as the dialect reads it, which decides between tables whose
    /// names differ in case alone.
    pub fn find(&self, parts: &[String], strict: &str, dialect: SqlDialect) -> Option<usize> {
        let lower: Vec<String> = parts.iter().map(|part| part.to_ascii_lowercase()).collect();
        let usual = usual_schema(dialect);
        let fitting: Vec<usize> = self
            .by_name
            .get(lower.last()?.as_str())?
            .iter()
            .copied()
            .filter(|place| self.tables[*place].answers_to(&lower, usual))
            .collect();
        let is_usual = |place: &&usize| {
            let path = &self.tables[**place].path;
            path.len() == 1 || Some(path[path.len() - 2].key.as_ref()) == usual
        };
        let exact = |place: &&usize| self.tables[**place].path.last().is_some_and(|own| own.text.as_ref() == strict);
        let first = fitting.first();
        let by_case = fitting.iter().find(exact);
        fitting
            .iter()
            .find(|place| exact(place) && is_usual(place))
            .or(by_case)
            .or_else(|| fitting.iter().find(is_usual))
            .or(first)
            .copied()
    }
}

/// The schema that an unqualified name is looked up in.
fn usual_schema(dialect: SqlDialect) -> Option<&'static str> {
    match dialect {
        SqlDialect::DuckDb | SqlDialect::Sqlite => Some("main"),
        SqlDialect::PostgreSql | SqlDialect::Snowflake => Some("public"),
        SqlDialect::Databricks => Some("default"),
        SqlDialect::MySql => None,
    }
}
