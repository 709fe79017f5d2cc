//! One gate for every query: what a person may not see is taken out of the tables before the query reads them.

mod filter;
mod governed;
mod kind;
mod leak;
mod literal;
mod mask;
mod options;
mod readable;
mod resolve;
mod rewrite;
mod shorten;
mod usage;

use std::ops::ControlFlow;

use sqlparser::ast::{ObjectName, Query, Visit, Visitor};

pub use literal::is_number;
pub use options::{Attribute, Column, ColumnType, Filter, Literal, Mask, Options, Principal, Table, Unit};

use super::dialect::SqlDialect;
use super::lineage::{Lineage, Schema, SchemaTable, lineage};
use super::refusal::{Code, Refusal};
use super::{mend, print, prove, sorted, with_stack};
use governed::{Governed, Policy};
use rewrite::Rewrite;
use usage::Usage;

/// A table that the query reads and the columns it takes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    pub catalog: Option<String>,
    pub schema: Option<String>,
    pub name: String,
    pub columns: Vec<String>,
}

/// The policies that changed what the query sees of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub table: String,
    /// Ids of the row filters.
    pub filters: Vec<String>,
    /// Masked columns that the query takes.
    pub masked: Vec<String>,
}

/// A query that may run.
#[derive(Debug, PartialEq)]
pub struct Verdict {
    /// What runs.
    pub sql: String,
    /// The same before policies were applied.
    pub asked: String,
    pub tables: Vec<Used>,
    pub columns: Vec<String>,
    pub functions: Vec<String>,
    pub applied: Vec<Applied>,
    /// Of the query as asked: policies leave the names of its columns as they are.
    pub lineage: Lineage,
}

/// What one person may see of one source, compiled.
pub struct Gate {
    dialect: SqlDialect,
    tables: Option<Vec<Governed>>,
    /// What lineage knows: the columns that the person sees.
    schema: Schema,
}

impl Gate {
    /// Throws what is wrong with a policy, with its id.
    pub fn new(mut options: Options, dialect: SqlDialect) -> Result<Self, String> {
        let tables = options.tables.take();
        let compile = |tables: Vec<Table>| {
            let compiled = tables.into_iter().map(|table| Governed::compile(table, &options, dialect));
            compiled.collect::<Result<Vec<_>, _>>()
        };
        let tables = tables.map(compile).transpose()?;
        let schema = Schema::new(tables.iter().flatten().map(seen_table).collect());
        Ok(Gate { dialect, tables, schema })
    }

    /// Proves `sql` read-only and puts the policies into it. With `max_rows` it brings at most one row more than that.
    pub fn check(&self, sql: &str, max_rows: Option<u64>) -> Result<Verdict, Refusal> {
        with_stack(sql, || self.judge(sql, max_rows))
    }

    fn judge(&self, sql: &str, max_rows: Option<u64>) -> Result<Verdict, Refusal> {
        let (query, walk) = prove(sql, self.dialect, max_rows)?;
        let asked = print(&query, self.dialect, sql)?;
        let (columns, functions) = (sorted(walk.columns), sorted(walk.functions));
        let lineage = lineage(&query, &self.schema, self.dialect);
        let Some(tables) = &self.tables else {
            let tables = walk.tables.into_iter().map(|table| Used {
                catalog: table.catalog,
                schema: table.schema,
                name: table.name,
                columns: vec![],
            });
            return Ok(Verdict {
                sql: asked.clone(),
                asked,
                tables: tables.collect(),
                columns,
                functions,
                applied: vec![],
                lineage,
            });
        };
        no_call(&lineage, self.dialect)?;
        let mut governed = query.clone();
        let mut rewrite = Rewrite::new(tables, self.dialect, false);
        rewrite.run(&mut governed)?;
        let filtered = rewrite
            .reads
            .iter()
            .any(|read| read.of.policy.as_ref().is_some_and(Policy::has_filter));
        if filtered && leak::may_tell(&query, &rewrite.reads, self.dialect) {
            governed = query.clone();
            rewrite = Rewrite::new(tables, self.dialect, true);
            rewrite.run(&mut governed)?;
        }
        if rewrite.met != relations(&query) {
            return Err(Refusal::syntax("A table in this position", &sql));
        }
        // A version of a table must not stand behind the inner alias.
        mend::mend(&mut governed, self.dialect);
        let usage = Usage::of(&query, &rewrite.using);
        let columns_of = |name: &str| {
            let mut all = rewrite.reads.iter().flat_map(|read| &read.of.columns);
            all.any(|column| column.name.eq_ignore_ascii_case(name))
        };
        if let Some(name) = usage.file_column(columns_of) {
            let reason = format!("{name} tells where the files of a table are; it may not be read here.");
            return Err(Refusal::new(Code::SyntaxNotAllowed, reason, name));
        }
        let (tables, applied) = report(&rewrite, &usage, &lineage);
        let sql = if governed == query {
            asked.clone()
        } else {
            print(&governed, self.dialect, sql)?
        };
        Ok(Verdict {
            sql,
            asked,
            tables,
            columns,
            functions,
            applied,
            lineage,
        })
    }
}

/// PostgreSQL reads `t.b` as `b(t)` where `t` has no column `b`: any function over rows would be called, whatever the list says.
fn no_call(lineage: &Lineage, dialect: SqlDialect) -> Result<(), Refusal> {
    let call = lineage.unknown.iter().find(|unknown| unknown.name.contains('.'));
    match call {
        Some(unknown) if dialect == SqlDialect::PostgreSql => {
            let reason = format!(
                "There is no column {}. A row before a dot may be a call of a function.",
                unknown.name
            );
            Err(Refusal::new(Code::SyntaxNotAllowed, reason, &unknown.name))
        }
        _ => Ok(()),
    }
}

/// How many names the tree has in FROM, counted by the parser's own walk.
fn relations(query: &Query) -> usize {
    struct Count(usize);
    impl Visitor for Count {
        type Break = ();
        fn pre_visit_relation(&mut self, _: &ObjectName) -> ControlFlow<()> {
            self.0 += 1;
            ControlFlow::Continue(())
        }
    }
    let mut count = Count(0);
    let _ = query.visit(&mut count);
    count.0
}

/// Each table once, in the order in which the query reads them.
fn report(rewrite: &Rewrite, usage: &Usage, lineage: &Lineage) -> (Vec<Used>, Vec<Applied>) {
    let mut tables: Vec<Used> = Vec::new();
    let mut applied: Vec<Applied> = Vec::new();
    for (i, read) in rewrite.reads.iter().enumerate() {
        let same = |other: &rewrite::Read| std::ptr::eq(other.of, read.of);
        if rewrite.reads[..i].iter().any(same) {
            continue;
        }
        let takes = |name: &str| {
            rewrite
                .reads
                .iter()
                .filter(|other| same(other))
                .any(|other| usage.takes(other, name))
        };
        let taken: Vec<_> = read.of.columns.iter().filter(|column| takes(&column.name)).collect();
        let label = path(&read.of.table).join(".");
        let exactly = lineage.tables.iter().find(|table| *table.name == *label);
        tables.push(Used {
            catalog: read.catalog.clone(),
            schema: read.schema.clone(),
            name: read.of.table.name.clone(),
            columns: match exactly {
                Some(table) => table.columns.iter().map(|column| column.to_string()).collect(),
                None => taken.iter().map(|column| column.name.clone()).collect(),
            },
        });
        let masked: Vec<String> = taken
            .iter()
            .filter(|column| column.masked)
            .map(|column| column.name.clone())
            .collect();
        let filters: Vec<String> = read.of.table.filters.iter().map(|filter| filter.id.clone()).collect();
        if !masked.is_empty() || !filters.is_empty() {
            applied.push(Applied {
                table: label,
                filters,
                masked,
            });
        }
    }
    (tables, applied)
}

/// Catalog and schema as far as they are known, then the name.
fn path(table: &Table) -> Vec<String> {
    let path = [&table.catalog, &table.schema].into_iter().flatten();
    path.chain([&table.name]).cloned().collect()
}

/// The table as lineage sees it: a column that is denied does not exist.
fn seen_table(governed: &Governed) -> SchemaTable {
    let path = path(&governed.table);
    let columns: Vec<String> = governed.columns.iter().map(|column| column.name.clone()).collect();
    SchemaTable::new(&path.join("."), &path, &columns)
}

#[cfg(test)]
mod tests;
