//! What a table, a subquery or a common table expression offers to the query around it.

use std::rc::Rc;

use super::origin::{Gather, Origin};
use super::schema::Name;

/// A table as it was met, by its place in the list of those.
pub type TableId = usize;

/// The column that stands for those of a table whose columns are not known.
pub const STAR: &str = "*";

#[derive(Debug, Clone)]
pub struct Column {
    pub name: Name,
    pub origin: Origin,
}

impl Column {
    pub fn new(name: &str, origin: Origin) -> Self {
        Column {
            name: Name::new(name),
            origin,
        }
    }
}

/// Where names come from that no list of columns holds.
#[derive(Debug, Clone)]
pub enum Open {
    /// A table that the schema does not know: whatever is asked for is a column of it.
    Table(TableId),
    /// Whatever is asked for is made of these.
    Of(Origin),
}

#[derive(Debug, Clone)]
pub struct Relation {
    pub columns: Vec<Column>,
    pub open: Vec<Open>,
    /// What decides which rows there are, how often and in what order.
    pub rows: Origin,
}

impl Relation {
    pub fn closed(columns: Vec<Column>, rows: Origin) -> Self {
        Relation {
            columns,
            open: Vec::new(),
            rows,
        }
    }

    /// `names` for the first columns, as in `AS t(a, b)`. Where the columns are not known these are the only ones.
    pub fn renamed(relation: Rc<Relation>, names: &[String]) -> Rc<Relation> {
        if names.is_empty() {
            return relation;
        }
        let mut renamed = (*relation).clone();
        if !renamed.open.is_empty() {
            let every = renamed.everything();
            renamed.columns = names.iter().map(|name| Column::new(name, every.clone())).collect();
            renamed.open.clear();
            return Rc::new(renamed);
        }
        for (column, name) in renamed.columns.iter_mut().zip(names) {
            column.name = Name::new(name);
        }
        Rc::new(renamed)
    }

    /// The origin of a value made of the whole row.
    pub fn whole_row(&self) -> Origin {
        let mut all = Gather::default();
        all.add_all(self.columns.iter().map(|column| &column.origin));
        all.finish()
    }

    fn everything(&self) -> Origin {
        let mut all = Gather::default();
        all.add_all(self.columns.iter().map(|column| &column.origin));
        for open in &self.open {
            if let Open::Of(origin) = open {
                all.add(origin);
            }
        }
        all.inexact();
        all.finish()
    }
}
