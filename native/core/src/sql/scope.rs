//! Which names are common table expressions at a point of the query.

use sqlparser::ast::{SetOperator, SetQuantifier};

/// Whether a common table expression that may refer to itself does so behind this set operation. DuckDB takes UNION BY NAME for no
/// recursion: there the name inside is a table.
pub fn recurs(operator: SetOperator, quantifier: SetQuantifier) -> bool {
    operator == SetOperator::Union && matches!(quantifier, SetQuantifier::All | SetQuantifier::Distinct | SetQuantifier::None)
}

/// Scopes from the outermost to the innermost. A name that is a CTE here is no table; elsewhere it may be one.
#[derive(Debug, Default)]
pub struct Scopes {
    stack: Vec<Vec<String>>,
}

impl Scopes {
    pub fn enter(&mut self) {
        self.stack.push(Vec::new());
    }

    pub fn leave(&mut self) {
        self.stack.pop();
    }

    /// The name as `SqlDialect::same_name` writes it.
    pub fn define(&mut self, name: String) {
        if let Some(scope) = self.stack.last_mut() {
            scope.push(name);
        }
    }

    pub fn holds(&self, name: &str) -> bool {
        self.stack.iter().flatten().any(|known| known == name)
    }
}
