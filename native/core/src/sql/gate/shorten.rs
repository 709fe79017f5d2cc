//! Names that say where a table is, once an alias stands for it.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Ident, Select, SelectItem, SelectItemQualifiedWildcardKind, VisitorMut};

use super::super::walk::unquoted;

/// `schema.table.column` has no meaning once an alias stands for the table: its path goes.
pub struct Shorten<'a> {
    pub paths: &'a [Vec<Ident>],
}

impl Shorten<'_> {
    /// How many parts of a name are the path of a table, without the table's own name.
    fn path_of(&self, names: &[Ident]) -> Option<usize> {
        let same = |a: &Ident, b: &Ident| unquoted(a).eq_ignore_ascii_case(&unquoted(b));
        let path = self
            .paths
            .iter()
            .find(|path| names.len() >= path.len() && path.iter().zip(names).all(|(a, b)| same(a, b)))?;
        Some(path.len() - 1)
    }
}

impl VisitorMut for Shorten<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::CompoundIdentifier(names) = expr {
            if let Some(cut) = self.path_of(names).filter(|cut| names.len() > cut + 1) {
                names.drain(..cut);
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        for item in &mut select.projection {
            if let SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) = item {
                let names: Vec<Ident> = name.0.iter().filter_map(|part| part.as_ident().cloned()).collect();
                if let Some(cut) = self.path_of(&names) {
                    name.0.drain(..cut);
                }
            }
        }
        ControlFlow::Continue(())
    }
}
