//! What stands in FROM beside tables, subqueries and joins: functions that make rows, PIVOT, UNPIVOT and their kin.

use std::rc::Rc;

use sqlparser::ast::{
    Expr, ExprWithAlias, FunctionArg, FunctionArgExpr, FunctionArguments, JsonTableColumn, LateralView, NullInclusion, ObjectName,
    PivotValueSource, TableAlias, TableFactor, TableWithJoins,
};

use super::facts;
use super::operands::argument;
use super::origin::{Gather, Origin};
use super::relation::{Column, Open, Relation, STAR};
use super::resolver::Resolver;
use super::scope::Scope;
use super::star::constant;
use super::value::Reading;
use crate::sql::dialect::SqlDialect;
use crate::sql::walk::unquoted;

impl Resolver<'_> {
    /// `FROM unnest(t.list) AS u(x)`: every column, and how many rows there are, is made of the arguments.
    pub fn rows_function(
        &mut self,
        name: &ObjectName,
        args: &[FunctionArg],
        with_ordinality: bool,
        alias: Option<&TableAlias>,
        scope: &Scope,
    ) -> Rc<Relation> {
        let mut all = Gather::default();
        for arg in args {
            match argument(arg) {
                FunctionArgExpr::Expr(expr) => self.gather(expr, scope, Reading::VALUE, &mut all),
                _ => all.inexact(),
            }
        }
        let function = name.0.last().and_then(|part| part.as_ident()).map(unquoted).unwrap_or_default();
        self.made_of(all.finish(), &function.to_ascii_lowercase(), with_ordinality, alias)
    }

    fn made_of(&mut self, origin: Origin, function: &str, with_ordinality: bool, alias: Option<&TableAlias>) -> Rc<Relation> {
        let known = facts::columns_of(function, self.dialect);
        let given = alias.map(|alias| alias.columns.as_slice()).unwrap_or_default();
        let mut columns: Vec<Column> = match (known, given) {
            // Postgres calls the only column of a function as the alias does.
            (Some([_]), []) if self.dialect == SqlDialect::PostgreSql && alias.is_some() => alias
                .iter()
                .map(|alias| Column::new(&unquoted(&alias.name), origin.clone()))
                .collect(),
            (Some(names), []) => names.iter().map(|name| Column::new(name, origin.clone())).collect(),
            (Some(names), given) if names.len() >= given.len() => names.iter().map(|name| Column::new(name, origin.clone())).collect(),
            (_, given) => given
                .iter()
                .map(|column| Column::new(&unquoted(&column.name), origin.clone()))
                .collect(),
        };
        if with_ordinality && given.len() <= columns.len() {
            columns.push(constant("ordinality"));
        }
        let mut open = Vec::new();
        if known.is_none() && given.is_empty() {
            columns = vec![Column::new(STAR, origin.clone().inexact())];
            open.push(Open::Of(origin.clone()));
        }
        Rc::new(Relation {
            columns,
            open,
            rows: origin,
        })
    }

    /// `LATERAL VIEW explode(t.list) v AS x`
    pub fn lateral_view(&mut self, view: &LateralView, scope: &mut Scope) {
        let origin = self.value(&view.lateral_view, scope);
        let named = view
            .lateral_col_alias
            .iter()
            .map(|name| Column::new(&unquoted(name), origin.clone()));
        let relation = match view.lateral_col_alias.is_empty() {
            true => {
                let function = match &view.lateral_view {
                    Expr::Function(function) => function.name.to_string().to_ascii_lowercase(),
                    _ => String::new(),
                };
                self.made_of(origin, &function, false, None)
            }
            false => Rc::new(Relation::closed(named.collect(), origin.clone())),
        };
        let path = view.lateral_view_name.0.iter().filter_map(|part| part.as_ident());
        self.bind(path.map(|part| unquoted(part).to_ascii_lowercase()).collect(), relation, scope);
    }

    pub fn shaped(&mut self, factor: &TableFactor, scope: &mut Scope) {
        match factor {
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset,
                with_offset_alias,
                with_ordinality,
            } => {
                let mut all = Gather::default();
                for expr in array_exprs {
                    self.gather(expr, scope, Reading::VALUE, &mut all);
                }
                let origin = all.finish();
                let relation = self.made_of(origin, "unnest", *with_ordinality, alias.as_ref());
                self.bind_as(alias.as_ref(), None, relation, scope);
                if *with_offset {
                    let name = with_offset_alias.as_ref().map_or_else(|| "offset".to_string(), unquoted);
                    let offset = Relation::closed(vec![constant(&name)], Origin::none());
                    self.bind(Vec::new(), Rc::new(offset), scope);
                }
            }
            TableFactor::TableFunction { expr, alias } => {
                let (name, origin) = match expr {
                    Expr::Function(function) => (function.name.to_string(), self.arguments(&function.args, scope)),
                    expr => (String::new(), self.value(expr, scope)),
                };
                let relation = self.made_of(origin, &name.to_ascii_lowercase(), false, alias.as_ref());
                self.bind_as(alias.as_ref(), None, relation, scope);
            }
            TableFactor::Pivot {
                table,
                aggregate_functions,
                value_column,
                value_source,
                default_on_null,
                alias,
            } => {
                let inner = self.inside(table, scope);
                let pivoted = self.pivot(aggregate_functions, value_column, value_source, default_on_null.as_ref(), &inner);
                let rows = with(inner.rows, &pivoted.rows);
                self.bind_as(alias.as_ref(), None, Rc::new(Relation { rows, ..pivoted }), scope);
            }
            TableFactor::Unpivot {
                table,
                value,
                name,
                columns,
                null_inclusion,
                alias,
            } => {
                let inner = self.inside(table, scope);
                let unpivoted = self.unpivot(value, &unquoted(name), columns, null_inclusion.as_ref(), &inner);
                let rows = with(inner.rows, &unpivoted.rows);
                self.bind_as(alias.as_ref(), None, Rc::new(Relation { rows, ..unpivoted }), scope);
            }
            TableFactor::JsonTable {
                json_expr, columns, alias, ..
            } => {
                let origin = self.value(json_expr, scope);
                let mut named = Vec::new();
                json_columns(columns, &origin, &mut named);
                let relation = Rc::new(Relation::closed(named, origin));
                self.bind_as(alias.as_ref(), None, relation, scope);
            }
            TableFactor::OpenJsonTable { json_expr, alias, .. } => {
                let origin = self.value(json_expr, scope);
                let relation = self.made_of(origin, "", false, alias.as_ref());
                self.bind_as(alias.as_ref(), None, relation, scope);
            }
            TableFactor::MatchRecognize { table, alias, .. } => {
                let inner = self.inside(table, scope);
                let mut every = Gather::default();
                every.add_all(inner.visible.iter().map(|column| &column.origin));
                every.inexact();
                let every = every.finish();
                self.mark(&every);
                let relation = Relation {
                    columns: vec![Column::new(STAR, every.clone())],
                    open: vec![Open::Of(every.clone())],
                    rows: with(inner.rows, &every),
                };
                self.bind_as(alias.as_ref(), None, Rc::new(relation), scope);
            }
            // No system of ours has these: they may be made of anything.
            _ => {
                let anything = Rc::new(self.anything());
                self.bind(Vec::new(), anything, scope);
            }
        }
    }

    fn arguments(&mut self, args: &FunctionArguments, scope: &Scope) -> Origin {
        let mut all = Gather::default();
        if let FunctionArguments::List(list) = args {
            for arg in &list.args {
                match argument(arg) {
                    FunctionArgExpr::Expr(expr) => self.gather(expr, scope, Reading::VALUE, &mut all),
                    _ => all.inexact(),
                }
            }
        }
        all.finish()
    }

    /// A scope that holds nothing but `table`.
    fn inside<'p>(&mut self, table: &TableFactor, scope: &'p Scope<'p>) -> Scope<'p> {
        let mut inner = Scope::inside(Some(scope));
        let from = TableWithJoins {
            relation: table.clone(),
            joins: Vec::new(),
        };
        self.table_with_joins(&from, &mut inner);
        inner
    }

    /// One column for each value and aggregate; the columns that neither names are what the rows are grouped by.
    fn pivot(
        &mut self,
        aggregates: &[ExprWithAlias],
        by: &[Expr],
        values: &PivotValueSource,
        default: Option<&Expr>,
        inner: &Scope,
    ) -> Relation {
        let mut switch = Gather::default();
        for expr in by {
            self.gather(expr, inner, Reading::VALUE, &mut switch);
        }
        let switch = switch.finish();
        let mut consumed = Gather::default();
        consumed.add(&switch);
        let mut made: Vec<(Option<String>, Origin)> = Vec::new();
        for aggregate in aggregates {
            let mut all = Gather::default();
            all.add(&switch);
            self.gather(&aggregate.expr, inner, Reading::VALUE, &mut all);
            if let Some(default) = default {
                self.gather(default, inner, Reading::VALUE, &mut all);
            }
            let origin = all.finish();
            consumed.add(&origin);
            let name = aggregate.alias.as_ref().map(unquoted);
            made.push((
                name.or((aggregates.len() > 1).then(|| aggregate.expr.to_string().to_ascii_lowercase())),
                origin,
            ));
        }
        let consumed = consumed.finish();
        let is_consumed = |column: &&Column| column.origin.ids().iter().any(|id| consumed.ids().binary_search(id).is_ok());
        let mut columns: Vec<Column> = inner.visible.iter().filter(|column| !is_consumed(column)).cloned().collect();
        let mut rows = Gather::default();
        for column in &columns {
            self.mark(&column.origin);
            rows.add(&column.origin);
        }
        let mut open = inner.open.clone();
        match values {
            PivotValueSource::List(list) => {
                for value in list {
                    for (suffix, origin) in &made {
                        let base = value.alias.as_ref().map(unquoted).unwrap_or_else(|| plain(&value.expr));
                        let name = suffix.as_ref().map_or_else(|| base.clone(), |suffix| format!("{base}_{suffix}"));
                        columns.push(Column::new(&name, origin.clone()));
                    }
                }
            }
            // Which values there are only the data says.
            PivotValueSource::Any(_) | PivotValueSource::Subquery(_) => {
                let mut all = Gather::default();
                all.add_all(made.iter().map(|(_, origin)| origin));
                if let PivotValueSource::Subquery(query) = values {
                    let relation = self.query(query, Some(inner), None);
                    all.add_all(relation.columns.iter().map(|column| &column.origin));
                    all.add(&relation.rows);
                }
                let origin = all.finish();
                columns.push(Column::new(STAR, origin.clone().inexact()));
                open.push(Open::Of(origin));
            }
        }
        Relation {
            columns,
            open,
            rows: rows.finish(),
        }
    }

    /// The values of several columns in one, with their names beside them.
    fn unpivot(&mut self, value: &Expr, name: &str, turned: &[ExprWithAlias], nulls: Option<&NullInclusion>, inner: &Scope) -> Relation {
        let mut all = Gather::default();
        for column in turned {
            self.gather(&column.expr, inner, Reading::VALUE, &mut all);
        }
        let origin = all.finish();
        let is_turned = |column: &&Column| column.origin.ids().iter().any(|id| origin.ids().binary_search(id).is_ok());
        let mut columns: Vec<Column> = inner.visible.iter().filter(|column| !is_turned(column)).cloned().collect();
        columns.push(constant(name));
        let values = match value {
            Expr::Tuple(list) => list.iter().map(plain).collect(),
            value => vec![plain(value)],
        };
        columns.extend(values.iter().map(|value| Column::new(value, origin.clone())));
        Relation {
            columns,
            open: inner.open.clone(),
            rows: match nulls {
                Some(NullInclusion::IncludeNulls) => Origin::none(),
                // A value that is null has no row.
                Some(NullInclusion::ExcludeNulls) | None => origin,
            },
        }
    }
}

fn with(mut rows: Gather, more: &Origin) -> Origin {
    rows.add(more);
    rows.finish()
}

/// The text of a literal or a name without its quotes.
fn plain(expr: &Expr) -> String {
    match expr {
        Expr::Identifier(ident) => unquoted(ident),
        Expr::Value(value) => value.value.clone().into_string().unwrap_or_else(|| value.to_string()),
        expr => expr.to_string(),
    }
}

fn json_columns(columns: &[JsonTableColumn], origin: &Origin, into: &mut Vec<Column>) {
    for column in columns {
        match column {
            JsonTableColumn::Named(named) => into.push(Column::new(&unquoted(&named.name), origin.clone())),
            JsonTableColumn::ForOrdinality(name) => into.push(constant(&unquoted(name))),
            JsonTableColumn::Nested(nested) => json_columns(&nested.columns, origin, into),
        }
    }
}
