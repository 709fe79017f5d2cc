//! From a name in an expression to what it is made of.

use std::rc::Rc;

use sqlparser::ast::Ident;

use super::facts;
use super::origin::{Gather, Origin};
use super::relation::{Open, Relation};
use super::resolver::Resolver;
use super::scope::{Scope, Wanted, find};
use super::unknown::{MAX_REPORTED, UnknownColumn, nearest};
use crate::sql::dialect::SqlDialect;

/// Whether a name means a column of FROM or one of the SELECT list, where both have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aliases {
    /// WHERE, GROUP BY, the SELECT list itself.
    Last,
    /// A bare name in ORDER BY.
    First,
    /// Inside expressions of ORDER BY, HAVING and QUALIFY systems differ: both, then.
    Both,
}

impl Resolver<'_> {
    /// `x`. Marks it as used; one that is unknown is reported, and made of all that is in reach.
    pub fn identifier(&mut self, ident: &Ident, scope: &Scope, aliases: Aliases) -> Origin {
        let wanted = Wanted::new(ident, self.dialect);
        let found = self.by_name(&wanted, scope, aliases);
        let origin = found.unwrap_or_else(|| self.not_found(ident, &wanted, scope));
        self.mark(&origin);
        origin
    }

    fn not_found(&mut self, ident: &Ident, wanted: &Wanted, scope: &Scope) -> Origin {
        let is_text = self.dialect == SqlDialect::Sqlite && ident.quote_style == Some('"');
        if is_text || (ident.quote_style.is_none() && facts::is_pseudo_column(&wanted.key, self.dialect)) {
            return Origin::none();
        }
        let named: Vec<&str> = scope
            .chain()
            .flat_map(|scope| scope.visible.iter().chain(&scope.aliases))
            .map(|column| column.name.text.as_ref())
            .collect();
        let within = match scope
            .chain()
            .find(|scope| !scope.bounds.is_empty())
            .map(|scope| scope.bounds.as_slice())
        {
            Some([only]) => only.path.last().cloned(),
            _ => None,
        };
        self.report(&wanted.text, &wanted.text, &named, within);
        scope.all_near()
    }

    /// `x`, None when nothing in reach has this name.
    pub fn by_name(&mut self, wanted: &Wanted, scope: &Scope, aliases: Aliases) -> Option<Origin> {
        let mut chain = scope.chain();
        while let Some(scope) = chain.next() {
            if !self.spend(1 + scope.visible.len() + scope.aliases.len()) {
                return Some(Origin::everything());
            }
            if scope.parameters.contains(&wanted.key) {
                return Some(Origin::none());
            }
            let column = || find(&scope.visible, wanted);
            let alias = || find(&scope.aliases, wanted);
            let found = match aliases {
                Aliases::Last => column().or_else(alias),
                Aliases::First => alias().or_else(column),
                Aliases::Both => both(column(), alias()),
            };
            if found.is_some() {
                return found;
            }
            // A relation's name stands for its whole row.
            if let Some(bound) = scope.bound(std::slice::from_ref(&wanted.key))
                && self.dialect != SqlDialect::MySql
            {
                return Some(bound.relation.whole_row());
            }
            if !scope.open.is_empty() {
                let outer = chain.next().and_then(|parent| self.by_name(wanted, parent, Aliases::Last));
                let here = self.open_column(&scope.open, &wanted.text);
                return Some(match outer {
                    None => here,
                    Some(outer) => union([&here, &outer]).inexact(),
                });
            }
        }
        None
    }

    /// A name that only a relation can have whose columns are not known: with several it may be any's.
    fn open_column(&mut self, open: &[Open], name: &str) -> Origin {
        let mut all = Gather::default();
        for one in open {
            match one {
                Open::Table(table) => all.add(&self.guessed_column(*table, name)),
                Open::Of(origin) => all.add(origin),
            }
        }
        if open.len() > 1 {
            all.inexact();
        }
        all.finish()
    }

    /// `t.x`, `s.t.x`, `x.field`, `t.x.field`.
    pub fn compound(&mut self, idents: &[Ident], scope: &Scope) -> Origin {
        let found = self.by_qualified_name(idents, scope);
        let origin = found.unwrap_or_else(|missing| {
            let name = idents.iter().map(crate::sql::walk::unquoted).collect::<Vec<_>>().join(".");
            match missing {
                Some((relation, within)) => {
                    let named: Vec<&str> = relation.columns.iter().map(|column| column.name.text.as_ref()).collect();
                    let column = idents.last().map(crate::sql::walk::unquoted).unwrap_or_default();
                    self.report(&name, &column, &named, Some(within));
                    relation.whole_row().inexact()
                }
                None => {
                    // Spark's `window.start`: of the times that GROUP BY window(…) names, whichever those are.
                    let is_window = idents
                        .first()
                        .is_some_and(|first| facts::is_window(&crate::sql::walk::unquoted(first), self.dialect));
                    if !is_window {
                        self.report(&name, &name, &[], None);
                    }
                    scope.all_near()
                }
            }
        });
        self.mark(&origin);
        origin
    }

    /// Err with the relation that was named and lacks the column, if one was.
    fn by_qualified_name(&mut self, idents: &[Ident], scope: &Scope) -> Result<Origin, Option<(Rc<Relation>, String)>> {
        let wanted: Vec<Wanted> = idents.iter().map(|ident| Wanted::new(ident, self.dialect)).collect();
        let keys: Vec<String> = wanted.iter().map(|part| part.key.clone()).collect();
        let mut missing = None;
        for scope in scope.chain() {
            if !self.spend(1 + scope.bounds.len() + scope.visible.len()) {
                return Ok(Origin::everything());
            }
            if scope.parameters.contains(&keys[0]) {
                return Ok(Origin::none());
            }
            for split in (1..keys.len().min(4)).rev() {
                let Some(bound) = scope.bound(&keys[..split]) else { continue };
                let relation = Rc::clone(&bound.relation);
                if let Some(origin) = self.column_of(&relation, &wanted[split]) {
                    return Ok(origin);
                }
                missing.get_or_insert_with(|| (relation, keys[..split].join(".")));
            }
            // A column whose value has fields.
            if let Some(origin) = find(&scope.visible, &wanted[0]).or_else(|| find(&scope.aliases, &wanted[0])) {
                return Ok(origin);
            }
            if missing.is_none() && !scope.open.is_empty() {
                return Ok(self.open_column(&scope.open, &wanted[0].text).inexact());
            }
        }
        Err(missing)
    }

    /// The column of a relation by its name.
    pub fn column_of(&mut self, relation: &Relation, wanted: &Wanted) -> Option<Origin> {
        if !self.spend(relation.columns.len()) {
            return Some(Origin::everything());
        }
        let open = |resolver: &mut Self| match relation.open.is_empty() {
            true => None,
            false => Some(resolver.open_column(&relation.open, &wanted.text)),
        };
        find(&relation.columns, wanted).or_else(|| open(self))
    }

    /// `name` as written, `column` its last part.
    fn report(&mut self, name: &str, column: &str, named: &[&str], within: Option<String>) {
        if self.unknown.len() >= MAX_REPORTED || self.unknown.iter().any(|known| known.name == name) {
            return;
        }
        let candidates = if self.spend(named.len() * 64) { named } else { &[] };
        self.unknown.push(UnknownColumn {
            name: name.to_string(),
            nearest: nearest(column, candidates.iter().copied()),
            within,
        });
    }
}

fn both(column: Option<Origin>, alias: Option<Origin>) -> Option<Origin> {
    match (column, alias) {
        (Some(column), Some(alias)) if !column.same_as(&alias) => Some(union([&column, &alias])),
        (column, alias) => column.or(alias),
    }
}

fn union<'o>(origins: impl IntoIterator<Item = &'o Origin>) -> Origin {
    let mut all = Gather::default();
    all.add_all(origins);
    all.finish()
}
