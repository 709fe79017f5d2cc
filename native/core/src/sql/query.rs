//! Queries, SELECTs and their clauses. Structs are taken apart whole: a field that the parser adds one day does not compile.

use sqlparser::ast::{
    ConnectByKind, Cte, Distinct, Fetch, GroupByExpr, GroupByWithModifier, Ident, LateralView, LimitClause, NamedWindowDefinition,
    NamedWindowExpr, Offset, OrderBy, OrderByExpr, OrderByKind, OrderByOptions, OrderBySort, Query, Select, SelectFlavor, SelectItem,
    SelectItemQualifiedWildcardKind, SelectModifiers, SetExpr, WildcardAdditionalOptions, With,
};

use super::dialect::SqlDialect;
use super::mend;
use super::refusal::{Code, Refusal};
use super::scope::recurs;
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
                "A query that locks rows may not run here. Leave the lock out.",
                &lock.to_string(),
            ));
        }
        none(for_clause, "FOR", "Leave it out.")?;
        none(settings, "SETTINGS", "Leave it out.")?;
        none(format_clause, "FORMAT", "Leave it out.")?;
        empty(pipe_operators, "The pipe |>", "Write one SELECT … FROM … WHERE … GROUP BY.")?;
        if let Some(with) = with {
            self.with(with)?;
        }
        match (body.as_ref(), recursive) {
            // Only behind the last UNION does it see itself: anywhere else its name still means a table.
            (
                SetExpr::SetOperation {
                    left,
                    op,
                    set_quantifier,
                    right,
                },
                Some(name),
            ) if recurs(*op, *set_quantifier) => {
                self.set_expr(left)?;
                self.scopes.define(name);
                self.set_expr(right)?;
            }
            (SetExpr::Select(select), _) if limit_clause.is_none() && fetch.is_none() => self.select_at_most(select)?,
            _ => self.set_expr(body)?,
        }
        if let Some(OrderBy { kind, interpolate }) = order_by {
            none(interpolate, "INTERPOLATE", "Leave it out.")?;
            match kind {
                OrderByKind::All(options) => self.order_options(options)?,
                OrderByKind::Expressions(orders) => self.all(orders, Self::order)?,
            }
        }
        match limit_clause {
            None => {}
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
                empty(
                    limit_by,
                    "LIMIT BY",
                    "Number the rows with row_number() OVER (PARTITION BY …) and take the first.",
                )?;
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
                return Err(Refusal::instead("FETCH PERCENT", "Write FETCH FIRST 10 ROWS ONLY.", &"FETCH"));
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
            none(from, "FROM behind a common table expression", "Leave it out.")?;
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
                "A query that changes data may not run here. Only SELECT may.",
                &s.to_string(),
            )),
            SetExpr::Table(table) => Err(Refusal::instead("TABLE", "Write SELECT * FROM and the table's name.", table)),
        })
    }

    /// A SELECT that is a query without LIMIT: its TOP is one, see `mend`.
    fn select_at_most(&mut self, select: &Select) -> Checked {
        match &select.top {
            Some(top) if self.dialect == SqlDialect::Snowflake && mend::plain_top(top).is_some() => {
                self.deeper(|walk| walk.select_but_for_top(select))
            }
            _ => self.deeper(|walk| walk.select(select)),
        }
    }

    fn select(&mut self, select: &Select) -> Checked {
        none(&select.top, "TOP", "Write LIMIT behind the query.")?;
        self.select_but_for_top(select)
    }

    fn select_but_for_top(&mut self, select: &Select) -> Checked {
        let Select {
            select_token: _,
            optimizer_hints,
            distinct,
            select_modifiers,
            top: _,
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
                "SELECT INTO makes a table; it may not run here. Leave INTO out.",
                &into.to_string(),
            ));
        }
        empty(optimizer_hints, "An optimizer hint", "Leave it out.")?;
        self.all(select_modifiers, Self::modifiers)?;
        none(exclude, "EXCLUDE after the columns", "Write * EXCLUDE (a, b).")?;
        none(prewhere, "PREWHERE", "Write WHERE.")?;
        empty(cluster_by, "CLUSTER BY", "Write ORDER BY.")?;
        empty(distribute_by, "DISTRIBUTE BY", "Write ORDER BY.")?;
        empty(sort_by, "SORT BY", "Write ORDER BY.")?;
        none(value_table_mode, "AS STRUCT", "Write struct(a, b).")?;
        self.all(connect_by, Self::connect_by)?;
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
            SelectItem::UnnamedExpr(expr) => self.expr(expr),
            SelectItem::ExprWithAlias { expr, alias } => {
                self.column_alias(alias)?;
                self.expr(expr)
            }
            SelectItem::ExprWithAliases { expr, aliases } if self.dialect == SqlDialect::Databricks => {
                self.all(aliases, Self::column_alias)?;
                self.expr(expr)
            }
            SelectItem::ExprWithAliases { .. } => {
                let hint = "Write an alias for each expression.";
                Err(Refusal::instead("A list of aliases for one expression", hint, item))
            }
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

    /// MySQL's hints of how to run a query. Not here: those that change what others see.
    fn modifiers(&mut self, modifiers: &SelectModifiers) -> Checked {
        let SelectModifiers {
            high_priority,
            straight_join: _,
            sql_small_result: _,
            sql_big_result: _,
            sql_buffer_result: _,
            sql_no_cache: _,
            sql_calc_found_rows,
        } = modifiers;
        if *high_priority || *sql_calc_found_rows || self.dialect != SqlDialect::MySql {
            return Err(Refusal::instead(
                "This modifier of SELECT",
                "Leave it out.",
                &modifiers.to_string().trim(),
            ));
        }
        Ok(())
    }

    /// The parser takes a text for an alias where the system does not.
    fn column_alias(&mut self, alias: &Ident) -> Checked {
        let (quotes, more) = (self.dialect.quotes(), self.dialect.alias_quotes());
        match alias.quote_style {
            Some(quote) if !quotes.contains(&quote) && !more.contains(&quote) => {
                let hint = format!("Write AS {own}{name}{own}.", own = quotes[0], name = alias.value);
                Err(Refusal::instead("A text as an alias", &hint, alias))
            }
            _ => Ok(()),
        }
    }

    /// A hierarchy by Snowflake's CONNECT BY; a cycle in it is an error there.
    fn connect_by(&mut self, clause: &ConnectByKind) -> Checked {
        if self.dialect != SqlDialect::Snowflake {
            return Err(Refusal::instead("CONNECT BY", "Write WITH RECURSIVE.", clause));
        }
        match clause {
            ConnectByKind::ConnectBy {
                connect_token: _,
                nocycle: _,
                relationships,
            } => self.all(relationships, Self::expr),
            ConnectByKind::StartWith { start_token: _, condition } => self.expr(condition),
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
        none(opt_alias, "An alias for *", "Name the columns.")?;
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
            GroupByWithModifier::Totals => Err(Refusal::instead("WITH TOTALS", "Write GROUP BY ROLLUP (…).", modifier)),
            GroupByWithModifier::GroupingSets(sets) => walk.expr(sets),
        })
    }

    pub(super) fn order(&mut self, order: &OrderByExpr) -> Checked {
        let OrderByExpr { expr, options, with_fill } = order;
        none(with_fill, "WITH FILL", "Join a series of the values.")?;
        self.order_options(options)?;
        self.expr(expr)
    }

    fn order_options(&mut self, options: &OrderByOptions) -> Checked {
        match &options.sort {
            None | Some(OrderBySort::Asc | OrderBySort::Desc) => Ok(()),
            Some(OrderBySort::Using(operator)) => Err(Refusal::instead("ORDER BY … USING", "Write ASC or DESC.", operator)),
        }
    }
}
