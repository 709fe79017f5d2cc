//! The names that an expression may use, from the inside out.

use std::rc::Rc;

use sqlparser::ast::Ident;

use super::origin::{Gather, Origin};
use super::relation::{Column, Open, Relation};
use crate::sql::dialect::SqlDialect;
use crate::sql::walk::unquoted;

/// A name as a query writes it.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub text: String,
    /// In lower case.
    pub key: String,
    /// As the dialect reads it: decides between names that differ in case alone.
    pub strict: String,
}

impl Wanted {
    pub fn new(ident: &Ident, dialect: SqlDialect) -> Self {
        let text = unquoted(ident);
        Wanted {
            key: text.to_ascii_lowercase(),
            strict: dialect.same_name(&text, ident.quote_style.is_some()),
            text,
        }
    }
}

/// A relation of a FROM clause under the name that the query gives it.
#[derive(Debug, Clone)]
pub struct Bound {
    /// Catalog and schema as written, when no alias hides them, then the name; in lower case. Empty without a name.
    pub path: Vec<String>,
    pub relation: Rc<Relation>,
}

#[derive(Debug, Default)]
pub struct Scope<'p> {
    pub parent: Option<&'p Scope<'p>>,
    pub bounds: Vec<Bound>,
    /// The columns that `*` means, in its order: a column of USING stands here once.
    pub visible: Vec<Column>,
    pub open: Vec<Open>,
    /// Names of the SELECT list.
    pub aliases: Vec<Column>,
    pub windows: Vec<Column>,
    /// Parameters of a lambda, in lower case.
    pub parameters: Vec<String>,
    /// What decides about the rows of this SELECT.
    pub rows: Gather,
}

impl<'p> Scope<'p> {
    pub fn inside(parent: Option<&'p Scope<'p>>) -> Self {
        Scope {
            parent,
            ..Scope::default()
        }
    }

    pub fn chain<'s>(&'s self) -> impl Iterator<Item = &'s Scope<'p>> + 's
    where
        'p: 's,
    {
        std::iter::successors(Some(self), |scope| scope.parent)
    }

    /// The relation that `qualifier`, in lower case, names in this scope alone.
    pub fn bound(&self, qualifier: &[String]) -> Option<&Bound> {
        self.bounds
            .iter()
            .find(|bound| !bound.path.is_empty() && bound.path.ends_with(qualifier))
    }

    /// All columns in reach of the nearest FROM.
    pub fn all_near(&self) -> Origin {
        let mut all = Gather::default();
        if let Some(scope) = self.chain().find(|scope| !scope.bounds.is_empty()) {
            all.add_all(scope.visible.iter().map(|column| &column.origin));
            all.add_all(scope.open.iter().filter_map(|open| match open {
                Open::Of(origin) => Some(origin),
                Open::Table(_) => None,
            }));
        }
        all.inexact();
        all.finish()
    }
}

/// The column of this name among `columns`. Of several that are alike it is made of all, and not exact.
pub fn find<'c>(columns: impl IntoIterator<Item = &'c Column>, wanted: &Wanted) -> Option<Origin> {
    let alike: Vec<&Column> = columns
        .into_iter()
        .filter(|column| column.name.key.as_ref() == wanted.key)
        .collect();
    if let [only] = alike.as_slice() {
        return Some(only.origin.clone());
    }
    let same_case: Vec<&&Column> = alike.iter().filter(|column| column.name.text.as_ref() == wanted.strict).collect();
    let meant: Vec<&Column> = if same_case.is_empty() {
        alike
    } else {
        same_case.into_iter().copied().collect()
    };
    let (first, others) = meant.split_first()?;
    let mut all = Gather::default();
    all.add(&first.origin);
    for other in others {
        if !other.origin.same_as(&first.origin) {
            all.inexact();
        }
        all.add(&other.origin);
    }
    Some(all.finish())
}
