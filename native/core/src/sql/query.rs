//! Queries, SELECTs and their clauses. Structs are taken apart whole: a field that the parser adds one day does not compile.

use sqlparser::ast::{
    Cte, Distinct, Fetch, GroupByExpr, GroupByWithModifier, LateralView, LimitClause, NamedWindowDefinition, NamedWindowExpr, Offset,
    OrderBy, OrderByExpr, OrderByKind, OrderByOptions, OrderBySort, Query, Select, SelectFlavor, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, SetOperator, WildcardAdditionalOptions, With,
};

use super::refusal::{Code, Refusal};
use super::walk::{Checked, Walk, empty, none, parts};

impl Walk {
    pub fn query(&mut self, query: &Query) -> Checked {
        self.scopes.enter();
        let recursive = self.recursive.take();
        let checked = self.deeper(|walk| walk.query_in_scope(query, recursive));
        self.scopes.leave();
        checked
    }

    /// `recursive`: the name of the common table expression that this query is, when it may refer to itself.
    fn query_in_scope(&mut self, query: &Query, recursive: Option<String>) -> Checked {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        if let Some(lock) = locks.first() {
            return Err(Refusal::new(
                Code::NotReadOnly,
                "A query that locks rows may not run here.",
                &lock.to_string(),
            ));
        }
        none(for_clause, "FOR")?;
        none(settings, "SETTINGS")?;
        none(format_clause, "FORMAT")?;
        empty(pipe_operators, "A pipe operator")?;
        if let Some(with) = with {
            self.with(with)?;
        }
        match (body.as_ref(), recursive) {
            // Only behind the last UNION does it see itself: anywhere else its name still means a table.
            (
                SetExpr::SetOperation {
                    left,
                    op: SetOperator::Union,
                    set_quantifier: _,
                    right,
                },
                Some(name),
            ) => {
                self.set_expr(left)?;
                self.scopes.define(name);
                self.set_expr(right)?;
            }
            _ => self.set_expr(body)?,
        }
        if let Some(OrderBy { kind, interpolate }) = order_by {
            none(interpolate, "INTERPOLATE")?;
            match kind {
                OrderByKind::All(options) => self.order_options(options)?,
                OrderByKind::Expressions(orders) => self.all(orders, Self::order)?,
            }
        }
        match limit_clause {
            None => {}
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                empty(limit_by, "LIMIT BY")?;
                self.all(limit, Self::expr)?;
                if let Some(Offset { value, rows: _ }) = offset {
                    self.expr(value)?;
                }
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
                self.expr(offset)?;
                self.expr(limit)?;
            }
        }
        if let Some(Fetch {
            with_ties: _,
            percent,
            quantity,
        }) = fetch
        {
            if *percent {
                return Err(Refusal::syntax("FETCH PERCENT", &"FETCH"));
            }
            self.all(quantity, Self::expr)?;
        }
        Ok(())
    }

    fn with(&mut self, with: &With) -> Checked {
        let With {
            with_token: _,
            recursive,
            cte_tables,
        } = with;
        for Cte {
            alias,
            query,
            from,
            materialized: _,
            closing_paren_token: _,
        } in cte_tables
        {
            none(from, "FROM in a common table expression")?;
            self.alias(alias)?;
            let name = self.same_name(&alias.name);
            self.recursive = recursive.then(|| name.clone());
            self.query(query)?;
            self.scopes.define(name);
        }
        Ok(())
    }

    fn set_expr(&mut self, body: &SetExpr) -> Checked {
        self.deeper(|walk| match body {
            SetExpr::Select(select) => walk.select(select),
            SetExpr::Query(query) => walk.query(query),
            SetExpr::SetOperation {
                left,
                op: _,
                set_quantifier: _,
                right,
            } => {
                walk.set_expr(left)?;
                walk.set_expr(right)
            }
            SetExpr::Values(values) => walk.all(&values.rows, |walk, row| walk.all(row.iter(), Self::expr)),
            SetExpr::Insert(s) | SetExpr::Update(s) | SetExpr::Delete(s) | SetExpr::Merge(s) => Err(Refusal::new(
                Code::NotReadOnly,
                "A query that changes data may not run here.",
                &s.to_string(),
            )),
            SetExpr::Table(table) => Err(Refusal::syntax("TABLE", table)),
        })
    }

    fn select(&mut self, select: &Select) -> Checked {
        let Select {
            select_token: _,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        if let Some(into) = into {
            return Err(Refusal::new(
                Code::NotReadOnly,
                "SELECT INTO makes a table; it may not run here.",
                &into.to_string(),
            ));
        }
        empty(optimizer_hints, "An optimizer hint")?;
        none(select_modifiers, "A modifier of SELECT")?;
        none(top, "TOP")?;
        none(exclude, "EXCLUDE after the columns")?;
        none(prewhere, "PREWHERE")?;
        empty(connect_by, "CONNECT BY")?;
        empty(cluster_by, "CLUSTER BY")?;
        empty(distribute_by, "DISTRIBUTE BY")?;
        empty(sort_by, "SORT BY")?;
        none(value_table_mode, "AS STRUCT")?;
        match flavor {
            SelectFlavor::Standard | SelectFlavor::FromFirst | SelectFlavor::FromFirstNoSelect => {}
        }
        match distinct {
            None | Some(Distinct::Distinct | Distinct::All) => {}
            Some(Distinct::On(keys)) => self.all(keys, Self::expr)?,
        }
        if matches!(flavor, SelectFlavor::FromFirstNoSelect) {
            self.columns.insert("*".into());
        }
        self.all(from, Self::table_with_joins)?;
        self.all(lateral_views, |walk, view| {
            let LateralView {
                lateral_view,
                lateral_view_name: _,
                lateral_col_alias: _,
                outer: _,
            } = view;
            walk.expr(lateral_view)
        })?;
        self.all(projection, Self::select_item)?;
        self.all(selection, Self::expr)?;
        self.group_by(group_by)?;
        self.all(having, Self::expr)?;
        self.all(qualify, Self::expr)?;
        self.all(named_window, |walk, NamedWindowDefinition(_, window)| match window {
            NamedWindowExpr::NamedWindow(_) => Ok(()),
            NamedWindowExpr::WindowSpec(spec) => walk.window(spec),
        })
    }

    fn select_item(&mut self, item: &SelectItem) -> Checked {
        match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, alias: _ } => self.expr(expr),
            SelectItem::ExprWithAliases { expr: _, aliases: _ } => Err(Refusal::syntax("Several aliases for one expression", item)),
            SelectItem::Wildcard(options) => self.wildcard(options),
            SelectItem::QualifiedWildcard(of, options) => {
                match of {
                    SelectItemQualifiedWildcardKind::ObjectName(name) => {
                        parts(name)?;
                    }
                    SelectItemQualifiedWildcardKind::Expr(expr) => self.expr(expr)?,
                }
                self.wildcard(options)
            }
        }
    }

    pub(super) fn wildcard(&mut self, options: &WildcardAdditionalOptions) -> Checked {
        let WildcardAdditionalOptions {
            wildcard_token: _,
            opt_ilike: _,
            opt_exclude: _,
            opt_except: _,
            opt_replace,
            opt_rename: _,
            opt_alias,
        } = options;
        none(opt_alias, "An alias for *")?;
        self.columns.insert("*".into());
        if let Some(replace) = opt_replace {
            self.all(&replace.items, |walk, item| walk.expr(&item.expr))?;
        }
        Ok(())
    }

    fn group_by(&mut self, group_by: &GroupByExpr) -> Checked {
        let (keys, modifiers): (&[_], _) = match group_by {
            GroupByExpr::All(modifiers) => (&[], modifiers),
            GroupByExpr::Expressions(keys, modifiers) => (keys, modifiers),
        };
        self.all(keys, Self::expr)?;
        self.all(modifiers, |walk, modifier| match modifier {
            GroupByWithModifier::Rollup | GroupByWithModifier::Cube => Ok(()),
            GroupByWithModifier::Totals => Err(Refusal::syntax("WITH TOTALS", modifier)),
            GroupByWithModifier::GroupingSets(sets) => walk.expr(sets),
        })
    }

    pub(super) fn order(&mut self, order: &OrderByExpr) -> Checked {
        let OrderByExpr { expr, options, with_fill } = order;
        none(with_fill, "WITH FILL")?;
        self.order_options(options)?;
        self.expr(expr)
    }

    fn order_options(&mut self, options: &OrderByOptions) -> Checked {
        match &options.sort {
            None | Some(OrderBySort::Asc | OrderBySort::Desc) => Ok(()),
            Some(OrderBySort::Using(operator)) => Err(Refusal::syntax("ORDER BY … USING", operator)),
        }
    }
}
