//! A table of the source with the subselect that stands for it.

use std::collections::HashSet;

use sqlparser::ast::{BinaryOperator, Expr, ObjectName, Query, Select, SelectItem, SetExpr, TableFactor, TableVersion};

use super::super::dialect::SqlDialect;
use super::super::reparse;
use super::filter::{self, Condition};
use super::literal::name as quoted;
use super::mask;
use super::options::{Column, ColumnType, Filter, Options, Table};

/// A column as the person sees it; `kind` is that of what they see.
pub struct Seen {
    pub name: String,
    pub kind: ColumnType,
    /// Whether values of `kind` are all there can be: comparing a text with a UUID raises an error in some systems.
    pub sure: bool,
    pub masked: bool,
}

pub struct Governed {
    pub table: Table,
    /// What the person sees, in the order of the table.
    pub columns: Vec<Seen>,
    /// `None`: no policy holds, the table is read as it is.
    pub policy: Option<Policy>,
}

pub struct Policy {
    plain: Query,
    barred: Query,
    condition: Option<Expr>,
    /// Names that its conditions read, in lower case: no common table expression may take them.
    pub reads: HashSet<String>,
}

impl Governed {
    /// Throws what is wrong with a policy of the table, with its id.
    pub fn compile(table: Table, options: &Options, dialect: SqlDialect) -> Result<Self, String> {
        let base = inner_alias(&table);
        let mut conditions = Vec::new();
        for filter in &table.filters {
            let condition = filter::compile(&filter.sql, &table, &base, &options.principal, dialect)
                .map_err(|fault| format!("The row filter `{}` of {} is not valid: {fault}.", filter.id, table.name))?;
            conditions.push(condition);
        }
        let mut columns = Vec::new();
        let mut items = Vec::new();
        for column in table.columns.iter().filter(|column| !column.denied) {
            let (seen, item) = see(column, &base, options, dialect);
            columns.push(seen);
            items.push(item);
        }
        let denied = columns.len() < table.columns.len();
        let masked = columns.iter().any(|column| column.masked);
        let policy = if columns.is_empty() || !(denied || masked || !conditions.is_empty()) {
            None
        } else {
            let items = items.join(", ");
            Some(
                Policy::compile(&items, masked, &base, conditions, dialect)
                    .ok_or_else(|| format!("The policies of {} can not be written in {}.", table.name, dialect.name()))?,
            )
        };
        Ok(Governed { table, columns, policy })
    }
}

fn see(column: &Column, base: &str, options: &Options, dialect: SqlDialect) -> (Seen, String) {
    let name = quoted(&column.name, dialect);
    let raw = format!("{base}.{name}");
    match &column.mask {
        None => {
            let seen = Seen {
                name: column.name.clone(),
                kind: column.kind,
                sure: is_sure(column, dialect),
                masked: false,
            };
            (seen, raw)
        }
        Some(mask) => {
            let (sql, kind) = mask::masked(mask, column, &raw, &options.salt, dialect);
            let seen = Seen {
                name: column.name.clone(),
                kind,
                sure: true,
                masked: true,
            };
            (seen, format!("{sql} AS {name}"))
        }
    }
}

/// PostgreSQL reads a text that is compared with another type once, before any row; MySQL and SQLite compare whatever comes.
fn is_sure(column: &Column, dialect: SqlDialect) -> bool {
    let native = column.native.as_deref().unwrap_or_default().to_ascii_lowercase();
    let is_text = ["varchar", "text", "string", "char", "nvarchar"]
        .iter()
        .any(|name| native.starts_with(name));
    column.kind != ColumnType::String || is_text || matches!(dialect, SqlDialect::PostgreSql | SqlDialect::MySql | SqlDialect::Sqlite)
}

/// A name that is none of the table's columns, as some systems read `base.x` as a field of a column `base`, and that its
/// filters do not use themselves.
fn inner_alias(table: &Table) -> String {
    let mut alias = String::from("base");
    let taken = |alias: &str| {
        let of_column = |column: &Column| column.name.eq_ignore_ascii_case(alias);
        let in_filter = |filter: &Filter| filter.sql.to_ascii_lowercase().contains(alias);
        table.columns.iter().any(of_column) || table.filters.iter().any(in_filter)
    };
    while taken(&alias) {
        alias.push('_');
    }
    alias
}

impl Policy {
    fn compile(items: &str, masked: bool, base: &str, conditions: Vec<Condition>, dialect: SqlDialect) -> Option<Self> {
        let reads = conditions.iter().flat_map(|condition| condition.reads.clone()).collect();
        let filtered = !conditions.is_empty();
        // Some systems read the name of a masked column in a condition as the mask. The conditions have qualified names but in
        // their subqueries: there no mask may stand beside them.
        let apart = masked && conditions.iter().any(|condition| condition.has_subquery);
        let (filter, end) = match (filtered, dialect) {
            (false, _) => ("", ""),
            (true, SqlDialect::Databricks) => (" WHERE 1 = 1", ""),
            (true, _) => (" WHERE 1 = 1", barrier(dialect)),
        };
        let text = |end: &str| match apart {
            false => format!("SELECT {items} FROM t AS {base}{filter}{end}"),
            true => format!("SELECT {items} FROM (SELECT * FROM t AS {base}{filter}{end}) AS {base}"),
        };
        let condition = conditions
            .into_iter()
            .map(|condition| Expr::Nested(Box::new(condition.expr)))
            .reduce(and);
        Some(Policy {
            plain: reparse(&text(""), dialect)?,
            barred: reparse(&text(end), dialect)?,
            condition,
            reads,
        })
    }

    pub fn has_filter(&self) -> bool {
        self.condition.is_some()
    }

    /// The subselect that stands for the table `name`. `barred`: no predicate from outside may run before the filter.
    pub fn subselect(&self, name: ObjectName, version: Option<TableVersion>, barred: bool, dialect: SqlDialect) -> Option<Query> {
        let mut query = if barred { self.barred.clone() } else { self.plain.clone() };
        let select = innermost(&mut query)?;
        let TableFactor::Table {
            name: own,
            version: own_version,
            ..
        } = &mut select.from.first_mut()?.relation
        else {
            return None;
        };
        *own = name;
        *own_version = version;
        if let Some(condition) = &self.condition {
            let mut condition = condition.clone();
            if barred && dialect == SqlDialect::Databricks {
                condition = and(condition, volatile(dialect)?);
            }
            select.selection = Some(condition);
        }
        Some(query)
    }
}

fn and(left: Expr, right: Expr) -> Expr {
    Expr::BinaryOp {
        left: Box::new(left),
        op: BinaryOperator::And,
        right: Box::new(right),
    }
}

/// What keeps predicates of the query from running before the filter, at the end of the subselect. DuckDB and PostgreSQL push
/// nothing past an OFFSET (tried on both); MySQL and SQLite document the same of LIMIT, which they need to write an offset.
fn barrier(dialect: SqlDialect) -> &'static str {
    match dialect {
        SqlDialect::DuckDb | SqlDialect::PostgreSql => " OFFSET 0",
        SqlDialect::MySql => " LIMIT 18446744073709551615",
        SqlDialect::Sqlite => " LIMIT -1 OFFSET 0",
        SqlDialect::Snowflake => " LIMIT 9223372036854775807",
        SqlDialect::Databricks => "",
    }
}

/// Spark drops `OFFSET 0` and runs LIMIT in one place, but moves no predicate past a condition that is not deterministic.
fn volatile(dialect: SqlDialect) -> Option<Expr> {
    let query = reparse("SELECT 1 WHERE rand() >= 0", dialect)?;
    match *query.body {
        SetExpr::Select(select) => select.selection,
        _ => None,
    }
}

/// The SELECT that reads the table: of the subselect in FROM, when there is one.
fn innermost(query: &mut Query) -> Option<&mut Select> {
    let SetExpr::Select(select) = query.body.as_mut() else {
        return None;
    };
    let nested = matches!(select.from.first()?.relation, TableFactor::Derived { .. });
    if !nested {
        return Some(select);
    }
    match &mut select.from.first_mut()?.relation {
        TableFactor::Derived { subquery, .. } => innermost(subquery),
        _ => None,
    }
}

/// `SELECT *`, the body of a query that is only a table.
pub fn all_of(relation: TableFactor, dialect: SqlDialect) -> Option<SetExpr> {
    let mut query = reparse("SELECT * FROM t", dialect)?;
    let SetExpr::Select(select) = query.body.as_mut() else {
        return None;
    };
    debug_assert!(matches!(select.projection.as_slice(), [SelectItem::Wildcard(_)]));
    select.from.first_mut()?.relation = relation;
    Some(*query.body)
}
