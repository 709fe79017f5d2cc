//! Whether a query can tell of rows that a filter hides. Systems move a condition of the query below the subselect that
//! filters, or run it beside the filter in an order of their own; then `CAST(name AS INTEGER) = 1` raises an error for a row
//! that nobody may know of. A query is safe when nothing in it that can be moved there can raise an error on data.

use sqlparser::ast::{
    Cte, Distinct, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Join, JoinConstraint, JoinOperator,
    LimitClause, OrderByKind, Query, Select, SelectItem, SetExpr, TableFactor, TableWithJoins, Visit, Visitor, WildcardAdditionalOptions,
    WindowType,
};
use std::collections::HashMap;
use std::ops::ControlFlow;

use super::super::dialect::SqlDialect;
use super::super::joins::plain_constraint;
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
        if place == Place::Open {
            self.computed_for_each_row(query)?;
        }
        self.within(&query.order_by)?;
        self.within(&query.limit_clause)?;
        self.within(&query.fetch)
    }

    /// A query that may read the row of an outer one is computed wherever that row is met, also below its filter: there its
    /// order, its groups and the arguments of its aggregates can raise an error too.
    fn computed_for_each_row(&self, query: &Query) -> Safe {
        let plain_limit = match &query.limit_clause {
            None => true,
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                let offset = offset.as_ref().map(|offset| &offset.value);
                limit_by.is_empty() && limit.iter().chain(offset).all(is_literal)
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => is_literal(offset) && is_literal(limit),
        };
        if !plain_limit
            || query
                .fetch
                .iter()
                .flat_map(|fetch| &fetch.quantity)
                .any(|quantity| !is_literal(quantity))
        {
            return Err(Tells);
        }
        match query.order_by.as_ref().map(|order_by| &order_by.kind) {
            Some(OrderByKind::Expressions(keys)) => self.all_known(keys.iter().map(|key| &key.expr))?,
            Some(OrderByKind::All(_)) | None => {}
        }
        let SetExpr::Select(select) = query.body.as_ref() else {
            return Ok(());
        };
        if !select.named_window.is_empty() {
            return Err(Tells);
        }
        if let GroupByExpr::Expressions(keys, _) = &select.group_by {
            self.all_known(keys)?;
        }
        if let Some(Distinct::On(keys)) = &select.distinct {
            self.all_known(keys)?;
        }
        self.all_known(select.projection.iter().filter_map(|item| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr),
            _ => None,
        }))?;
        self.arguments(&select.projection)?;
        self.arguments(&select.selection)?;
        self.arguments(&select.having)?;
        self.arguments(&select.qualify)?;
        self.arguments(&query.order_by)
    }

    fn all_known<'e>(&self, exprs: impl IntoIterator<Item = &'e Expr>) -> Safe {
        exprs
            .into_iter()
            .try_for_each(|expr| self.kinds.of(expr, false).map(|_| ()).ok_or(Tells))
    }

    /// What stands in the functions of a node raises nothing.
    fn arguments<T: Visit>(&self, node: &T) -> Safe {
        struct Functions<'l>(&'l Leak);
        impl Visitor for Functions<'_> {
            type Break = ();
            fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
                match expr {
                    Expr::Function(function) if self.0.function(function).is_err() => ControlFlow::Break(()),
                    _ => ControlFlow::Continue(()),
                }
            }
        }
        match node.visit(&mut Functions(self)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Tells),
        }
    }

    fn function(&self, function: &Function) -> Safe {
        if let FunctionArguments::List(list) = &function.args {
            if !list.clauses.is_empty() {
                return Err(Tells);
            }
            for arg in &list.args {
                match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.all_known([expr])?,
                    FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => {}
                    _ => return Err(Tells),
                }
            }
            // A number of parts that is zero raises an error.
            let name = function.name.to_string().to_lowercase();
            if matches!(name.as_str(), "ntile" | "lag" | "lead") && list.args.len() > 1 - usize::from(name == "ntile") {
                return Err(Tells);
            }
        }
        if !function.within_group.is_empty() {
            return Err(Tells);
        }
        if let Some(filter) = &function.filter {
            self.kinds.boolean(filter, false).ok_or(Tells)?;
        }
        match &function.over {
            None => Ok(()),
            Some(WindowType::WindowSpec(window)) if window.window_name.is_none() && window.window_frame.is_none() => {
                self.all_known(&window.partition_by)?;
                self.all_known(window.order_by.iter().map(|key| &key.expr))
            }
            Some(_) => Err(Tells),
        }
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
        let constraint = plain_constraint(operator).ok_or(Tells)?;
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

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(_))
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
