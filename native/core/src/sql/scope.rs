//! Which names are common table expressions at a point of the query.

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

    pub fn define(&mut self, name: &str) {
        if let Some(scope) = self.stack.last_mut() {
            scope.push(name.to_lowercase());
        }
    }

    pub fn holds(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.stack.iter().any(|scope| scope.contains(&name))
    }
}
