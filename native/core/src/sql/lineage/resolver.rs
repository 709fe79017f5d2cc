//! What the parts of the resolver share: the columns met, what is used of them, and the bound on its work.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::ObjectName;

use super::origin::{EVERYTHING, Id, Origin};
use super::relation::{Column, Open, Relation, STAR, TableId};
use super::schema::{Name, Schema};
use super::unknown::UnknownColumn;
use crate::sql::dialect::SqlDialect;
use crate::sql::walk::parts;

/// Names compared and origins merged, all in all: some 20 ms. Beyond it everything is made of everything, and not exact.
const MAX_WORK: usize = 4_000_000;
/// Columns of one FROM clause.
const MAX_WIDTH: usize = 4_096;
/// Levels of queries, joins and pivots inside one another. The parser stops at 64 of what it reads by recursion.
const MAX_DEPTH: usize = 200;

/// Where values come from.
#[derive(Debug)]
pub enum Source {
    /// See `EVERYTHING`.
    Everything,
    Column {
        table: TableId,
        name: Name,
    },
    /// A column of a recursive query while that is read.
    Recursive,
}

/// A table as the query names it.
#[derive(Debug)]
pub struct MetTable {
    pub label: Arc<str>,
    /// In the schema; None when that does not know it.
    pub place: Option<usize>,
    relation: Rc<Relation>,
}

pub struct Resolver<'s> {
    pub dialect: SqlDialect,
    schema: &'s Schema,
    pub sources: Vec<Source>,
    pub tables: Vec<MetTable>,
    table_ids: HashMap<String, TableId>,
    /// Columns of tables that the schema does not know.
    guessed: HashMap<(TableId, String), Id>,
    /// By id of the source.
    pub used: Vec<bool>,
    /// Common table expressions in reach, from the outermost query inwards.
    pub ctes: Vec<Vec<(String, Rc<Relation>)>>,
    pub unknown: Vec<UnknownColumn>,
    work: usize,
    depth: usize,
}

impl<'s> Resolver<'s> {
    pub fn new(schema: &'s Schema, dialect: SqlDialect) -> Self {
        Resolver {
            dialect,
            schema,
            sources: vec![Source::Everything],
            tables: Vec::new(),
            table_ids: HashMap::new(),
            guessed: HashMap::new(),
            used: vec![false],
            ctes: Vec::new(),
            unknown: Vec::new(),
            work: 0,
            depth: 0,
        }
    }

    /// Counts `steps` of work; false when there was too much of it.
    pub fn spend(&mut self, steps: usize) -> bool {
        self.work = self.work.saturating_add(steps);
        self.work <= MAX_WORK
    }

    pub fn is_spent(&self) -> bool {
        self.work > MAX_WORK
    }

    pub fn fits(&mut self, columns: usize) -> bool {
        if columns > MAX_WIDTH {
            self.work = usize::MAX;
        }
        self.spend(columns)
    }

    /// `work` one level deeper; without it when that is too deep, and nothing is exact from there on.
    pub fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.work = usize::MAX;
            return None;
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        Some(done)
    }

    /// A relation of which nothing is known but that it may be made of all there is.
    pub fn anything(&mut self) -> Relation {
        let every = Origin::everything();
        Relation {
            columns: vec![Column::new(STAR, every.clone())],
            open: vec![Open::Of(every.clone())],
            rows: every,
        }
    }

    pub fn source(&mut self, source: Source) -> Id {
        self.sources.push(source);
        self.used.push(false);
        Id::try_from(self.sources.len() - 1).unwrap_or(EVERYTHING)
    }

    /// Notes that the query names what `origin` is made of.
    pub fn mark(&mut self, origin: &Origin) {
        if self.spend(origin.ids().len()) {
            for id in origin.ids() {
                self.used[*id as usize] = true;
            }
        } else {
            self.used[EVERYTHING as usize] = true;
        }
    }

    pub fn cte(&self, name: &str) -> Option<Rc<Relation>> {
        let found = self
            .ctes
            .iter()
            .rev()
            .flat_map(|frame| frame.iter().rev())
            .find(|(own, _)| own == name);
        found.map(|(_, relation)| Rc::clone(relation))
    }

    /// The table of this name with its columns.
    pub fn table(&mut self, name: &ObjectName) -> Rc<Relation> {
        let Ok(idents) = parts(name) else {
            return Rc::new(self.anything());
        };
        let written: Vec<String> = idents.iter().map(|part| crate::sql::walk::unquoted(part)).collect();
        let strict = idents
            .last()
            .map(|own| self.dialect.same_name(&crate::sql::walk::unquoted(own), own.quote_style.is_some()));
        let place = self.schema.find(&written, strict.as_deref().unwrap_or_default(), self.dialect);
        let key = match place {
            Some(place) => format!("{place}"),
            None => format!(".{}", written.join(".").to_ascii_lowercase()),
        };
        if let Some(id) = self.table_ids.get(&key) {
            return Rc::clone(&self.tables[*id].relation);
        }
        let id = self.tables.len();
        self.table_ids.insert(key, id);
        let (label, relation) = match place {
            Some(place) => self.known_table(id, place),
            None => (written.join(".").into(), self.unknown_table(id)),
        };
        let relation = Rc::new(relation);
        self.tables.push(MetTable {
            label,
            place,
            relation: Rc::clone(&relation),
        });
        relation
    }

    fn known_table(&mut self, id: TableId, place: usize) -> (Arc<str>, Relation) {
        let table = self.schema.table(place);
        let label = Arc::clone(&table.label);
        if !self.fits(table.columns.len()) {
            return (label, self.anything());
        }
        let columns = table.columns.iter().map(|name| Column {
            name: name.clone(),
            origin: Origin::one(self.source(Source::Column {
                table: id,
                name: name.clone(),
            })),
        });
        (label, Relation::closed(columns.collect(), Origin::none()))
    }

    fn unknown_table(&mut self, id: TableId) -> Relation {
        let star = self.guessed_column(id, STAR);
        Relation {
            columns: vec![Column::new(STAR, star.inexact())],
            open: vec![Open::Table(id)],
            rows: Origin::none(),
        }
    }

    /// A column of a table that the schema does not know, because the query names it.
    pub fn guessed_column(&mut self, table: TableId, name: &str) -> Origin {
        let key = (table, name.to_ascii_lowercase());
        if let Some(id) = self.guessed.get(&key) {
            return Origin::one(*id);
        }
        let id = self.source(Source::Column {
            table,
            name: Name::new(name),
        });
        self.guessed.insert(key, id);
        Origin::one(id)
    }
}
