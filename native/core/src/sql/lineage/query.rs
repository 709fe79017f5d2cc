//! Queries: WITH, set operations, VALUES, and the order and limit behind them.

use std::rc::Rc;

use sqlparser::ast::{Cte, Expr, LimitClause, Query, SetExpr, SetOperator, SetQuantifier, Values, With};

use super::origin::{Gather, Origin};
use super::relation::{Column, Open, Relation};
use super::resolver::Resolver;
use super::scope::Scope;
use super::value::Reading;
use crate::sql::dialect::SqlDialect;
use crate::sql::scope::recurs;
use crate::sql::walk::unquoted;

/// A common table expression that its own query may name.
pub struct Recursion {
    /// As `SqlDialect::same_name` writes it.
    name: String,
    /// The names that it gives its columns.
    columns: Vec<String>,
    /// The sources that stand for its columns while it is read.
    pub stand_ins: Vec<super::origin::Id>,
}

impl Resolver<'_> {
    pub fn query(&mut self, query: &Query, outer: Option<&Scope>, recursion: Option<&mut Recursion>) -> Relation {
        let frames = self.ctes.len();
        self.ctes.push(Vec::new());
        let done = self.deeper(|resolver| resolver.query_here(query, outer, recursion));
        self.ctes.truncate(frames);
        done.unwrap_or_else(|| self.anything())
    }

    fn query_here(&mut self, query: &Query, outer: Option<&Scope>, recursion: Option<&mut Recursion>) -> Relation {
        if let Some(with) = &query.with {
            self.with(with, outer);
        }
        let mut relation = match query.body.as_ref() {
            SetExpr::Select(select) => self.select(select, outer, query.order_by.as_ref()),
            body => {
                let relation = self.set_expr(body, outer, recursion);
                match &query.order_by {
                    None => relation,
                    Some(order) => {
                        let mut scope = Scope::inside(outer);
                        let mut rows = Gather::default();
                        rows.add(&relation.rows);
                        scope.visible = relation.columns.clone();
                        scope.open = relation.open.clone();
                        self.order_by(order, &relation.columns, &scope, &mut rows);
                        Relation {
                            rows: rows.finish(),
                            ..relation
                        }
                    }
                }
            }
        };
        let limits = match &query.limit_clause {
            None => vec![],
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                let offset = offset.iter().map(|offset| &offset.value);
                limit.iter().chain(offset).chain(limit_by).collect()
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => vec![offset, limit],
        };
        let fetch = query.fetch.iter().filter_map(|fetch| fetch.quantity.as_ref());
        let limits: Vec<&Expr> = limits.into_iter().chain(fetch).collect();
        if !limits.is_empty() {
            let scope = Scope::inside(outer);
            let mut rows = Gather::default();
            rows.add(&relation.rows);
            for expr in limits {
                self.gather(expr, &scope, Reading::VALUE, &mut rows);
            }
            relation.rows = rows.finish();
        }
        // `|>` steps are not read: no system of ours that is asked with them.
        if !query.pipe_operators.is_empty() {
            return self.anything();
        }
        relation
    }

    fn with(&mut self, with: &With, outer: Option<&Scope>) {
        for Cte { alias, query, .. } in &with.cte_tables {
            let name = self.dialect.same_name(&unquoted(&alias.name), alias.name.quote_style.is_some());
            let columns: Vec<String> = alias.columns.iter().map(|column| unquoted(&column.name)).collect();
            let mut recursion = with.recursive.then(|| Recursion {
                name: name.clone(),
                columns: columns.clone(),
                stand_ins: Vec::new(),
            });
            let read = self.query(query, outer, recursion.as_mut());
            let solved = match recursion {
                Some(recursion) if !recursion.stand_ins.is_empty() => self.solve(read, &recursion.stand_ins),
                _ => read,
            };
            let relation = Relation::renamed(Rc::new(solved), &columns);
            if let Some(frame) = self.ctes.last_mut() {
                frame.push((name, relation));
            }
        }
    }

    /// A chain of set operations is as deep as it is long: its left side is walked, not recursed into.
    fn set_expr(&mut self, body: &SetExpr, outer: Option<&Scope>, mut recursion: Option<&mut Recursion>) -> Relation {
        let mut first = body;
        let mut chain = Vec::new();
        while let SetExpr::SetOperation {
            op,
            set_quantifier,
            left,
            right,
        } = first
        {
            chain.push((op, set_quantifier, right.as_ref()));
            first = left;
        }
        let start = self.branch(first, outer);
        let mut fold = Fold::new(start);
        let links = chain.len();
        for (place, (op, quantifier, right)) in chain.into_iter().rev().enumerate() {
            // Only behind the last UNION does a query see itself.
            if place + 1 == links
                && recurs(*op, *quantifier)
                && let Some(recursion) = recursion.take()
            {
                self.stand_in(recursion, &mut fold);
            }
            let right = self.branch(right, outer);
            if !self.spend(fold.columns.len() + right.columns.len() + right.rows.ids().len()) {
                fold.rows.add(&Origin::everything());
            }
            fold.combine(*op, *quantifier, &right);
        }
        fold.finish()
    }

    fn branch(&mut self, body: &SetExpr, outer: Option<&Scope>) -> Relation {
        let done = self.deeper(|resolver| match body {
            SetExpr::Select(select) => resolver.select(select, outer, None),
            SetExpr::Query(query) => resolver.query(query, outer, None),
            SetExpr::SetOperation { .. } => resolver.set_expr(body, outer, None),
            SetExpr::Values(values) => resolver.values(values, outer),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) | SetExpr::Table(_) => resolver.anything(),
        });
        done.unwrap_or_else(|| self.anything())
    }

    /// Makes the name of a recursive query known, each of its columns a source of its own.
    fn stand_in(&mut self, recursion: &mut Recursion, fold: &mut Fold) {
        let mut columns = Vec::with_capacity(fold.columns.len());
        for (column, _) in &fold.columns {
            let id = self.source(super::resolver::Source::Recursive);
            recursion.stand_ins.push(id);
            columns.push(Column {
                name: column.name.clone(),
                origin: Origin::one(id),
            });
        }
        let relation = Relation {
            columns,
            open: fold.open.clone(),
            rows: Origin::none(),
        };
        let relation = Relation::renamed(Rc::new(relation), &recursion.columns);
        if let Some(frame) = self.ctes.last_mut() {
            frame.push((recursion.name.clone(), relation));
        }
    }

    fn values(&mut self, values: &Values, outer: Option<&Scope>) -> Relation {
        let scope = Scope::inside(outer);
        let mut columns: Vec<Gather> = Vec::new();
        for row in &values.rows {
            for (place, expr) in row.iter().enumerate() {
                if place == columns.len() {
                    columns.push(Gather::default());
                }
                self.gather(expr, &scope, Reading::VALUE, &mut columns[place]);
            }
        }
        let name = |place: usize| match self.dialect {
            SqlDialect::DuckDb => format!("col{place}"),
            SqlDialect::Databricks => format!("col{}", place + 1),
            SqlDialect::MySql => format!("column_{place}"),
            SqlDialect::PostgreSql | SqlDialect::Snowflake | SqlDialect::Sqlite => format!("column{}", place + 1),
        };
        let named = columns
            .into_iter()
            .enumerate()
            .map(|(place, all)| Column::new(&name(place), all.finish()));
        Relation::closed(named.collect(), Origin::none())
    }
}

/// The branches of a set operation, one after the other.
struct Fold {
    columns: Vec<(Column, Gather)>,
    open: Vec<Open>,
    rows: Gather,
}

impl Fold {
    fn new(first: Relation) -> Self {
        let mut rows = Gather::default();
        rows.add(&first.rows);
        let gathered = |column: Column| {
            let mut all = Gather::default();
            all.add(&column.origin);
            (column, all)
        };
        Fold {
            columns: first.columns.into_iter().map(gathered).collect(),
            open: first.open,
            rows,
        }
    }

    fn combine(&mut self, op: SetOperator, quantifier: SetQuantifier, right: &Relation) {
        use SetQuantifier as Q;
        self.rows.add(&right.rows);
        // Rows that are alike are one, or are kept for what the other side has: every column decides.
        let keeps_all = op == SetOperator::Union && matches!(quantifier, Q::All | Q::AllByName);
        if !keeps_all {
            for (_, all) in &self.columns {
                self.rows.add(&all.clone().finish());
            }
            self.rows.add_all(right.columns.iter().map(|column| &column.origin));
        }
        if matches!(op, SetOperator::Except | SetOperator::Minus) {
            return;
        }
        if matches!(quantifier, Q::ByName | Q::AllByName | Q::DistinctByName) {
            for column in &right.columns {
                match self.columns.iter_mut().find(|(own, _)| own.name.key == column.name.key) {
                    Some((_, all)) => all.add(&column.origin),
                    None => {
                        let mut all = Gather::default();
                        all.add(&column.origin);
                        self.columns.push((column.clone(), all));
                    }
                }
            }
        } else if self.columns.len() == right.columns.len() && self.open.is_empty() && right.open.is_empty() {
            for ((_, all), column) in self.columns.iter_mut().zip(&right.columns) {
                all.add(&column.origin);
            }
        } else {
            // Which column stands beside which is not known.
            let right = right.whole_row().inexact();
            self.columns.iter_mut().for_each(|(_, all)| all.add(&right));
        }
        self.open.extend(right.open.iter().cloned());
    }

    fn finish(self) -> Relation {
        let columns = self.columns.into_iter().map(|(column, all)| Column {
            origin: all.finish(),
            ..column
        });
        Relation {
            columns: columns.collect(),
            open: self.open,
            rows: self.rows.finish(),
        }
    }
}
