//! Which table of the source a name in a query is.

use sqlparser::ast::{Ident, ObjectName};

use super::super::dialect::SqlDialect;
use super::super::walk::{parts, unquoted};
use super::governed::Governed;

/// The schema that a plain name is looked up in.
fn default_schema(dialect: SqlDialect) -> Option<&'static str> {
    match dialect {
        SqlDialect::DuckDb | SqlDialect::Sqlite => Some("main"),
        SqlDialect::PostgreSql => Some("public"),
        SqlDialect::Snowflake | SqlDialect::Databricks | SqlDialect::MySql => None,
    }
}

/// The table that `name` reads. MySQL minds the case of names on some machines: it finds a table in any case, but the caller
/// must print the catalog's name.
pub fn resolve<'a>(tables: &'a [Governed], name: &ObjectName, dialect: SqlDialect) -> Option<&'a Governed> {
    let parts = parts(name).ok()?;
    let (own, path) = parts.split_last()?;
    let (schema, catalog) = match path {
        [] => (None, None),
        [schema] => (Some(*schema), None),
        [catalog, schema] => (Some(*schema), Some(*catalog)),
        _ => return None,
    };
    let usual = default_schema(dialect);
    let fits = |governed: &&Governed, same: &dyn Fn(&str, &Ident) -> bool| {
        let table = &governed.table;
        let in_usual = table.schema.is_none() || table.schema.as_deref() == usual;
        let schema_fits = match (schema, table.schema.as_deref().or(usual)) {
            (None, _) => in_usual,
            (Some(written), Some(known)) => same(known, written),
            (Some(_), None) => false,
        };
        let catalog_fits = match (catalog, table.catalog.as_deref()) {
            (None, _) => true,
            (Some(written), Some(known)) => same(known, written),
            (Some(_), None) => false,
        };
        same(&table.name, own) && schema_fits && catalog_fits
    };
    let exact = |known: &str, written: &Ident| same_table(known, written, dialect);
    let loose = |known: &str, written: &Ident| known.to_lowercase() == unquoted(written).to_lowercase();
    tables.iter().find(|table| fits(table, &exact)).or_else(|| match dialect {
        SqlDialect::MySql => tables.iter().find(|table| fits(table, &loose)),
        _ => None,
    })
}

fn same_table(known: &str, written: &Ident, dialect: SqlDialect) -> bool {
    let name = dialect.same_name(&unquoted(written), written.quote_style.is_some());
    match dialect {
        SqlDialect::DuckDb | SqlDialect::Sqlite | SqlDialect::Databricks => name == known.to_ascii_lowercase(),
        SqlDialect::PostgreSql | SqlDialect::Snowflake | SqlDialect::MySql => name == known,
    }
}
