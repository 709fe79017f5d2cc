//! Sets of the columns that a value is made of.

use std::rc::Rc;

/// A source of values: a column of a table, or while a recursive query is read one of its own columns.
pub type Id = u32;

/// Every column of every table of the query: where following it further would cost too much.
pub const EVERYTHING: Id = 0;

#[derive(Debug, Clone)]
pub struct Origin {
    /// In rising order.
    ids: Rc<[Id]>,
    /// False when a column may be among them that does not feed the value.
    pub exact: bool,
}

impl Origin {
    pub fn none() -> Self {
        Origin {
            ids: Rc::new([]),
            exact: true,
        }
    }

    pub fn one(id: Id) -> Self {
        Origin {
            ids: Rc::new([id]),
            exact: true,
        }
    }

    /// `ids` in rising order.
    pub fn of(ids: Vec<Id>, exact: bool) -> Self {
        Origin { ids: ids.into(), exact }
    }

    pub fn everything() -> Self {
        Origin {
            ids: Rc::new([EVERYTHING]),
            exact: false,
        }
    }

    pub fn ids(&self) -> &[Id] {
        &self.ids
    }

    pub fn inexact(mut self) -> Self {
        self.exact = false;
        self
    }

    pub fn same_as(&self, other: &Origin) -> bool {
        self.exact == other.exact && (Rc::ptr_eq(&self.ids, &other.ids) || self.ids == other.ids)
    }
}

/// Collects origins.
#[derive(Debug, Clone)]
pub struct Gather {
    only: Option<Origin>,
    ids: Vec<Id>,
    exact: bool,
    /// Length at which repeated ids are dropped, so that a long expression over few columns stays small.
    full: usize,
}

impl Default for Gather {
    fn default() -> Self {
        Gather {
            only: None,
            ids: Vec::new(),
            exact: true,
            full: 1 << 10,
        }
    }
}

impl Gather {
    pub fn add(&mut self, origin: &Origin) {
        self.exact &= origin.exact;
        match self.only.take() {
            None if self.ids.is_empty() => self.only = Some(origin.clone()),
            first => {
                if let Some(first) = first {
                    self.ids.extend_from_slice(first.ids());
                }
                self.ids.extend_from_slice(origin.ids());
                if self.ids.len() > self.full {
                    self.compact();
                    self.full = (self.ids.len() * 2).max(1 << 10);
                }
            }
        }
    }

    pub fn add_all<'a>(&mut self, origins: impl IntoIterator<Item = &'a Origin>) {
        origins.into_iter().for_each(|origin| self.add(origin));
    }

    pub fn inexact(&mut self) {
        self.exact = false;
    }

    fn compact(&mut self) {
        self.ids.sort_unstable();
        self.ids.dedup();
    }

    pub fn finish(mut self) -> Origin {
        if let Some(only) = self.only {
            return Origin { exact: self.exact, ..only };
        }
        self.compact();
        Origin {
            ids: self.ids.into(),
            exact: self.exact,
        }
    }
}
