//! What may stand in an expression.

use sqlparser::ast::{
    AccessExpr, BinaryOperator, CaseWhen, CeilFloorKind, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArgumentList, FunctionArguments, Ident, Interval, JsonPathElem, LambdaFunction, ListAggOnOverflow, Subscript, UnaryOperator,
    Value, WindowFrame, WindowFrameBound, WindowSpec, WindowType,
};

use super::dialect::SqlDialect;
use super::functions;
use super::instead;
use super::refusal::{Code, Refusal};
use super::walk::{Checked, Walk, parts, unquoted};

/// Words that begin a clause in every system. After INTERVAL or NOT the parser takes one for a column, and the table behind it for an
/// alias: `SELECT INTERVAL FROM secret`.
const CLAUSES: [&str; 8] = ["except", "from", "having", "intersect", "into", "select", "union", "where"];
/// Words that several systems read as functions though they look like columns: they tell who asks and where.
const SESSION_WORDS: [&str; 12] = [
    "current_catalog",
    "current_database",
    "current_role",
    "current_schema",
    "current_schemas",
    "current_user",
    "localtimestamp_ntz",
    "session_user",
    "sqlcode",
    "sqlerrm",
    "system_user",
    "user",
];

impl Walk {
    pub(super) fn expr(&mut self, expr: &Expr) -> Checked {
        self.deeper(|walk| walk.expr_here(expr))
    }

    fn expr_here(&mut self, expr: &Expr) -> Checked {
        match expr {
            Expr::Identifier(name) => self.identifier(name),
            Expr::CompoundIdentifier(names) => {
                self.all(names, Self::not_a_variable)?;
                self.not_a_sequence(names)?;
                self.fields.qualified(names);
                names.last().into_iter().for_each(|name| self.column(name));
                Ok(())
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                self.expr(root)?;
                self.all(access_chain, |walk, access| match access {
                    // Postgres calls the function of that name when the value has no such field.
                    AccessExpr::Dot(field) if walk.dialect == SqlDialect::PostgreSql => Err(Refusal::instead(
                        "A field of a value",
                        "Name the column with its table, such as t.a, or take the field in a subquery.",
                        field,
                    )),
                    // A field's name, not a column's.
                    AccessExpr::Dot(Expr::Identifier(_)) => Ok(()),
                    AccessExpr::Dot(expr) => walk.expr(expr),
                    AccessExpr::Subscript(subscript) => walk.subscript(subscript),
                })
            }
            Expr::JsonAccess { value, path } => {
                self.expr(value)?;
                self.all(&path.path, |walk, element| match element {
                    JsonPathElem::Dot { .. } => Ok(()),
                    JsonPathElem::Bracket { key } => walk.expr(key),
                    JsonPathElem::ColonBracket { key } => walk.expr(key),
                })
            }
            Expr::IsFalse(e)
            | Expr::IsNotFalse(e)
            | Expr::IsTrue(e)
            | Expr::IsNotTrue(e)
            | Expr::IsNull(e)
            | Expr::IsNotNull(e)
            | Expr::IsUnknown(e)
            | Expr::IsNotUnknown(e)
            | Expr::Nested(e) => self.expr(e),
            Expr::IsDistinctFrom(a, b) | Expr::IsNotDistinctFrom(a, b) => self.both(a, b),
            Expr::InList { expr, list, negated: _ } => {
                self.expr(expr)?;
                self.all(list, Self::expr)
            }
            Expr::InSubquery {
                expr,
                subquery,
                negated: _,
            } => {
                self.expr(expr)?;
                self.query(subquery)
            }
            Expr::InUnnest {
                expr,
                array_expr,
                negated: _,
            } => self.both(expr, array_expr),
            Expr::Between {
                expr,
                negated: _,
                low,
                high,
            } => {
                self.expr(expr)?;
                self.both(low, high)
            }
            Expr::BinaryOp { left, op, right } => {
                self.operator(op)?;
                self.both(left, right)
            }
            Expr::AnyOp {
                left,
                compare_op,
                right,
                is_some: _,
            }
            | Expr::AllOp { left, compare_op, right } => {
                self.operator(compare_op)?;
                self.both(left, right)
            }
            Expr::Like {
                negated: _,
                any: _,
                expr,
                pattern,
                escape_char,
            }
            | Expr::ILike {
                negated: _,
                any: _,
                expr,
                pattern,
                escape_char,
            }
            | Expr::SimilarTo {
                negated: _,
                expr,
                pattern,
                escape_char,
            } => {
                self.both(expr, pattern)?;
                self.all(escape_char, |walk, e| walk.expr(e))
            }
            Expr::RLike {
                negated: _,
                expr,
                pattern,
                regexp: _,
            } => self.both(expr, pattern),
            Expr::UnaryOp { op, expr } => match op {
                UnaryOperator::Plus | UnaryOperator::Minus | UnaryOperator::Not | UnaryOperator::BitwiseNot => self.expr(expr),
                UnaryOperator::PGSquareRoot | UnaryOperator::PGCubeRoot | UnaryOperator::PGAbs
                    if self.dialect == SqlDialect::PostgreSql =>
                {
                    self.expr(expr)
                }
                UnaryOperator::BangNot => Err(Refusal::instead("The operator !", "Write NOT.", op)),
                _ => Err(Refusal::instead("This operator", "Write a function for it.", op)),
            },
            Expr::Cast {
                kind: _,
                expr,
                data_type,
                format: _,
            } => {
                self.data_type(data_type)?;
                self.expr(expr)
            }
            Expr::AtTimeZone { timestamp, time_zone } => self.both(timestamp, time_zone),
            Expr::Extract { field: _, syntax: _, expr } => self.expr(expr),
            Expr::Ceil { expr, field } | Expr::Floor { expr, field } => match field {
                CeilFloorKind::DateTimeField(_) => self.expr(expr),
                CeilFloorKind::Scale(scale) => {
                    self.value(&scale.value)?;
                    self.expr(expr)
                }
            },
            Expr::Position { expr, r#in } => self.both(expr, r#in),
            Expr::Substring {
                expr,
                substring_from,
                substring_for,
                special: _,
                shorthand: _,
            } => {
                self.expr(expr)?;
                self.all(substring_from, |walk, e| walk.expr(e))?;
                self.all(substring_for, |walk, e| walk.expr(e))
            }
            Expr::Trim {
                trim_where: _,
                trim_what,
                expr,
                trim_characters,
            } => {
                self.expr(expr)?;
                self.all(trim_what, |walk, e| walk.expr(e))?;
                self.all(trim_characters.iter().flatten(), Self::expr)
            }
            Expr::Overlay {
                expr,
                overlay_what,
                overlay_from,
                overlay_for,
            } => {
                self.both(expr, overlay_what)?;
                self.expr(overlay_from)?;
                self.all(overlay_for, |walk, e| walk.expr(e))
            }
            Expr::Collate { expr, collation: _ } => self.expr(expr),
            Expr::Value(value) => self.value(&value.value),
            Expr::TypedString(typed) => {
                self.data_type(&typed.data_type)?;
                self.value(&typed.value.value)
            }
            Expr::Function(function) => self.function(function),
            Expr::Case {
                case_token: _,
                end_token: _,
                operand,
                conditions,
                else_result,
            } => {
                self.all(operand, |walk, e| walk.expr(e))?;
                self.all(conditions, |walk, CaseWhen { condition, result }| walk.both(condition, result))?;
                self.all(else_result, |walk, e| walk.expr(e))
            }
            Expr::Exists { subquery, negated: _ } | Expr::Subquery(subquery) => self.query(subquery),
            Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => self.all(sets, |walk, set| walk.all(set, Self::expr)),
            Expr::Tuple(list) => self.all(list, Self::expr),
            Expr::Dictionary(fields) => self.all(fields, |walk, field| walk.expr(&field.value)),
            Expr::Map(map) => self.all(&map.entries, |walk, entry| walk.both(&entry.key, &entry.value)),
            Expr::Array(array) => self.all(&array.elem, Self::expr),
            Expr::Interval(Interval { value, .. }) => self.expr(value),
            Expr::Lambda(LambdaFunction {
                params: _,
                body,
                syntax: _,
            }) => self.expr(body),
            Expr::Struct { values, fields } if self.dialect == SqlDialect::Databricks && fields.is_empty() => {
                self.all(values, |walk, value| match value {
                    Expr::Named { expr, name: _ } => walk.expr(expr),
                    _ => walk.expr(value),
                })
            }
            Expr::Convert {
                is_try: false,
                expr,
                data_type,
                charset,
                target_before_value: false,
                styles,
            } if self.dialect == SqlDialect::MySql && styles.is_empty() => {
                self.all(charset, |_, name| parts(name).map(drop))?;
                self.all(data_type, |walk, t| walk.data_type(t))?;
                self.expr(expr)
            }
            // The row above in CONNECT BY.
            Expr::Prior(expr) if self.dialect == SqlDialect::Snowflake => self.expr(expr),
            Expr::Convert { .. } => Err(Refusal::instead("CONVERT", "Write CAST(… AS …).", expr)),
            Expr::MatchAgainst { .. } => Err(Refusal::instead("MATCH … AGAINST", "Write LIKE or a regular expression.", expr)),
            Expr::OuterJoin(_) => Err(Refusal::instead("(+)", "Write LEFT JOIN.", expr)),
            Expr::Prefixed { .. } => Err(Refusal::instead("A prefix before a text", "Write the text alone.", expr)),
            Expr::MemberOf(_) => Err(Refusal::instead("MEMBER OF", "Write JSON_CONTAINS(…).", expr)),
            Expr::Struct { .. } => Err(Refusal::instead("STRUCT", "Write the fields as columns.", expr)),
            Expr::IsJson { .. }
            | Expr::IsNormalized { .. }
            | Expr::Named { .. }
            | Expr::Wildcard(_)
            | Expr::QualifiedWildcard(..)
            | Expr::Prior(_) => Err(Refusal::syntax("This expression", expr)),
        }
    }

    fn both(&mut self, a: &Expr, b: &Expr) -> Checked {
        self.expr(a)?;
        self.expr(b)
    }

    fn identifier(&mut self, name: &Ident) -> Checked {
        self.not_a_variable(name)?;
        let word = name.value.to_lowercase();
        if name.quote_style.is_none() && CLAUSES.contains(&word.as_str()) {
            let reason = format!("{} stands where a value should. Complete the expression before it.", name.value);
            return Err(Refusal::new(Code::SyntaxNotAllowed, reason, &name.value));
        }
        if name.quote_style.is_none() && SESSION_WORDS.contains(&word.as_str()) {
            return Err(Refusal::new(
                Code::FunctionNotAllowed,
                format!("{name} tells about the session; it is not allowed. Leave it out."),
                &name.value,
            ));
        }
        self.column(name);
        Ok(())
    }

    fn not_a_variable(&mut self, name: &Ident) -> Checked {
        if name.value.starts_with(['@', '$', ':']) {
            return Err(Refusal::new(
                Code::SyntaxNotAllowed,
                format!("The variable {name} is not allowed. Write its value."),
                &name.value,
            ));
        }
        Ok(())
    }

    /// Snowflake takes the next number of a sequence by what looks like a column: that is a write. A column of this name can
    /// not be told from it.
    fn not_a_sequence(&mut self, names: &[Ident]) -> Checked {
        match names {
            [.., name] if self.dialect == SqlDialect::Snowflake && unquoted(name).eq_ignore_ascii_case("nextval") => Err(Refusal::new(
                Code::NotReadOnly,
                "NEXTVAL moves a sequence on; it may not run here. Number rows with row_number() OVER (ORDER BY …).",
                &names.iter().map(Ident::to_string).collect::<Vec<_>>().join("."),
            )),
            _ => Ok(()),
        }
    }

    /// Operators compute a value from two. Not here: those an installation defines, and assignment.
    fn operator(&mut self, op: &BinaryOperator) -> Checked {
        use BinaryOperator as B;
        match op {
            B::Plus | B::Minus | B::Multiply | B::Divide | B::Modulo | B::DuckIntegerDivide | B::MyIntegerDivide | B::PGExp => Ok(()),
            B::Gt | B::Lt | B::GtEq | B::LtEq | B::Spaceship | B::Eq | B::NotEq | B::And | B::Or | B::Xor => Ok(()),
            B::BitwiseOr | B::BitwiseAnd | B::BitwiseXor | B::PGBitwiseXor | B::PGBitwiseShiftLeft | B::PGBitwiseShiftRight => Ok(()),
            B::StringConcat | B::Regexp | B::Glob | B::PGStartsWith | B::Overlaps | B::PGOverlap => Ok(()),
            B::PGRegexMatch | B::PGRegexIMatch | B::PGRegexNotMatch | B::PGRegexNotIMatch => Ok(()),
            B::PGLikeMatch | B::PGILikeMatch | B::PGNotLikeMatch | B::PGNotILikeMatch => Ok(()),
            B::Arrow | B::LongArrow | B::HashArrow | B::HashLongArrow | B::AtArrow | B::ArrowAt => Ok(()),
            B::HashMinus | B::AtQuestion | B::AtAt | B::Question | B::QuestionAnd | B::QuestionPipe => Ok(()),
            B::Assignment => Err(Refusal::instead("An assignment", "Only reading is: leave := out.", op)),
            _ => Err(Refusal::instead("This operator", "Write a function for it.", op)),
        }
    }

    fn subscript(&mut self, subscript: &Subscript) -> Checked {
        match subscript {
            Subscript::Index { index } => self.expr(index),
            Subscript::Slice {
                lower_bound,
                upper_bound,
                stride,
            } => {
                self.all(lower_bound, Self::expr)?;
                self.all(upper_bound, Self::expr)?;
                self.all(stride, Self::expr)
            }
        }
    }

    pub(super) fn value(&mut self, value: &Value) -> Checked {
        match value {
            Value::Number(..)
            | Value::SingleQuotedString(_)
            | Value::DoubleQuotedString(_)
            | Value::HexStringLiteral(_)
            | Value::Boolean(_)
            | Value::Null => Ok(()),
            Value::Placeholder(_) => Err(Refusal::instead(
                "A placeholder",
                "Write the value; a column without a name gets one by an alias such as AS v (a, b).",
                value,
            )),
            // To a system that does not know these quotes their inside is code.
            Value::DollarQuotedString(_) if matches!(self.dialect, SqlDialect::DuckDb | SqlDialect::PostgreSql) => Ok(()),
            // Snowflake has no tag between the dollars: `$a$` is a variable there, and what follows is code.
            Value::DollarQuotedString(text) if self.dialect == SqlDialect::Snowflake && text.tag.is_none() => Ok(()),
            Value::EscapedStringLiteral(_) | Value::UnicodeStringLiteral(_) if self.dialect == SqlDialect::PostgreSql => Ok(()),
            Value::DollarQuotedString(_)
            | Value::EscapedStringLiteral(_)
            | Value::UnicodeStringLiteral(_)
            | Value::NationalStringLiteral(_)
            | Value::TripleSingleQuotedString(_)
            | Value::TripleDoubleQuotedString(_)
            | Value::SingleQuotedByteStringLiteral(_)
            | Value::DoubleQuotedByteStringLiteral(_)
            | Value::TripleSingleQuotedByteStringLiteral(_)
            | Value::TripleDoubleQuotedByteStringLiteral(_)
            | Value::SingleQuotedRawStringLiteral(_)
            | Value::DoubleQuotedRawStringLiteral(_)
            | Value::TripleSingleQuotedRawStringLiteral(_)
            | Value::TripleDoubleQuotedRawStringLiteral(_)
            | Value::QuoteDelimitedStringLiteral(_)
            | Value::NationalQuoteDelimitedStringLiteral(_) => Err(Refusal::instead(
                "This kind of literal",
                "Write a text between single quotes.",
                value,
            )),
        }
    }

    fn function(&mut self, function: &Function) -> Checked {
        let Function {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment: _,
            over,
        } = function;
        let lower = match parts(name)?.as_slice() {
            [own] => unquoted(own).to_lowercase(),
            _ => String::new(),
        };
        if *uses_odbc_syntax || !functions::is_allowed(&lower, self.dialect) {
            return Err(instead::of_function(&name.to_string(), &lower, self.dialect));
        }
        if !matches!(parameters, FunctionArguments::None) {
            return Err(Refusal::instead(
                "A function with parameters",
                "Write them among its arguments.",
                name,
            ));
        }
        if lower == "columns" {
            // Which ones a pattern takes only the system knows.
            self.columns.insert("*".into());
        }
        self.functions.insert(lower.clone());
        match args {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(query) => self.query(query)?,
            FunctionArguments::List(FunctionArgumentList {
                duplicate_treatment: _,
                args,
                clauses,
            }) => {
                let counts = lower == "count";
                self.all(args, |walk, arg| match arg {
                    // count(*) counts rows; it takes no column.
                    FunctionArg::Unnamed(FunctionArgExpr::Wildcard | FunctionArgExpr::QualifiedWildcard(_)) if counts => Ok(()),
                    _ => walk.function_arg(arg),
                })?;
                self.all(clauses, Self::clause)?;
            }
        }
        self.all(within_group, Self::order)?;
        self.all(filter, |walk, e| walk.expr(e))?;
        match over {
            None | Some(WindowType::NamedWindow(_)) => Ok(()),
            Some(WindowType::WindowSpec(spec)) => self.window(spec),
        }
    }

    pub(super) fn function_arg(&mut self, arg: &FunctionArg) -> Checked {
        let value = match arg {
            FunctionArg::Named { name: _, arg, operator: _ } | FunctionArg::Unnamed(arg) => arg,
            FunctionArg::ExprNamed { .. } => return Err(Refusal::instead("A computed argument name", "Write the name itself.", arg)),
        };
        match value {
            FunctionArgExpr::Expr(expr) => self.expr(expr),
            FunctionArgExpr::Wildcard | FunctionArgExpr::QualifiedWildcard(_) => {
                self.columns.insert("*".into());
                Ok(())
            }
            FunctionArgExpr::WildcardWithOptions(options) => self.wildcard(options),
        }
    }

    fn clause(&mut self, clause: &FunctionArgumentClause) -> Checked {
        match clause {
            FunctionArgumentClause::IgnoreOrRespectNulls(_) => Ok(()),
            FunctionArgumentClause::OrderBy(orders) => self.all(orders, Self::order),
            FunctionArgumentClause::Limit(limit) => self.expr(limit),
            FunctionArgumentClause::Separator(separator) => self.value(&separator.value),
            FunctionArgumentClause::OnOverflow(ListAggOnOverflow::Error) => Ok(()),
            FunctionArgumentClause::OnOverflow(ListAggOnOverflow::Truncate { filler, with_count: _ }) => {
                self.all(filler, |walk, e| walk.expr(e))
            }
            FunctionArgumentClause::Where(_)
            | FunctionArgumentClause::Having(_)
            | FunctionArgumentClause::JsonNullClause(_)
            | FunctionArgumentClause::JsonReturningClause(_) => Err(Refusal::instead(
                "This clause of a function",
                "Write it outside of the function.",
                clause,
            )),
        }
    }

    pub(super) fn window(&mut self, window: &WindowSpec) -> Checked {
        let WindowSpec {
            window_name: _,
            partition_by,
            order_by,
            window_frame,
        } = window;
        self.all(partition_by, Self::expr)?;
        self.all(order_by, Self::order)?;
        if let Some(WindowFrame {
            units: _,
            start_bound,
            end_bound,
        }) = window_frame
        {
            for bound in [Some(start_bound), end_bound.as_ref()].into_iter().flatten() {
                match bound {
                    WindowFrameBound::CurrentRow => {}
                    WindowFrameBound::Preceding(e) | WindowFrameBound::Following(e) => self.all(e, |walk, e| walk.expr(e))?,
                }
            }
        }
        Ok(())
    }
}
