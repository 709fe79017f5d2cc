//! What the value of an expression is made of.

use sqlparser::ast::{
    AccessExpr, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, LambdaFunction, LambdaSyntax, ObjectNamePart,
    WindowType,
};

use super::facts;
use super::lookup::Aliases;
use super::operands::{accesses, any, argument, clauses, operands, orders, window};
use super::origin::{Gather, Origin};
use super::resolver::Resolver;
use super::scope::{Scope, Wanted, find};
use crate::sql::dialect::SqlDialect;
use crate::sql::walk::unquoted;

/// How an expression is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    pub aliases: Aliases,
    /// Only what stands outside aggregates: what GROUP BY ALL groups by.
    pub outside_aggregates: bool,
}

impl Reading {
    pub const VALUE: Reading = Reading {
        aliases: Aliases::Last,
        outside_aggregates: false,
    };
    pub const BOTH: Reading = Reading {
        aliases: Aliases::Both,
        outside_aggregates: false,
    };
    pub const OUTSIDE_AGGREGATES: Reading = Reading {
        aliases: Aliases::Last,
        outside_aggregates: true,
    };
}

impl Resolver<'_> {
    pub fn value(&mut self, expr: &Expr, scope: &Scope) -> Origin {
        let mut all = Gather::default();
        self.gather(expr, scope, Reading::VALUE, &mut all);
        all.finish()
    }

    /// Adds to `into` what `expr` is made of. A chain of operators is as deep as it is long: it is walked, not recursed into.
    pub fn gather(&mut self, expr: &Expr, scope: &Scope, reading: Reading, into: &mut Gather) {
        let mut todo = vec![expr];
        while let Some(expr) = todo.pop() {
            match expr {
                Expr::Identifier(ident) => into.add(&self.identifier(ident, scope, reading.aliases)),
                Expr::CompoundIdentifier(idents) => into.add(&self.compound(idents, scope)),
                Expr::CompoundFieldAccess { root, access_chain } => match leading_names(root, access_chain, scope) {
                    Some((idents, rest)) => {
                        into.add(&self.compound(&idents, scope));
                        accesses(rest, &mut todo);
                    }
                    None => operands(expr, &mut todo),
                },
                Expr::Function(function) => self.function(function, scope, reading, into, &mut todo),
                Expr::Subquery(query) => {
                    let relation = self.query(query, Some(scope), None);
                    into.add_all(relation.columns.iter().map(|column| &column.origin));
                    into.add(&relation.rows);
                }
                Expr::InSubquery { expr, subquery, .. } => {
                    let relation = self.query(subquery, Some(scope), None);
                    into.add_all(relation.columns.iter().map(|column| &column.origin));
                    into.add(&relation.rows);
                    todo.push(expr);
                }
                // Only whether there is a row matters.
                Expr::Exists { subquery, .. } => into.add(&self.query(subquery, Some(scope), None).rows),
                Expr::Lambda(lambda) => self.lambda(lambda, scope, reading, into),
                Expr::Wildcard(_) => self.every_column(scope, into),
                Expr::QualifiedWildcard(name, _) => self.argument_star(&name.0, scope, into),
                Expr::MatchAgainst { columns, .. } => {
                    for column in columns {
                        let idents: Vec<Ident> = column.0.iter().filter_map(ObjectNamePart::as_ident).cloned().collect();
                        match idents.as_slice() {
                            [only] => into.add(&self.identifier(only, scope, reading.aliases)),
                            [] => into.inexact(),
                            _ => into.add(&self.compound(&idents, scope)),
                        }
                    }
                }
                _ => operands(expr, &mut todo),
            }
        }
    }

    fn function<'e>(&mut self, function: &'e Function, scope: &Scope, reading: Reading, into: &mut Gather, todo: &mut Vec<&'e Expr>) {
        let idents: Vec<Ident> = function.name.0.iter().filter_map(ObjectNamePart::as_ident).cloned().collect();
        let lower = idents.last().map(|own| unquoted(own).to_ascii_lowercase()).unwrap_or_default();
        if reading.outside_aggregates && function.over.is_none() && facts::is_aggregate(&lower) {
            return;
        }
        // `name.upper()`: the function of a value, where a column has this name.
        if let [value @ .., _] = idents.as_slice()
            && let Some(first) = value.first()
            && scope
                .chain()
                .any(|scope| find(&scope.visible, &Wanted::new(first, self.dialect)).is_some())
        {
            match value {
                [only] => into.add(&self.identifier(only, scope, reading.aliases)),
                _ => into.add(&self.compound(value, scope)),
            }
        }
        for arguments in [&function.parameters, &function.args] {
            match arguments {
                FunctionArguments::None => {}
                FunctionArguments::Subquery(query) => {
                    let relation = self.query(query, Some(scope), None);
                    into.add_all(relation.columns.iter().map(|column| &column.origin));
                    into.add(&relation.rows);
                }
                FunctionArguments::List(list) => {
                    for (place, arg) in list.args.iter().enumerate() {
                        if !self.is_unit(&lower, place, arg) {
                            self.argument(&lower, argument(arg), scope, into, todo);
                        }
                    }
                    clauses(&list.clauses, todo);
                }
            }
        }
        orders(&function.within_group, todo);
        todo.extend(function.filter.as_deref());
        match &function.over {
            None => {}
            Some(WindowType::WindowSpec(spec)) => {
                if let Some(name) = &spec.window_name {
                    self.named_window(name, scope, into);
                }
                window(spec, todo);
            }
            Some(WindowType::NamedWindow(name)) => self.named_window(name, scope, into),
        }
    }

    fn argument<'e>(&mut self, function: &str, arg: &'e FunctionArgExpr, scope: &Scope, into: &mut Gather, todo: &mut Vec<&'e Expr>) {
        match arg {
            FunctionArgExpr::Expr(expr) => todo.push(expr),
            // count(*) counts rows: it needs no column.
            FunctionArgExpr::Wildcard | FunctionArgExpr::WildcardWithOptions(_) if function == "count" => {}
            FunctionArgExpr::Wildcard => self.every_column(scope, into),
            FunctionArgExpr::WildcardWithOptions(options) => {
                let chosen = self.star(options, scope);
                chosen.iter().for_each(|column| self.mark(&column.origin));
                into.add_all(chosen.iter().map(|column| &column.origin));
            }
            FunctionArgExpr::QualifiedWildcard(name) => self.argument_star(&name.0, scope, into),
        }
    }

    /// `DATEADD(day, 1, x)`: no column, whatever the table has.
    fn is_unit(&self, function: &str, place: usize, arg: &FunctionArg) -> bool {
        matches!(argument(arg), FunctionArgExpr::Expr(Expr::Identifier(ident))
            if ident.quote_style.is_none()
                && facts::takes_unit_at(function, place, self.dialect)
                && facts::is_unit(&ident.value.to_ascii_lowercase()))
    }

    fn named_window(&mut self, name: &Ident, scope: &Scope, into: &mut Gather) {
        let wanted = Wanted::new(name, self.dialect);
        match scope.chain().find_map(|scope| find(&scope.windows, &wanted)) {
            Some(origin) => into.add(&origin),
            None => into.inexact(),
        }
    }

    /// `x -> x + 1`; in DuckDB `j -> '$.a'` looks the same and takes a field out of the column `j`.
    fn lambda(&mut self, lambda: &LambdaFunction, scope: &Scope, reading: Reading, into: &mut Gather) {
        let parameters: Vec<&Ident> = lambda.params.iter().map(|parameter| &parameter.name).collect();
        if let ([only], LambdaSyntax::Arrow) = (parameters.as_slice(), &lambda.syntax) {
            let key = unquoted(only).to_ascii_lowercase();
            let names = |ident: &Ident| unquoted(ident).to_ascii_lowercase() == key;
            let uses = any(&lambda.body, &mut |expr| match expr {
                Expr::Identifier(ident) => names(ident),
                Expr::CompoundIdentifier(idents) => idents.first().is_some_and(names),
                Expr::Subquery(_) | Expr::InSubquery { .. } | Expr::Exists { .. } => true,
                _ => false,
            });
            if !uses && let Some(origin) = self.by_name(&Wanted::new(only, self.dialect), scope, reading.aliases) {
                self.mark(&origin);
                into.add(&origin);
            }
        }
        let mut inner = Scope::inside(Some(scope));
        inner.parameters = parameters.into_iter().map(|name| unquoted(name).to_ascii_lowercase()).collect();
        self.deeper(|resolver| resolver.gather(&lambda.body, &inner, reading, into));
    }

    /// `hash(*)`
    fn every_column(&mut self, scope: &Scope, into: &mut Gather) {
        for column in &scope.visible {
            self.mark(&column.origin);
            into.add(&column.origin);
        }
    }

    /// `hash(t.*)`
    fn argument_star(&mut self, name: &[ObjectNamePart], scope: &Scope, into: &mut Gather) {
        let qualifier: Vec<String> = name
            .iter()
            .filter_map(ObjectNamePart::as_ident)
            .map(|part| unquoted(part).to_ascii_lowercase())
            .collect();
        match scope.chain().find_map(|scope| scope.bound(&qualifier)) {
            Some(bound) => {
                let row = bound.relation.whole_row();
                self.mark(&row);
                into.add(&row);
            }
            None => into.inexact(),
        }
    }

    /// The unit of DuckDB's COLUMNS is a pattern: which columns it takes only the system knows.
    pub fn has_columns_pattern(&self, expr: &Expr) -> bool {
        self.dialect == SqlDialect::DuckDb && any(expr, &mut |expr| is_columns(expr))
    }
}

pub fn is_columns(expr: &Expr) -> bool {
    matches!(expr, Expr::Function(function) if function.name.to_string().eq_ignore_ascii_case("columns"))
}

/// `a.b[1].c`: the names it begins with. `(t).x` begins with the row of a relation.
fn leading_names<'e>(root: &'e Expr, chain: &'e [AccessExpr], scope: &Scope) -> Option<(Vec<Ident>, &'e [AccessExpr])> {
    let mut idents = match root {
        Expr::Identifier(ident) => vec![ident.clone()],
        Expr::CompoundIdentifier(idents) => idents.clone(),
        Expr::Nested(inner) => match inner.as_ref() {
            Expr::Identifier(ident) => {
                let key = unquoted(ident).to_ascii_lowercase();
                scope.chain().find_map(|scope| scope.bound(std::slice::from_ref(&key)))?;
                vec![ident.clone()]
            }
            _ => return None,
        },
        _ => return None,
    };
    let named = chain
        .iter()
        .take_while(|access| matches!(access, AccessExpr::Dot(Expr::Identifier(_))))
        .count();
    for access in &chain[..named] {
        if let AccessExpr::Dot(Expr::Identifier(ident)) = access {
            idents.push(ident.clone());
        }
    }
    (idents.len() > 1).then_some((idents, &chain[named..]))
}
