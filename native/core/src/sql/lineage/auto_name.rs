//! What a result column is called that has no alias.

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArguments};

use crate::sql::dialect::SqlDialect;
use crate::sql::walk::unquoted;

/// As near to what the system itself calls it as the tree lets one come; whoever has the result knows it exactly.
pub fn auto_name(expr: &Expr, dialect: SqlDialect) -> String {
    match expr {
        Expr::Identifier(ident) => unquoted(ident),
        Expr::CompoundIdentifier(idents) => idents.last().map(unquoted).unwrap_or_default(),
        Expr::Nested(inner) => auto_name(inner, dialect),
        Expr::Function(function) if dialect == SqlDialect::PostgreSql => function
            .name
            .0
            .last()
            .and_then(|part| part.as_ident())
            .map(unquoted)
            .unwrap_or_default(),
        Expr::Function(function) if dialect == SqlDialect::DuckDb => match &function.args {
            FunctionArguments::List(list)
                if matches!(list.args.as_slice(), [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)])
                    && function.over.is_none()
                    && function.filter.is_none()
                    && function.name.to_string().eq_ignore_ascii_case("count") =>
            {
                "count_star()".to_string()
            }
            _ => expr.to_string(),
        },
        Expr::Case { .. } if dialect == SqlDialect::PostgreSql => "case".to_string(),
        Expr::Cast { expr, .. } if dialect == SqlDialect::PostgreSql => auto_name(expr, dialect),
        _ if dialect == SqlDialect::PostgreSql => "?column?".to_string(),
        _ => expr.to_string(),
    }
}
