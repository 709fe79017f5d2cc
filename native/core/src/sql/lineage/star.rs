//! `*` and what it may leave out, replace and rename.

use sqlparser::ast::{
    ExcludeSelectItem, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, RenameSelectItem, SelectItemQualifiedWildcardKind,
    Value, WildcardAdditionalOptions,
};

use super::origin::{Gather, Origin};
use super::relation::{Column, Open, STAR};
use super::resolver::Resolver;
use super::schema::Name;
use super::scope::{Scope, Wanted};
use super::value::{Reading, is_columns};
use crate::sql::walk::unquoted;

impl Resolver<'_> {
    /// The columns of `*`.
    pub fn star(&mut self, options: &WildcardAdditionalOptions, scope: &Scope) -> Vec<Column> {
        let mut columns = scope.visible.clone();
        // A join that is too wide to follow has no list of columns.
        if columns.is_empty() && !scope.open.is_empty() {
            columns.push(Column::new(STAR, scope.all_near()));
        }
        self.chosen(columns, options, scope)
    }

    /// The columns of `t.*`, and where those come from that are not known.
    pub fn qualified_star(
        &mut self,
        of: &SelectItemQualifiedWildcardKind,
        options: &WildcardAdditionalOptions,
        scope: &Scope,
    ) -> (Vec<Column>, Vec<Open>) {
        let expr = match of {
            SelectItemQualifiedWildcardKind::ObjectName(name) => {
                let idents: Vec<Ident> = name.0.iter().filter_map(|part| part.as_ident().cloned()).collect();
                let qualifier: Vec<String> = idents.iter().map(|part| unquoted(part).to_ascii_lowercase()).collect();
                if let Some(bound) = scope.chain().find_map(|scope| scope.bound(&qualifier)) {
                    let (columns, open) = (bound.relation.columns.clone(), bound.relation.open.clone());
                    return (self.chosen(columns, options, scope), open);
                }
                match idents.as_slice() {
                    [only] => Expr::Identifier(only.clone()),
                    _ => Expr::CompoundIdentifier(idents),
                }
            }
            SelectItemQualifiedWildcardKind::Expr(expr) => match expr {
                Expr::Nested(inner) => (**inner).clone(),
                _ => expr.clone(),
            },
        };
        if let Expr::Identifier(ident) = &expr
            && let Some(bound) = scope.chain().find_map(|scope| scope.bound(&[unquoted(ident).to_ascii_lowercase()]))
        {
            let (columns, open) = (bound.relation.columns.clone(), bound.relation.open.clone());
            return (self.chosen(columns, options, scope), open);
        }
        // The fields of a value: how many there are its type says.
        let origin = self.value(&expr, scope).inexact();
        (vec![Column::new(STAR, origin.clone())], vec![Open::Of(origin)])
    }

    fn chosen(&mut self, mut columns: Vec<Column>, options: &WildcardAdditionalOptions, scope: &Scope) -> Vec<Column> {
        if let Some(ilike) = &options.opt_ilike {
            columns.retain(|column| is_like(&column.name.key, &ilike.pattern.to_ascii_lowercase()));
        }
        let left_out = left_out(options);
        if !left_out.is_empty() {
            columns.retain(|column| !left_out.iter().any(|name| *name == *column.name.key));
        }
        for item in options.opt_replace.iter().flat_map(|replace| &replace.items) {
            let origin = self.value(&item.expr, scope);
            let key = unquoted(&item.column_name).to_ascii_lowercase();
            for column in columns.iter_mut().filter(|column| *column.name.key == *key) {
                column.origin = origin.clone();
            }
        }
        let renames = match &options.opt_rename {
            None => &[],
            Some(RenameSelectItem::Single(one)) => std::slice::from_ref(one),
            Some(RenameSelectItem::Multiple(many)) => many.as_slice(),
        };
        for rename in renames {
            let key = unquoted(&rename.ident).to_ascii_lowercase();
            for column in columns.iter_mut().filter(|column| *column.name.key == *key) {
                column.name = Name::new(&unquoted(&rename.alias));
            }
        }
        columns
    }

    /// An item with DuckDB's COLUMNS(…): one column for each that it takes. A pattern is not followed: it may take any of them.
    pub fn columns_pattern(&mut self, expr: &Expr, alias: Option<&Ident>, scope: &Scope) -> (Vec<Column>, Vec<Open>) {
        let mut beside = Gather::default();
        let mut taken: Option<Option<Vec<Column>>> = None;
        super::operands::any(expr, &mut |part| {
            if is_columns(part) && taken.is_none() {
                taken = Some(self.taken(part, scope));
            }
            false
        });
        // What stands beside it goes into each.
        self.gather_beside_columns(expr, scope, &mut beside);
        let beside = beside.finish();
        match taken.flatten() {
            Some(columns) => {
                let made = columns.into_iter().map(|column| {
                    self.mark(&column.origin);
                    let mut all = Gather::default();
                    all.add(&column.origin);
                    all.add(&beside);
                    let name = alias.map_or_else(|| column.name.clone(), |alias| Name::new(&unquoted(alias)));
                    Column {
                        name,
                        origin: all.finish(),
                    }
                });
                (made.collect(), Vec::new())
            }
            None => {
                let mut all = Gather::default();
                all.add(&beside);
                all.add_all(scope.visible.iter().map(|column| &column.origin));
                let origin = all.finish().inexact();
                self.mark(&origin);
                (vec![Column::new(STAR, origin.clone())], vec![Open::Of(origin)])
            }
        }
    }

    /// None where a pattern or a lambda chooses.
    fn taken(&mut self, columns: &Expr, scope: &Scope) -> Option<Vec<Column>> {
        let Expr::Function(function) = columns else { return None };
        let FunctionArguments::List(list) = &function.args else {
            return None;
        };
        match list.args.as_slice() {
            [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] => Some(self.star(&WildcardAdditionalOptions::default(), scope)),
            [FunctionArg::Unnamed(FunctionArgExpr::WildcardWithOptions(options))] => Some(self.star(options, scope)),
            [FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(name))] => {
                let of = SelectItemQualifiedWildcardKind::ObjectName(name.clone());
                Some(self.qualified_star(&of, &WildcardAdditionalOptions::default(), scope).0)
            }
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Array(array)))] => array
                .elem
                .iter()
                .map(|element| match element {
                    Expr::Value(value) => match &value.value {
                        Value::SingleQuotedString(name) => {
                            let wanted = Wanted::new(&Ident::with_quote('"', name.clone()), self.dialect);
                            let origin = super::scope::find(&scope.visible, &wanted)?;
                            Some(Column::new(name, origin))
                        }
                        _ => None,
                    },
                    _ => None,
                })
                .collect(),
            _ => None,
        }
    }

    fn gather_beside_columns(&mut self, expr: &Expr, scope: &Scope, into: &mut Gather) {
        match expr {
            _ if is_columns(expr) => {}
            Expr::Function(function) if super::operands::any(expr, &mut |part| is_columns(part)) => {
                if let FunctionArguments::List(list) = &function.args {
                    for arg in &list.args {
                        if let FunctionArgExpr::Expr(arg) = super::operands::argument(arg) {
                            self.gather_beside_columns(arg, scope, into);
                        }
                    }
                }
                let mut rest = function.clone();
                rest.args = FunctionArguments::None;
                self.gather(&Expr::Function(rest), scope, Reading::VALUE, into);
            }
            _ if super::operands::any(expr, &mut |part| is_columns(part)) => {
                let mut parts = Vec::new();
                super::operands::operands(expr, &mut parts);
                for part in parts {
                    self.deeper(|resolver| resolver.gather_beside_columns(part, scope, into));
                }
            }
            _ => self.gather(expr, scope, Reading::VALUE, into),
        }
    }
}

/// The names of EXCLUDE and EXCEPT, in lower case.
fn left_out(options: &WildcardAdditionalOptions) -> Vec<String> {
    let mut names = excluded(options.opt_exclude.as_ref());
    if let Some(except) = &options.opt_except {
        names.push(unquoted(&except.first_element).to_ascii_lowercase());
        names.extend(except.additional_elements.iter().map(|name| unquoted(name).to_ascii_lowercase()));
    }
    names
}

pub fn excluded(exclude: Option<&ExcludeSelectItem>) -> Vec<String> {
    let names = match exclude {
        None => &[],
        Some(ExcludeSelectItem::Single(one)) => std::slice::from_ref(one),
        Some(ExcludeSelectItem::Multiple(many)) => many.as_slice(),
    };
    let last = |name: &sqlparser::ast::ObjectName| name.0.last().and_then(|part| part.as_ident()).map(unquoted);
    names.iter().filter_map(last).map(|name| name.to_ascii_lowercase()).collect()
}

/// SQL's LIKE without an escape: `%` is any text, `_` any character.
fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    // Which prefixes of the pattern fit the text read so far.
    let mut fits = vec![false; pattern.len() + 1];
    fits[0] = true;
    for place in 0..pattern.len() {
        fits[place + 1] = fits[place] && pattern[place] == '%';
    }
    for letter in text {
        let mut next = vec![false; pattern.len() + 1];
        for (place, sign) in pattern.iter().enumerate() {
            next[place + 1] = match sign {
                '%' => next[place] || fits[place + 1],
                '_' => fits[place],
                sign => fits[place] && *sign == letter,
            };
        }
        fits = next;
    }
    fits[pattern.len()]
}

/// A column whose origin does not depend on any.
pub fn constant(name: &str) -> Column {
    Column::new(name, Origin::none())
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn like_reads_its_signs() {
        assert!(is_like("order_id", "%id") && is_like("order_id", "order__d") && is_like("", "%"));
        assert!(!is_like("order_id", "%id_") && !is_like("order", "orde") && is_like("abc", "%b%"));
    }
}
