//! Column lineage: which columns of tables each column of a result is made of, and which decide about its rows.
//!
//! Names are resolved as the system would, scope by scope, over the parsed tree. What can not be followed is taken for made of
//! everything in its reach and said to be not exact: a column that lineage leaves out does not matter.

mod auto_name;
mod facts;
mod from;
mod lookup;
mod operands;
mod origin;
mod query;
mod recursive;
mod relation;
mod resolver;
mod schema;
mod scope;
mod select;
mod shape;
mod star;
#[cfg(test)]
mod tests;
mod unknown;
mod value;

use std::collections::BTreeSet;
use std::sync::Arc;

use sqlparser::ast::Query;

use super::dialect::SqlDialect;
use super::refusal::Refusal;
use super::{parse, with_stack};
use origin::{EVERYTHING, Id, Origin};
use resolver::{Resolver, Source};

pub use schema::{Schema, SchemaTable};
pub use unknown::UnknownColumn;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRef {
    pub table: Arc<str>,
    pub column: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnLineage {
    pub column: Arc<str>,
    pub from: Vec<ColumnRef>,
    pub exact: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedTable {
    pub name: Arc<str>,
    /// In the order of the table; names of a table that the schema does not know are as written.
    pub columns: Vec<Arc<str>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// In the order of the result. A column `*` stands for those of a table whose columns are not known.
    pub columns: Vec<ColumnLineage>,
    /// Columns that decide which rows there are and how they are grouped, joined and ordered.
    pub influences: Vec<ColumnRef>,
    /// Every table that is read, with exactly those of its columns that are used.
    pub tables: Vec<UsedTable>,
    pub unknown: Vec<UnknownColumn>,
    pub exact: bool,
}

/// Follows every column of `query`. It never fails: what it can not follow makes the result wider and not exact.
pub fn lineage(query: &Query, schema: &Schema, dialect: SqlDialect) -> Lineage {
    let mut resolver = Resolver::new(schema, dialect);
    let relation = resolver.query(query, None, None);
    relation.columns.iter().for_each(|column| resolver.mark(&column.origin));
    resolver.mark(&relation.rows);
    let spent = resolver.is_spent();
    let Resolver {
        sources,
        tables,
        used,
        unknown,
        ..
    } = resolver;
    let references = References { schema, sources, tables };
    let columns: Vec<ColumnLineage> = relation
        .columns
        .iter()
        .map(|column| ColumnLineage {
            column: Arc::clone(&column.name.text),
            from: references.of(&column.origin),
            exact: column.origin.exact && !spent,
        })
        .collect();
    let exact = columns.iter().all(|column| column.exact) && relation.rows.exact && unknown.is_empty() && !spent;
    Lineage {
        columns,
        influences: references.of(&relation.rows),
        tables: references.used(&used),
        unknown,
        exact,
    }
}

/// The lineage of a text that is one query, whether or not it may run.
pub fn of_text(sql: &str, schema: &Schema, dialect: SqlDialect) -> Result<Lineage, Refusal> {
    with_stack(sql, || parse(sql, dialect).map(|query| lineage(&query, schema, dialect)))
}

/// From sources back to names.
struct References<'s> {
    schema: &'s Schema,
    sources: Vec<Source>,
    tables: Vec<resolver::MetTable>,
}

impl References<'_> {
    /// By table in the order they were met, then by column in the order of the table.
    fn of(&self, origin: &Origin) -> Vec<ColumnRef> {
        if origin.ids().first() == Some(&EVERYTHING) {
            return self.everything();
        }
        let mut places: Vec<(usize, Id)> = origin
            .ids()
            .iter()
            .filter_map(|id| match &self.sources[*id as usize] {
                Source::Column { table, .. } => Some((*table, *id)),
                Source::Everything | Source::Recursive => None,
            })
            .collect();
        places.sort_unstable();
        places.into_iter().filter_map(|(_, id)| self.reference(id)).collect()
    }

    fn reference(&self, id: Id) -> Option<ColumnRef> {
        match &self.sources[id as usize] {
            Source::Column { table, name } => Some(ColumnRef {
                table: Arc::clone(&self.tables[*table].label),
                column: Arc::clone(&name.text),
            }),
            Source::Everything | Source::Recursive => None,
        }
    }

    fn everything(&self) -> Vec<ColumnRef> {
        let mut all = Vec::new();
        for (table, met) in self.tables.iter().enumerate() {
            all.extend(self.columns_of(table).into_iter().map(|column| ColumnRef {
                table: Arc::clone(&met.label),
                column,
            }));
        }
        all
    }

    /// All there are of a table.
    fn columns_of(&self, table: usize) -> Vec<Arc<str>> {
        match self.tables[table].place {
            Some(place) => self.schema.table(place).columns.iter().map(|name| Arc::clone(&name.text)).collect(),
            None => {
                let of_table = self.sources.iter().filter_map(|source| match source {
                    Source::Column { table: of, name } if *of == table => Some(Arc::clone(&name.text)),
                    _ => None,
                });
                of_table.collect()
            }
        }
    }

    fn used(&self, used: &[bool]) -> Vec<UsedTable> {
        let everything = used.first().copied().unwrap_or(false);
        let mut by_table: Vec<BTreeSet<Id>> = vec![BTreeSet::new(); self.tables.len()];
        for (id, source) in self.sources.iter().enumerate() {
            if let (Source::Column { table, .. }, true) = (source, used[id]) {
                by_table[*table].insert(Id::try_from(id).unwrap_or(EVERYTHING));
            }
        }
        self.tables
            .iter()
            .zip(by_table)
            .enumerate()
            .map(|(table, (met, ids))| UsedTable {
                name: Arc::clone(&met.label),
                columns: match everything {
                    true => self.columns_of(table),
                    false => ids
                        .into_iter()
                        .filter_map(|id| self.reference(id))
                        .map(|found| found.column)
                        .collect(),
                },
            })
            .collect()
    }
}
