//! One SELECT.

use sqlparser::ast::{
    ConnectByKind, Distinct, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, GroupByWithModifier, Ident,
    NamedWindowDefinition, NamedWindowExpr, OrderBy, OrderByKind, Select, SelectFlavor, SelectItem, TopQuantity, Value, ValueTableMode,
    WildcardAdditionalOptions,
};

use super::auto_name::auto_name;
use super::facts;
use super::lookup::Aliases;
use super::operands::{any, window};
use super::origin::{Gather, Origin};
use super::relation::{Column, Open, Relation};
use super::resolver::Resolver;
use super::schema::Name;
use super::scope::Scope;
use super::star::excluded;
use super::value::Reading;
use crate::sql::dialect::SqlDialect;
use crate::sql::walk::unquoted;

/// The SELECT list as it grows.
#[derive(Default)]
struct List<'a> {
    columns: Vec<Column>,
    open: Vec<Open>,
    /// The items with the columns that each gave, for GROUP BY ALL.
    items: Vec<(&'a Expr, usize)>,
}

impl Resolver<'_> {
    pub fn select(&mut self, select: &Select, outer: Option<&Scope>, order: Option<&OrderBy>) -> Relation {
        let mut scope = Scope::inside(outer);
        for from in &select.from {
            self.table_with_joins(from, &mut scope);
        }
        for view in &select.lateral_views {
            self.lateral_view(view, &mut scope);
        }
        for definition in &select.named_window {
            self.named_window_definition(definition, &mut scope);
        }
        let mut list = self.select_list(select, &mut scope);
        let mut rows = std::mem::take(&mut scope.rows);
        self.filters(select, &scope, &mut rows);
        self.group_by(&select.group_by, &list, &scope, &mut rows);
        match &select.distinct {
            None | Some(Distinct::All) => {}
            Some(Distinct::Distinct) => rows.add_all(list.columns.iter().map(|column| &column.origin)),
            Some(Distinct::On(keys)) => {
                for key in keys {
                    self.key(key, &list.columns, Aliases::First, &scope, &mut rows);
                }
            }
        }
        if let Some(order) = order {
            self.order_by(order, &list.columns, &scope, &mut rows);
        }
        let left_out = excluded(select.exclude.as_ref());
        list.columns.retain(|column| !left_out.iter().any(|name| *name == *column.name.key));
        if matches!(
            select.value_table_mode,
            Some(ValueTableMode::AsStruct | ValueTableMode::DistinctAsStruct)
        ) {
            let row = Relation::closed(std::mem::take(&mut list.columns), Origin::none()).whole_row();
            list.columns.push(Column::new("struct", row));
        }
        Relation {
            columns: list.columns,
            open: list.open,
            rows: rows.finish(),
        }
    }

    fn named_window_definition(&mut self, definition: &NamedWindowDefinition, scope: &mut Scope) {
        let NamedWindowDefinition(name, of) = definition;
        let mut all = Gather::default();
        let base = match of {
            NamedWindowExpr::NamedWindow(base) => Some(base),
            NamedWindowExpr::WindowSpec(spec) => {
                let mut parts = Vec::new();
                window(spec, &mut parts);
                for part in parts {
                    self.gather(part, scope, Reading::VALUE, &mut all);
                }
                spec.window_name.as_ref()
            }
        };
        if let Some(base) = base {
            let key = unquoted(base).to_ascii_lowercase();
            all.add_all(
                scope
                    .windows
                    .iter()
                    .filter(|known| *known.name.key == *key)
                    .map(|known| &known.origin),
            );
        }
        scope.windows.push(Column::new(&unquoted(name), all.finish()));
    }

    /// Fills `scope.aliases` as it goes: in some systems an item may use the ones before it, in all what follows the list may.
    fn select_list<'a>(&mut self, select: &'a Select, scope: &mut Scope) -> List<'a> {
        let mut list = List::default();
        if matches!(select.flavor, SelectFlavor::FromFirstNoSelect) {
            list.columns = self.star(&WildcardAdditionalOptions::default(), scope);
            list.open.extend(scope.open.iter().cloned());
        }
        let in_list = matches!(self.dialect, SqlDialect::DuckDb | SqlDialect::Snowflake | SqlDialect::Databricks);
        let mut aliases = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::Wildcard(options) => {
                    let columns = self.star(options, scope);
                    list.columns.extend(columns);
                    list.open.extend(scope.open.iter().cloned());
                }
                SelectItem::QualifiedWildcard(of, options) => {
                    let (columns, open) = self.qualified_star(of, options, scope);
                    list.columns.extend(columns);
                    list.open.extend(open);
                }
                SelectItem::UnnamedExpr(expr) => self.item(expr, None, scope, &mut list),
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.item(expr, Some(alias), scope, &mut list);
                    let named = list.columns.last().filter(|column| *column.name.text == *unquoted(alias));
                    aliases.extend(named.cloned());
                    if in_list {
                        scope.aliases.append(&mut aliases);
                    }
                }
                SelectItem::ExprWithAliases { expr, aliases } => {
                    let origin = self.row_value(expr, scope);
                    list.columns
                        .extend(aliases.iter().map(|alias| Column::new(&unquoted(alias), origin.clone())));
                }
            }
            if !self.fits(list.columns.len()) {
                return List {
                    columns: self.anything().columns,
                    open: vec![Open::Of(Origin::everything())],
                    items: Vec::new(),
                };
            }
        }
        scope.aliases.append(&mut aliases);
        list
    }

    fn item<'a>(&mut self, expr: &'a Expr, alias: Option<&Ident>, scope: &mut Scope, list: &mut List<'a>) {
        if self.has_columns_pattern(expr) {
            let (columns, open) = self.columns_pattern(expr, alias, scope);
            list.items.push((expr, list.columns.len()));
            list.columns.extend(columns);
            list.open.extend(open);
            return;
        }
        if self.dialect == SqlDialect::DuckDb
            && let Some(fields) = unnested_fields(expr)
        {
            let origin = self.row_value(expr, scope);
            list.items.push((expr, list.columns.len()));
            list.columns.extend(fields.iter().map(|field| Column::new(field, origin.clone())));
            return;
        }
        let origin = self.row_value(expr, scope);
        let name = match alias {
            Some(alias) => Name::new(&unquoted(alias)),
            None => Name::new(&auto_name(expr, self.dialect)),
        };
        list.items.push((expr, list.columns.len()));
        list.columns.push(Column { name, origin });
    }

    /// The value of an item; where a function in it makes several rows of one, it decides about the rows as well.
    fn row_value(&mut self, expr: &Expr, scope: &mut Scope) -> Origin {
        let origin = self.value(expr, scope);
        let makes_rows = |expr: &Expr| match expr {
            Expr::Function(function) => facts::makes_rows(&function.name.to_string().to_ascii_lowercase()),
            _ => false,
        };
        if any(expr, &mut |expr| makes_rows(expr)) {
            scope.rows.add(&origin);
        }
        origin
    }

    fn filters(&mut self, select: &Select, scope: &Scope, rows: &mut Gather) {
        let plain = [&select.prewhere, &select.selection].into_iter().flatten();
        for expr in plain.chain(&select.cluster_by).chain(&select.distribute_by) {
            self.gather(expr, scope, Reading::VALUE, rows);
        }
        for expr in [&select.having, &select.qualify].into_iter().flatten() {
            self.gather(expr, scope, Reading::BOTH, rows);
        }
        for order in &select.sort_by {
            self.gather(&order.expr, scope, Reading::BOTH, rows);
        }
        for kind in &select.connect_by {
            match kind {
                ConnectByKind::ConnectBy { relationships, .. } => {
                    for expr in relationships {
                        self.gather(expr, scope, Reading::VALUE, rows);
                    }
                }
                ConnectByKind::StartWith { condition, .. } => self.gather(condition, scope, Reading::VALUE, rows),
            }
        }
        if let Some(TopQuantity::Expr(expr)) = select.top.as_ref().and_then(|top| top.quantity.as_ref()) {
            self.gather(expr, scope, Reading::VALUE, rows);
        }
    }

    fn group_by(&mut self, group_by: &GroupByExpr, list: &List, scope: &Scope, rows: &mut Gather) {
        let modifiers = match group_by {
            GroupByExpr::All(modifiers) => {
                self.group_by_all(list, scope, rows);
                modifiers
            }
            GroupByExpr::Expressions(keys, modifiers) => {
                for key in keys {
                    match key {
                        Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
                            for key in sets.iter().flatten() {
                                self.key(key, &list.columns, Aliases::Last, scope, rows);
                            }
                        }
                        Expr::Tuple(keys) => {
                            for key in keys {
                                self.key(key, &list.columns, Aliases::Last, scope, rows);
                            }
                        }
                        key => self.key(key, &list.columns, Aliases::Last, scope, rows),
                    }
                }
                modifiers
            }
        };
        for modifier in modifiers {
            if let GroupByWithModifier::GroupingSets(expr) = modifier {
                self.gather(expr, scope, Reading::VALUE, rows);
            }
        }
    }

    /// Grouped by what stands outside aggregates; a star and COLUMNS(…) have none around them.
    fn group_by_all(&mut self, list: &List, scope: &Scope, rows: &mut Gather) {
        let mut of_items = vec![false; list.columns.len()];
        for (expr, place) in &list.items {
            if self.has_columns_pattern(expr) {
                continue;
            }
            of_items[*place] = true;
            self.gather(expr, scope, Reading::OUTSIDE_AGGREGATES, rows);
        }
        for (column, of_item) in list.columns.iter().zip(of_items) {
            if !of_item {
                rows.add(&column.origin);
            }
        }
    }

    /// A key of GROUP BY, ORDER BY or DISTINCT ON: the number or the name of an item, or an expression.
    fn key(&mut self, key: &Expr, columns: &[Column], aliases: Aliases, scope: &Scope, rows: &mut Gather) {
        match key {
            Expr::Value(value) => {
                if let Value::Number(text, _) = &value.value
                    && let Ok(place) = text.to_string().parse::<usize>()
                {
                    let in_order = columns.iter().all(|column| &*column.name.text != super::relation::STAR);
                    match columns.get(place.wrapping_sub(1)) {
                        Some(column) if in_order => rows.add(&column.origin),
                        // Behind a star of unknown width any may be meant.
                        _ => rows.add_all(columns.iter().map(|column| &column.origin)),
                    }
                }
            }
            Expr::Identifier(ident) => {
                let origin = self.identifier(ident, scope, aliases);
                rows.add(&origin);
            }
            key => {
                let reading = match aliases {
                    Aliases::Last => Reading::VALUE,
                    Aliases::First | Aliases::Both => Reading::BOTH,
                };
                self.gather(key, scope, reading, rows);
            }
        }
    }

    pub fn order_by(&mut self, order: &OrderBy, columns: &[Column], scope: &Scope, rows: &mut Gather) {
        match &order.kind {
            OrderByKind::All(_) => rows.add_all(columns.iter().map(|column| &column.origin)),
            OrderByKind::Expressions(orders) => {
                for order in orders {
                    self.key(&order.expr, columns, Aliases::First, scope, rows);
                }
            }
        }
    }
}

/// DuckDB makes a column of each field of a struct that is unnested. Of one that is no literal only its type knows them.
fn unnested_fields(expr: &Expr) -> Option<Vec<String>> {
    let Expr::Function(function) = expr else { return None };
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    match list.args.first()? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Dictionary(fields)))
            if function.name.to_string().eq_ignore_ascii_case("unnest") =>
        {
            Some(fields.iter().map(|field| unquoted(&field.key)).collect())
        }
        _ => None,
    }
}
