//! Which columns a query takes of its tables. A name that may be of several tables counts for each of them.

use std::collections::HashSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Query, Select, SelectFlavor, SelectItem, SelectItemQualifiedWildcardKind, Visit, Visitor,
};

use super::super::walk::unquoted;
use super::rewrite::Read;

/// Names in lower case.
#[derive(Default)]
pub struct Usage {
    plain: HashSet<String>,
    /// The first of several parts: a table or a column with fields.
    heads: HashSet<String>,
    qualified: HashSet<(String, String)>,
    /// `*`
    all: bool,
    /// `t.*`
    whole: HashSet<String>,
}

impl Usage {
    pub fn of(query: &Query, using: &[String]) -> Self {
        let mut usage = Usage::default();
        let _ = query.visit(&mut usage);
        usage.plain.extend(using.iter().cloned());
        usage
    }

    pub fn takes(&self, read: &Read, column: &str) -> bool {
        let column = column.to_lowercase();
        read.whole
            || self.all
            || self.whole.contains(&read.known_as)
            // `SELECT t FROM t` takes the row.
            || self.plain.contains(&read.known_as)
            || self.plain.contains(&column)
            || self.heads.contains(&column)
            || self.qualified.contains(&(read.known_as.clone(), column))
    }

    /// A name that is no column of any table but tells where its files are: Databricks and Snowflake have such.
    pub fn file_column(&self, known: impl Fn(&str) -> bool) -> Option<&str> {
        let qualified = self.qualified.iter().map(|(_, name)| name);
        let mut names = self.plain.iter().chain(&self.heads).chain(qualified);
        names
            .find(|name| (*name == "_metadata" || name.starts_with("metadata$")) && !known(name))
            .map(String::as_str)
    }

    fn wildcard(&mut self, name: &sqlparser::ast::ObjectName) {
        let last = name.0.last().and_then(|part| part.as_ident());
        self.whole.extend(last.map(|name| unquoted(name).to_lowercase()));
    }
}

impl Visitor for Usage {
    type Break = ();

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        self.all |= matches!(select.flavor, SelectFlavor::FromFirstNoSelect);
        for item in &select.projection {
            match item {
                SelectItem::Wildcard(_) => self.all = true,
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => self.wildcard(name),
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(_), _) => self.all = true,
                SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. } | SelectItem::ExprWithAliases { .. } => {}
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Identifier(name) => {
                self.plain.insert(unquoted(name).to_lowercase());
            }
            // `schema.table.column` or `table.column.field`: each pair may be the column.
            Expr::CompoundIdentifier(names) => {
                let lower: Vec<String> = names.iter().map(|name| unquoted(name).to_lowercase()).collect();
                for pair in lower.windows(2) {
                    self.qualified.insert((pair[0].clone(), pair[1].clone()));
                }
                self.heads.extend(lower.first().cloned());
            }
            Expr::Function(function) => {
                let name = function.name.to_string().to_lowercase();
                if let sqlparser::ast::FunctionArguments::List(list) = &function.args {
                    for arg in &list.args {
                        match arg {
                            FunctionArg::Unnamed(FunctionArgExpr::Wildcard) if name == "count" => {}
                            FunctionArg::Unnamed(FunctionArgExpr::Wildcard | FunctionArgExpr::WildcardWithOptions(_)) => self.all = true,
                            FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(name)) => self.wildcard(name),
                            FunctionArg::Unnamed(FunctionArgExpr::Expr(_)) | FunctionArg::Named { .. } | FunctionArg::ExprNamed { .. } => {}
                        }
                    }
                }
                // Which ones a pattern takes only the system knows.
                self.all |= name == "columns";
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
