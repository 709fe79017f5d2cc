//! The walk over the tree: every node must be on an allow-list, and what is met is collected.

use std::collections::BTreeSet;

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};

use super::dialect::SqlDialect;
use super::fields::Fields;
use super::refusal::{Code, Refusal};
use super::scope::Scopes;

/// Chains such as `a OR b` are one level a link in the tree. DuckDB takes expressions of this depth.
const MAX_DEPTH: usize = 1_000;

pub type Checked = Result<(), Refusal>;

/// A table as the query names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRef {
    pub catalog: Option<String>,
    pub schema: Option<String>,
    pub name: String,
    pub alias: Option<String>,
}

pub struct Walk {
    pub dialect: SqlDialect,
    pub tables: Vec<TableRef>,
    pub columns: BTreeSet<String>,
    pub functions: BTreeSet<String>,
    pub(super) scopes: Scopes,
    /// Set between a recursive WITH and the query of its common table expression, which takes it.
    pub(super) recursive: Option<String>,
    pub(super) fields: Fields,
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
            recursive: None,
            fields: Fields::default(),
            depth: 0,
        }
    }

    /// One level deeper, for as long as `work` runs.
    pub(super) fn deeper(&mut self, work: impl FnOnce(&mut Self) -> Checked) -> Checked {
        if self.depth >= MAX_DEPTH {
            let reason = format!("The query chains more than {MAX_DEPTH} operations. Make it shorter: IN (…) stands for many ORs.");
            return Err(Refusal::new(Code::TooComplex, reason, ""));
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
        self.columns.insert(unquoted(name));
    }

    /// A name in the form in which the dialect compares names.
    pub(super) fn same_name(&self, name: &Ident) -> String {
        self.dialect.same_name(&unquoted(name), name.quote_style.is_some())
    }
}

/// What a name says: texts keep their escapes, so a quote in it still stands there twice.
pub(super) fn unquoted(name: &Ident) -> String {
    match name.quote_style {
        Some(quote) => name.value.replace(&format!("{quote}{quote}"), &quote.to_string()),
        None => name.value.clone(),
    }
}

/// The plain parts of a name; a part that is computed is refused.
pub(super) fn parts(name: &ObjectName) -> Result<Vec<&Ident>, Refusal> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => Ok(ident),
            ObjectNamePart::Function(_) => Err(Refusal::instead("A computed name", "Write the name itself.", name)),
        })
        .collect()
}

/// `Err` when `present` holds syntax that is on no allow-list; `hint` says what to write instead.
pub(super) fn none<T>(present: &Option<T>, what: &str, hint: &str) -> Checked {
    match present {
        None => Ok(()),
        Some(_) => Err(Refusal::instead(what, hint, &what)),
    }
}

pub(super) fn empty<T>(present: &[T], what: &str, hint: &str) -> Checked {
    match present {
        [] => Ok(()),
        [..] => Err(Refusal::instead(what, hint, &what)),
    }
}
