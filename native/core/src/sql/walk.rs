//! The walk over the tree: every node must be on an allow-list, and what is met is collected.

use std::collections::BTreeSet;

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};

use super::dialect::SqlDialect;
use super::refusal::{Code, Refusal};
use super::scope::Scopes;

/// Chains such as `a OR b` are one level a link in the tree; a longer one is not written by people.
const MAX_DEPTH: usize = 3_000;

pub type Checked = Result<(), Refusal>;

/// A table as the query names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRef {
    pub catalog: Option<String>,
    pub schema: Option<String>,
    pub name: String,
}

pub struct Walk {
    pub dialect: SqlDialect,
    pub tables: Vec<TableRef>,
    pub columns: BTreeSet<String>,
    pub functions: BTreeSet<String>,
    pub(super) scopes: Scopes,
    depth: usize,
}

impl Walk {
    pub fn new(dialect: SqlDialect) -> Self {
        Walk {
            dialect,
            tables: Vec::new(),
            columns: BTreeSet::new(),
            functions: BTreeSet::new(),
            scopes: Scopes::default(),
            depth: 0,
        }
    }

    /// One level deeper, for as long as `work` runs.
    pub(super) fn deeper(&mut self, work: impl FnOnce(&mut Self) -> Checked) -> Checked {
        if self.depth >= MAX_DEPTH {
            return Err(Refusal::new(Code::TooComplex, "The query is too deep.", ""));
        }
        self.depth += 1;
        let checked = work(self);
        self.depth -= 1;
        checked
    }

    pub(super) fn all<'a, T: 'a>(
        &mut self,
        nodes: impl IntoIterator<Item = &'a T>,
        mut check: impl FnMut(&mut Self, &'a T) -> Checked,
    ) -> Checked {
        nodes.into_iter().try_for_each(|node| check(self, node))
    }

    pub(super) fn column(&mut self, name: &Ident) {
        self.columns.insert(name.value.clone());
    }
}

/// The plain parts of a name; a part that is computed is refused.
pub(super) fn parts(name: &ObjectName) -> Result<Vec<&Ident>, Refusal> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => Ok(ident),
            ObjectNamePart::Function(_) => Err(Refusal::syntax("A computed name", name)),
        })
        .collect()
}

/// `Err` when `present` holds syntax that is on no allow-list.
pub(super) fn none<T: std::fmt::Debug>(present: &Option<T>, what: &str) -> Checked {
    match present {
        None => Ok(()),
        Some(node) => Err(Refusal::syntax(what, &format!("{node:?}"))),
    }
}

pub(super) fn empty<T: std::fmt::Debug>(present: &[T], what: &str) -> Checked {
    match present {
        [] => Ok(()),
        [first, ..] => Err(Refusal::syntax(what, &format!("{first:?}"))),
    }
}
