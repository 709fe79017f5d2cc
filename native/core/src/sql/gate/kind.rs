//! What kind of value an expression has, where it is sure that no row can make it raise an error.

use std::collections::HashMap;

use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Query, Select,
    SelectItem, SetExpr, UnaryOperator, Value,
};

use super::super::dialect::SqlDialect;
use super::super::walk::unquoted;
use super::options::ColumnType;
use super::readable::readable_as;

/// Texts and numbers of the query itself count as what they can be read as without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Of(ColumnType),
    /// A double, which every number is compared with safely.
    Double,
    /// A whole number of at most 15 digits in the query.
    Whole,
    /// A short decimal number in the query.
    Decimal,
    /// A text in the query; the type says what else it can be read as.
    Text(Option<ColumnType>),
    Null,
}

const BOOLEAN: Kind = Kind::Of(ColumnType::Boolean);
const INTEGER: Kind = Kind::Of(ColumnType::Integer);
const STRING: Kind = Kind::Of(ColumnType::String);

/// Functions of one text that no text makes raise.
const TEXT_TO_TEXT: [&str; 7] = ["lower", "upper", "trim", "ltrim", "rtrim", "lcase", "ucase"];
const TEXT_TO_NUMBER: [&str; 4] = ["length", "char_length", "character_length", "len"];
const PARTS_OF_DATE: [&str; 8] = ["year", "quarter", "month", "week", "day", "dayofweek", "dayofmonth", "dayofyear"];
const COUNTS: [&str; 7] = [
    "count",
    "row_number",
    "rank",
    "dense_rank",
    "ntile",
    "approx_count_distinct",
    "count_if",
];
const SAME: [&str; 8] = ["min", "max", "first_value", "last_value", "lag", "lead", "any_value", "mode"];
const DOUBLES: [&str; 9] = [
    "avg",
    "mean",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "variance",
    "var_pop",
    "var_samp",
    "percent_rank",
];

pub struct Kinds {
    pub dialect: SqlDialect,
    /// Names of columns in lower case; `None` when a name may stand for values of several kinds, or for what may raise.
    pub names: HashMap<String, Option<Kind>>,
}

impl Kinds {
    /// Adds what a name may stand for. Whether that is news.
    pub fn add(&mut self, name: String, kind: Option<Kind>) -> bool {
        match self.names.get(&name).copied() {
            None => {
                self.names.insert(name, kind);
                true
            }
            Some(known) if known == kind => false,
            Some(None) => false,
            Some(Some(_)) => {
                self.names.insert(name, None);
                true
            }
        }
    }

    fn name(&self, name: &Ident) -> Option<Kind> {
        self.names.get(&unquoted(name).to_lowercase()).copied().flatten()
    }

    /// `grouped`: its aggregates are of its own query, so that what is computed from them stands above the filters too.
    pub fn of(&self, expr: &Expr, grouped: bool) -> Option<Kind> {
        let of = |expr: &Expr| self.of(expr, grouped);
        match expr {
            Expr::Identifier(name) => self.name(name),
            Expr::CompoundIdentifier(names) => match names.as_slice() {
                // `column.field` is a value of a kind that is not known.
                [of, name] if !self.names.contains_key(&unquoted(of).to_lowercase()) => self.name(name),
                _ => None,
            },
            Expr::Value(value) => literal(&value.value),
            Expr::TypedString(typed) => {
                let Value::SingleQuotedString(text) = &typed.value.value else {
                    return None;
                };
                self.written(text, &typed.data_type)
            }
            Expr::Nested(inner) => of(inner),
            Expr::Cast {
                kind: CastKind::Cast | CastKind::DoubleColon,
                expr,
                data_type,
                format: None,
                ..
            } => match (expr.as_ref(), data_type) {
                (Expr::Value(value), _) => match &value.value {
                    Value::SingleQuotedString(text) => self.written(text, data_type),
                    _ => None,
                },
                (inner, DataType::Text | DataType::Varchar(None) | DataType::String(None)) => of(inner).map(|_| STRING),
                _ => None,
            },
            Expr::IsNull(e) | Expr::IsNotNull(e) => of(e).map(|_| BOOLEAN),
            Expr::IsTrue(e) | Expr::IsNotTrue(e) | Expr::IsFalse(e) | Expr::IsNotFalse(e) | Expr::IsUnknown(e) | Expr::IsNotUnknown(e) => {
                self.boolean(e, grouped)
            }
            Expr::UnaryOp {
                op: UnaryOperator::Not,
                expr,
            } => self.boolean(expr, grouped),
            Expr::UnaryOp {
                op: UnaryOperator::Minus,
                expr,
            } => of(expr).filter(|kind| matches!(kind, Kind::Whole | Kind::Decimal)),
            Expr::IsDistinctFrom(a, b) | Expr::IsNotDistinctFrom(a, b) => self.compared(of(a)?, of(b)?),
            Expr::InList { expr, list, negated: _ } => {
                let own = of(expr)?;
                list.iter().try_fold(BOOLEAN, |_, item| self.compared(own, of(item)?))
            }
            Expr::Between {
                expr,
                low,
                high,
                negated: _,
            } => {
                let own = of(expr)?;
                self.compared(own, of(low)?)?;
                self.compared(own, of(high)?)
            }
            Expr::BinaryOp { left, op, right } => self.binary(expr, left, op, right, grouped),
            Expr::Like {
                expr,
                pattern,
                escape_char: None,
                any: false,
                negated: _,
            }
            | Expr::ILike {
                expr,
                pattern,
                escape_char: None,
                any: false,
                negated: _,
            } => match pattern.as_ref() {
                // A pattern that ends in the escape raises on the texts that reach its end.
                Expr::Value(value) => match &value.value {
                    Value::SingleQuotedString(pattern) if !pattern.contains('\\') => self.text(expr, grouped).map(|_| BOOLEAN),
                    _ => None,
                },
                _ => None,
            },
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => {
                let mut result = Kind::Null;
                for CaseWhen { condition, result: value } in conditions {
                    match operand {
                        Some(operand) => self.compared(of(operand)?, of(condition)?)?,
                        None => self.boolean(condition, grouped)?,
                    };
                    result = self.merged(result, of(value)?)?;
                }
                match else_result {
                    Some(value) => self.merged(result, of(value)?),
                    None => Some(result),
                }
            }
            Expr::Extract { expr, .. } => self.time(expr, grouped).map(|_| INTEGER),
            Expr::Trim {
                expr,
                trim_what: None,
                trim_characters: None,
                ..
            } => self.text(expr, grouped),
            Expr::Function(function) => self.function(function, grouped),
            Expr::Exists { .. } => Some(BOOLEAN),
            Expr::InSubquery { expr, subquery, .. } => {
                let own = of(expr)?;
                let (select, item) = only_item(subquery)?;
                self.compared(own, self.of(item, is_grouped(select))?)
            }
            Expr::Subquery(query) => {
                // Two rows raise an error: of one aggregate without groups there is one row.
                let (select, item) = only_item(query)?;
                (!is_grouped(select) && aggregates(item)).then(|| self.of(item, true)).flatten()
            }
            _ => None,
        }
    }

    pub fn boolean(&self, expr: &Expr, grouped: bool) -> Option<Kind> {
        self.of(expr, grouped).filter(|kind| matches!(kind, Kind::Null) || *kind == BOOLEAN)
    }

    fn text(&self, expr: &Expr, grouped: bool) -> Option<Kind> {
        self.of(expr, grouped)
            .filter(|kind| matches!(kind, Kind::Text(_)) || *kind == STRING)
            .map(|_| STRING)
    }

    fn time(&self, expr: &Expr, grouped: bool) -> Option<Kind> {
        self.of(expr, grouped)
            .filter(|kind| matches!(kind, Kind::Of(ColumnType::Date | ColumnType::Timestamp)))
    }

    fn binary(&self, whole: &Expr, left: &Expr, op: &BinaryOperator, right: &Expr, grouped: bool) -> Option<Kind> {
        use BinaryOperator as B;
        match op {
            B::And | B::Or => {
                self.boolean(left, grouped)?;
                self.boolean(right, grouped)
            }
            B::Eq | B::NotEq | B::Lt | B::LtEq | B::Gt | B::GtEq => self.compared(self.of(left, grouped)?, self.of(right, grouped)?),
            B::StringConcat if self.dialect != SqlDialect::MySql => {
                self.text(left, grouped)?;
                self.text(right, grouped)
            }
            B::Plus | B::Minus | B::Multiply | B::Divide if grouped && aggregates(whole) => Some(Kind::Double),
            _ => None,
        }
    }

    fn function(&self, function: &Function, grouped: bool) -> Option<Kind> {
        let name = function.name.to_string().to_lowercase();
        let name = name.as_str();
        let args: Vec<&Expr> = match &function.args {
            FunctionArguments::List(list) => list
                .args
                .iter()
                .filter_map(|arg| match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
                    _ => None,
                })
                .collect(),
            FunctionArguments::None | FunctionArguments::Subquery(_) => vec![],
        };
        // An aggregate raises nothing on the rows of a table: it is computed of those that pass the filter.
        if COUNTS.contains(&name) {
            return Some(INTEGER);
        }
        if DOUBLES.contains(&name) {
            return Some(Kind::Double);
        }
        if name == "sum" {
            return Some(Kind::Of(ColumnType::Number));
        }
        match (name, args.as_slice()) {
            (_, [arg, ..]) if SAME.contains(&name) => self.of(arg, grouped),
            (_, [arg]) if TEXT_TO_TEXT.contains(&name) => self.text(arg, grouped),
            (_, [arg]) if TEXT_TO_NUMBER.contains(&name) => self.text(arg, grouped).map(|_| INTEGER),
            (_, [arg]) if PARTS_OF_DATE.contains(&name) => self.time(arg, grouped).map(|_| INTEGER),
            ("coalesce" | "ifnull" | "nvl", [first, rest @ ..]) => rest
                .iter()
                .try_fold(self.of(first, grouped)?, |kind, arg| self.merged(kind, self.of(arg, grouped)?)),
            ("nullif", [a, b]) => {
                let own = self.of(a, grouped)?;
                self.compared(own, self.of(b, grouped)?).map(|_| own)
            }
            ("current_date", []) => Some(Kind::Of(ColumnType::Date)),
            ("round", [arg, ..]) if grouped && aggregates(arg) => Some(Kind::Double),
            _ => None,
        }
    }

    /// A text that is written as a value of a type.
    fn written(&self, text: &str, data_type: &DataType) -> Option<Kind> {
        let wanted = match data_type {
            DataType::Date => ColumnType::Date,
            DataType::Timestamp(..) | DataType::Datetime(_) => ColumnType::Timestamp,
            _ => return None,
        };
        let kind = readable_as(text)?;
        let fits = kind == wanted || (kind == ColumnType::Date && wanted == ColumnType::Timestamp);
        fits.then_some(Kind::Of(wanted))
    }

    /// Whether values of two kinds are compared without a cast that can raise.
    fn compared(&self, a: Kind, b: Kind) -> Option<Kind> {
        self.merged(a, b).map(|_| BOOLEAN)
    }

    /// The kind that values of both kinds come to.
    fn merged(&self, a: Kind, b: Kind) -> Option<Kind> {
        use ColumnType as C;
        // These compare numbers of any size without an error.
        let wide = matches!(self.dialect, SqlDialect::PostgreSql | SqlDialect::MySql | SqlDialect::Sqlite);
        match (a, b) {
            (Kind::Null, other) | (other, Kind::Null) => Some(other),
            (Kind::Of(C::Json), _) | (_, Kind::Of(C::Json)) => None,
            (Kind::Of(C::Number), Kind::Of(C::Number)) => wide.then_some(a),
            (Kind::Of(C::Integer), Kind::Of(C::Number)) | (Kind::Of(C::Number), Kind::Of(C::Integer)) => {
                wide.then_some(Kind::Of(C::Number))
            }
            (Kind::Of(C::Date), Kind::Of(C::Timestamp)) | (Kind::Of(C::Timestamp), Kind::Of(C::Date)) => {
                (self.dialect == SqlDialect::PostgreSql).then_some(Kind::Of(C::Timestamp))
            }
            (Kind::Of(C::String), Kind::Text(_)) | (Kind::Text(_), Kind::Of(C::String)) => Some(STRING),
            (Kind::Of(C::Timestamp), Kind::Text(Some(C::Date))) | (Kind::Text(Some(C::Date)), Kind::Of(C::Timestamp)) => {
                Some(Kind::Of(C::Timestamp))
            }
            (Kind::Of(kind), Kind::Text(Some(written))) | (Kind::Text(Some(written)), Kind::Of(kind)) => {
                (kind == written).then_some(Kind::Of(kind))
            }
            (Kind::Text(_), Kind::Text(_)) => Some(STRING),
            (Kind::Of(C::Integer | C::Number), Kind::Whole | Kind::Decimal) => Some(a),
            (Kind::Whole | Kind::Decimal, Kind::Of(C::Integer | C::Number)) => Some(b),
            (Kind::Whole | Kind::Decimal, Kind::Whole | Kind::Decimal) => Some(a),
            (Kind::Double, Kind::Of(C::Integer | C::Number) | Kind::Whole | Kind::Decimal | Kind::Double)
            | (Kind::Of(C::Integer | C::Number) | Kind::Whole | Kind::Decimal, Kind::Double) => Some(Kind::Double),
            (Kind::Of(a), Kind::Of(b)) if a == b => Some(Kind::Of(a)),
            _ => None,
        }
    }
}

fn literal(value: &Value) -> Option<Kind> {
    match value {
        Value::Null => Some(Kind::Null),
        Value::Boolean(_) => Some(BOOLEAN),
        Value::SingleQuotedString(text) => Some(Kind::Text(readable_as(text))),
        Value::Number(text, false) => match text.split_once('.') {
            None if text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit()) => Some(Kind::Whole),
            Some((whole, part)) => {
                let digits = |text: &str, most: usize| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
                (digits(whole, 9) && digits(part, 6)).then_some(Kind::Decimal)
            }
            None => None,
        },
        _ => None,
    }
}

/// The SELECT of a query and its one column.
fn only_item(query: &Query) -> Option<(&Select, &Expr)> {
    let SetExpr::Select(select) = query.body.as_ref() else {
        return None;
    };
    match select.projection.as_slice() {
        [SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }] => Some((select, expr)),
        _ => None,
    }
}

pub fn is_grouped(select: &Select) -> bool {
    match &select.group_by {
        sqlparser::ast::GroupByExpr::All(_) => true,
        sqlparser::ast::GroupByExpr::Expressions(keys, modifiers) => !keys.is_empty() || !modifiers.is_empty(),
    }
}

/// Whether an expression holds an aggregate or a window of its own query, so that it is computed above the filters.
pub fn aggregates(expr: &Expr) -> bool {
    match expr {
        Expr::Function(function) => {
            let name = function.name.to_string().to_lowercase();
            let name = name.as_str();
            let args = match &function.args {
                FunctionArguments::List(list) => list.args.as_slice(),
                FunctionArguments::None | FunctionArguments::Subquery(_) => &[],
            };
            function.over.is_some()
                || name == "sum"
                || COUNTS.contains(&name)
                || DOUBLES.contains(&name)
                || matches!(name, "min" | "max" | "median")
                || args.iter().any(|arg| match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => aggregates(expr),
                    _ => false,
                })
        }
        Expr::BinaryOp { left, right, .. } => aggregates(left) || aggregates(right),
        Expr::Nested(e) | Expr::UnaryOp { expr: e, .. } | Expr::Cast { expr: e, .. } => aggregates(e),
        _ => false,
    }
}
