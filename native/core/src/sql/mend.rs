//! Mends what the parser reads and does not write back as the system reads it. The meaning stays; the tree must have been
//! checked before, for its depth bounds the visit.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, LimitClause, Query, SetExpr, TableFactor, TableWithJoins, Top, TopQuantity, Value, VisitMut, VisitorMut};

use super::dialect::SqlDialect;
use super::limit;

/// - `t AT (…) AS a` would be printed `t AS a AT (…)`: it becomes `(SELECT * FROM t AT (…)) AS a`. So does a sample that
///   Databricks wants before the alias.
/// - `SELECT TOP 5 a` becomes `SELECT a LIMIT 5`, which the bound on the rows can lower.
///
/// Call it again after a rewrite that gives such a table an alias.
pub fn mend(query: &mut Query, dialect: SqlDialect) {
    if matches!(dialect, SqlDialect::Snowflake | SqlDialect::Databricks) {
        // The visitor never breaks off.
        let _ = query.visit(&mut Mender { dialect });
    }
}

struct Mender {
    dialect: SqlDialect,
}

impl VisitorMut for Mender {
    type Break = std::convert::Infallible;

    fn post_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Self::Break> {
        if let TableFactor::Table {
            alias, version, sample, ..
        } = factor
        {
            let misplaced = version.is_some() || (sample.is_some() && self.dialect == SqlDialect::Databricks);
            if misplaced && let Some(alias) = alias.take() {
                let from = TableWithJoins {
                    relation: factor.clone(),
                    joins: vec![],
                };
                *factor = TableFactor::Derived {
                    lateral: false,
                    subquery: Box::new(limit::all_of(from)),
                    alias: Some(alias),
                    sample: None,
                };
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Self::Break> {
        if let SetExpr::Select(select) = query.body.as_mut()
            && let Some(rows) = select.top.as_ref().and_then(plain_top)
            && query.limit_clause.is_none()
            && query.fetch.is_none()
        {
            select.top = None;
            query.limit_clause = Some(LimitClause::LimitOffset {
                limit: Some(Expr::Value(Value::Number(rows.to_string(), false).into())),
                offset: None,
                limit_by: vec![],
            });
        }
        ControlFlow::Continue(())
    }
}

/// The number of a TOP that is nothing but a LIMIT.
pub fn plain_top(top: &Top) -> Option<u64> {
    match top {
        Top {
            with_ties: false,
            percent: false,
            quantity: Some(TopQuantity::Constant(rows)),
        } => Some(*rows),
        _ => None,
    }
}
