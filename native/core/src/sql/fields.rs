//! `a.b` that may be a call of `b`.

use std::collections::HashSet;

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
    /// Aliases of functions in FROM, and their columns: not calls, whatever stands before.
    functions: HashSet<String>,
    columns: HashSet<String>,
    qualified: Vec<(String, String)>,
}

impl Fields {
    /// A function in FROM: without an alias its own name is one.
    pub fn source(&mut self, function: &str, alias: Option<&TableAlias>) {
        self.functions.insert(function.to_lowercase());
        // A value of two columns has them, and Postgres takes a column before a function.
        if matches!(function, "json_each" | "json_each_text" | "jsonb_each" | "jsonb_each_text")
            && alias.is_none_or(|a| a.columns.is_empty())
        {
            self.columns.extend(["key".to_string(), "value".to_string()]);
        }
        if let Some(alias) = alias {
            self.functions.insert(unquoted(&alias.name).to_lowercase());
            self.columns
                .extend(alias.columns.iter().map(|column| unquoted(&column.name).to_lowercase()));
        }
    }

    /// `qualifier.name` in an expression.
    pub fn qualified(&mut self, names: &[Ident]) {
        if let [.., qualifier, name] = names {
            self.qualified
                .push((unquoted(qualifier).to_lowercase(), unquoted(name).to_lowercase()));
        }
    }

    pub fn check(&self, dialect: SqlDialect) -> Checked {
        if dialect != SqlDialect::PostgreSql {
            return Ok(());
        }
        let call = self.qualified.iter().find(|(qualifier, name)| {
            let plain = self.columns.contains(name) || self.functions.contains(name) || functions::is_allowed(name, dialect);
            self.functions.contains(qualifier) && !plain
        });
        match call {
            None => Ok(()),
            Some((qualifier, name)) => {
                let reason = format!("{qualifier}.{name} may be a call of the function {name}, which is not on the list of allowed ones.");
                Err(Refusal::new(Code::FunctionNotAllowed, reason, &format!("{qualifier}.{name}")))
            }
        }
    }
}
