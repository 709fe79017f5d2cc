//! Whether a query can tell of rows that a filter hides. Systems move a condition of the query below the subselect that
//! filters, or run it beside the filter in an order of their own; then `CAST(name AS INTEGER) = 1` raises an error for a row
//! that nobody may know of. A query is safe when nothing in it that can be moved there can raise an error on data.

use sqlparser::ast::{
    Cte, Distinct, Expr, Join, JoinConstraint, JoinOperator, Query, Select, SelectItem, SetExpr, TableFactor, TableWithJoins, Visit,
    Visitor, WildcardAdditionalOptions,
};
use std::collections::HashMap;
use std::ops::ControlFlow;

use super::super::dialect::SqlDialect;
use super::super::walk::{parts, unquoted};
use super::kind::{Kind, Kinds, is_grouped};
use super::rewrite::Read;

/// Names take their kind from other names; a query that takes longer to settle is treated as one that may tell.
const MAX_ROUNDS: usize = 8;

pub fn may_tell(query: &Query, reads: &[Read], dialect: SqlDialect) -> bool {
    let mut leak = Leak {
        kinds: Kinds {
            dialect,
            names: HashMap::new(),
        },
        changed: false,
    };
    for column in reads.iter().flat_map(|read| &read.of.columns) {
        let kind = column.sure.then_some(Kind::Of(column.kind));
        leak.kinds.add(column.name.to_lowercase(), kind);
    }
    for _ in 0..MAX_ROUNDS {
        leak.changed = false;
        if leak.query(query, Place::Outermost).is_err() {
            return true;
        }
        if !leak.changed {
            return false;
        }
    }
    true
}

/// What may raise and may be moved below a filter.
struct Tells;

type Safe = Result<(), Tells>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing stands above it: its columns are computed last.
    Outermost,
    /// In WITH or first in FROM of such a query: no outer query's columns reach it.
    Closed,
    /// Anywhere else.
    Open,
}

struct Leak {
    kinds: Kinds,
    changed: bool,
}

impl Leak {
    fn query(&mut self, query: &Query, place: Place) -> Safe {
        let closed = match place {
            Place::Open => Place::Open,
            Place::Outermost | Place::Closed => Place::Closed,
        };
        for Cte { alias, query, .. } in query.with.iter().flat_map(|with| &with.cte_tables) {
            alias.columns.iter().for_each(|column| self.unsure(&unquoted(&column.name)));
            self.query(query, closed)?;
        }
        self.body(&query.body, place)?;
        self.within(&query.order_by)?;
        self.within(&query.limit_clause)?;
        self.within(&query.fetch)
    }

    fn body(&mut self, body: &SetExpr, place: Place) -> Safe {
        match body {
            SetExpr::Select(select) => self.select(select, place),
            SetExpr::Query(query) => self.query(query, place),
            // Above a set operation its columns have the names of one side and the values of both.
            SetExpr::SetOperation { left, right, .. } if place == Place::Outermost => {
                self.body(left, place)?;
                self.body(right, place)
            }
            _ => Err(Tells),
        }
    }

    fn select(&mut self, select: &Select, place: Place) -> Safe {
        if !select.lateral_views.is_empty() || !select.connect_by.is_empty() || select.prewhere.is_some() {
            return Err(Tells);
        }
        for (i, table) in select.from.iter().enumerate() {
            self.table_with_joins(table, if i == 0 { place } else { Place::Open })?;
        }
        let grouped = is_grouped(select);
        for item in &select.projection {
            self.item(item, place, grouped)?;
        }
        if let Some(Distinct::On(keys)) = &select.distinct {
            self.within(keys)?;
        }
        self.within(&select.group_by)?;
        self.within(&select.named_window)?;
        // An aggregate in WHERE is one of an outer query, and one in HAVING may be when there is an outer query.
        let own = place != Place::Open;
        self.condition(&select.selection, false)?;
        self.condition(&select.having, own)?;
        self.condition(&select.qualify, own)
    }

    fn item(&mut self, item: &SelectItem, place: Place, grouped: bool) -> Safe {
        let (expr, alias) = match item {
            SelectItem::UnnamedExpr(expr) => (expr, None),
            SelectItem::ExprWithAlias { expr, alias } => (expr, Some(alias)),
            SelectItem::Wildcard(options) | SelectItem::QualifiedWildcard(_, options) => return plain(options),
            SelectItem::ExprWithAliases { .. } => return Err(Tells),
        };
        self.within(expr)?;
        let kind = self.kinds.of(expr, grouped || place != Place::Open);
        if let Some(alias) = alias {
            self.changed |= self.kinds.add(unquoted(alias).to_lowercase(), kind);
        }
        // PostgreSQL names a cast after its column, and computes columns of a plain subquery below its semi-joins.
        match kind {
            None if place != Place::Outermost && !(grouped && alias.is_some()) => Err(Tells),
            _ => Ok(()),
        }
    }

    fn table_with_joins(&mut self, from: &TableWithJoins, place: Place) -> Safe {
        self.table(&from.relation, place)?;
        for Join {
            relation, join_operator, ..
        } in &from.joins
        {
            self.table(relation, Place::Open)?;
            self.join(join_operator)?;
        }
        Ok(())
    }

    fn join(&mut self, operator: &JoinOperator) -> Safe {
        use JoinOperator as J;
        let constraint = match operator {
            J::Join(c)
            | J::Inner(c)
            | J::Left(c)
            | J::LeftOuter(c)
            | J::Right(c)
            | J::RightOuter(c)
            | J::FullOuter(c)
            | J::CrossJoin(c)
            | J::Semi(c)
            | J::LeftSemi(c)
            | J::RightSemi(c)
            | J::Anti(c)
            | J::LeftAnti(c)
            | J::RightAnti(c) => c,
            _ => return Err(Tells),
        };
        match constraint {
            JoinConstraint::None => Ok(()),
            JoinConstraint::On(condition) => self.predicate(condition, false),
            JoinConstraint::Using(names) => names.iter().try_for_each(|name| {
                let own = match parts(name).map_err(|_| Tells)?.as_slice() {
                    [name] => Expr::Identifier((*name).clone()),
                    _ => return Err(Tells),
                };
                let same = Expr::IsNotDistinctFrom(Box::new(own.clone()), Box::new(own));
                self.kinds.of(&same, false).map(|_| ()).ok_or(Tells)
            }),
            JoinConstraint::Natural => Err(Tells),
        }
    }

    fn table(&mut self, factor: &TableFactor, place: Place) -> Safe {
        match factor {
            TableFactor::Table { args: None, alias, .. } => {
                let columns = alias.iter().flat_map(|alias| &alias.columns);
                columns.for_each(|column| self.unsure(&unquoted(&column.name)));
                Ok(())
            }
            TableFactor::Derived {
                lateral, subquery, alias, ..
            } => {
                let columns = alias.iter().flat_map(|alias| &alias.columns);
                columns.for_each(|column| self.unsure(&unquoted(&column.name)));
                let inner = match place {
                    Place::Outermost | Place::Closed if !lateral => Place::Closed,
                    _ => Place::Open,
                };
                self.query(subquery, inner)
            }
            TableFactor::NestedJoin { table_with_joins, .. } => self.table_with_joins(table_with_joins, place),
            // What they make has names and kinds that are not known here.
            _ => Err(Tells),
        }
    }

    fn condition(&mut self, condition: &Option<Expr>, grouped: bool) -> Safe {
        match condition {
            None => Ok(()),
            Some(condition) => self.predicate(condition, grouped),
        }
    }

    fn predicate(&mut self, condition: &Expr, grouped: bool) -> Safe {
        self.within(condition)?;
        self.kinds.boolean(condition, grouped).map(|_| ()).ok_or(Tells)
    }

    fn unsure(&mut self, name: &str) {
        self.changed |= self.kinds.add(name.to_lowercase(), None);
    }

    /// The queries in an expression.
    fn within<T: Visit>(&mut self, node: &T) -> Safe {
        struct Queries<'l> {
            leak: &'l mut Leak,
            depth: usize,
        }
        impl Visitor for Queries<'_> {
            type Break = ();
            fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
                self.depth += 1;
                if self.depth == 1 && self.leak.query(query, Place::Open).is_err() {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            }
            fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
                self.depth -= 1;
                ControlFlow::Continue(())
            }
        }
        match node.visit(&mut Queries { leak: self, depth: 0 }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Tells),
        }
    }
}

/// `*` with its columns as they are.
fn plain(options: &WildcardAdditionalOptions) -> Safe {
    match options {
        WildcardAdditionalOptions {
            opt_replace: None,
            opt_rename: None,
            opt_alias: None,
            ..
        } => Ok(()),
        _ => Err(Tells),
    }
}
