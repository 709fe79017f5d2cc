//! `a.b` that may be a call of `b`.

use sqlparser::ast::{Ident, TableAlias};

use super::dialect::SqlDialect;
use super::functions;
use super::refusal::{Code, Refusal};
use super::walk::{Checked, unquoted};

/// Postgres reads `x.b` as `b(x)` when `x` has no column `b`. Where `x` is a function in FROM its value is a plain one, so that
/// `SELECT x.pg_read_file FROM unnest(array['/etc/passwd']) AS x` reads a file. A qualifier may stand before its FROM is met:
/// both are noted, and compared at the end.
#[derive(Debug, Default)]
pub struct Fields {
    sources: Vec<Source>,
    qualified: Vec<(String, Ident)>,
}

/// A function in FROM. Its name is in lower case: taken for one source too many, a qualifier is refused.
#[derive(Debug)]
struct Source {
    name: String,
    /// As Postgres compares them: `"PG_READ_FILE"` is no column for `x.pg_read_file`.
    columns: Vec<String>,
}

impl Fields {
    /// A function in FROM: without an alias its own name is one, and names its column.
    pub fn source(&mut self, function: &str, alias: Option<&TableAlias>) {
        let function = function.to_lowercase();
        let mut columns: Vec<String> = alias
            .iter()
            .flat_map(|alias| &alias.columns)
            .map(|column| same(&column.name))
            .collect();
        if columns.is_empty() {
            // A value of two columns has them, and Postgres takes a column before a function.
            match function.as_str() {
                "json_each" | "json_each_text" | "jsonb_each" | "jsonb_each_text" => columns.extend(["key".into(), "value".into()]),
                _ => columns.push(alias.map_or(function.clone(), |alias| same(&alias.name))),
            }
        }
        let name = alias.map_or(function, |alias| unquoted(&alias.name).to_lowercase());
        self.sources.push(Source { name, columns });
    }

    /// `qualifier.name` in an expression.
    pub fn qualified(&mut self, names: &[Ident]) {
        if let [.., qualifier, name] = names {
            self.qualified.push((unquoted(qualifier).to_lowercase(), name.clone()));
        }
    }

    pub fn check(&self, dialect: SqlDialect) -> Checked {
        if dialect != SqlDialect::PostgreSql {
            return Ok(());
        }
        let call = self.qualified.iter().find(|(qualifier, name)| {
            let name = same(name);
            // Of two sources with this name in two parts of the query either may be meant.
            let mut meant = self.sources.iter().filter(|source| source.name == *qualifier);
            meant.any(|source| !source.columns.contains(&name)) && !functions::is_allowed(&name, dialect)
        });
        match call {
            None => Ok(()),
            Some((qualifier, name)) => {
                let name = unquoted(name);
                let reason = format!("{qualifier}.{name} may be a call of the function {name}, which is not on the list of allowed ones.");
                Err(Refusal::new(Code::FunctionNotAllowed, reason, &format!("{qualifier}.{name}")))
            }
        }
    }
}

fn same(name: &Ident) -> String {
    SqlDialect::PostgreSql.same_name(&unquoted(name), name.quote_style.is_some())
}
