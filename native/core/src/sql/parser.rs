//! The parser's dialects, with what they lack of the systems' own. Each passes on what the dialect it stands for switches on.

use std::any::TypeId;

use sqlparser::ast::{
    Array, BinaryOperator, Expr, ExprWithAlias, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident,
    LambdaFunction, LambdaFunctionParameter, LambdaSyntax, LimitClause, ObjectName, OneOrManyWithParens, Query, Statement, TableFactor,
    TableWithJoins,
};
use sqlparser::dialect::{DatabricksDialect, Dialect, DuckDbDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::limit;

macro_rules! pass_on {
    ($dialect:ident: $($switch:ident),* $(,)?) => {
        fn dialect(&self) -> TypeId {
            TypeId::of::<$dialect>()
        }
        fn is_identifier_start(&self, ch: char) -> bool {
            $dialect.is_identifier_start(ch)
        }
        fn is_identifier_part(&self, ch: char) -> bool {
            $dialect.is_identifier_part(ch)
        }
        fn is_delimited_identifier_start(&self, ch: char) -> bool {
            $dialect.is_delimited_identifier_start(ch)
        }
        fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
            $dialect.identifier_quote_style(identifier)
        }
        $(fn $switch(&self) -> bool {
            $dialect.$switch()
        })*
    };
}

/// DuckDB with list comprehensions, `^@`, and IGNORE NULLS between the parentheses.
#[derive(Debug)]
pub struct DuckDb;

impl Dialect for DuckDb {
    pass_on!(DuckDbDialect:
        supports_trailing_commas, supports_filter_during_aggregation, supports_group_by_expr, supports_bitwise_shift_operators,
        supports_named_fn_args_with_eq_operator, supports_named_fn_args_with_assignment_operator, supports_dictionary_syntax,
        support_map_literal_syntax, supports_lambda_functions, allow_extract_single_quotes, supports_explain_with_utility_options,
        supports_load_extension, supports_array_typedef_with_brackets, supports_from_first_select, supports_order_by_all,
        supports_select_wildcard_exclude, supports_notnull_operator, supports_install, supports_detach,
        supports_select_wildcard_replace, supports_comma_separated_trim, supports_numeric_literal_underscores,
    );

    fn supports_window_function_null_treatment_arg(&self) -> bool {
        true
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        parser.consume_token(&Token::LBracket).then(|| list(parser))
    }

    fn parse_statement(&self, parser: &mut Parser) -> Option<Result<Statement, ParserError>> {
        parser.parse_keyword(Keyword::UNPIVOT).then(|| unpivot(parser))
    }

    fn parse_infix(&self, parser: &mut Parser, left: &Expr, precedence: u8) -> Option<Result<Expr, ParserError>> {
        let op = parser.consume_token(&Token::CaretAt).then_some(BinaryOperator::PGStartsWith)?;
        Some(binary(parser, left, op, precedence))
    }
}

/// Databricks with DIV.
#[derive(Debug)]
pub struct Databricks;

impl Dialect for Databricks {
    pass_on!(DatabricksDialect:
        supports_numeric_prefix, supports_filter_during_aggregation, supports_group_by_expr, supports_table_versioning,
        supports_lambda_functions, supports_select_wildcard_except, require_interval_qualifier, supports_struct_literal,
        supports_nested_comments, supports_group_by_with_modifier, supports_values_as_table_factor, supports_optimize_table,
        supports_bang_not_operator, supports_cte_without_as, supports_select_item_multi_column_alias,
        supports_map_literal_with_angle_brackets, supports_string_literal_backslash_escape, supports_select_wildcard_replace,
        supports_from_first_select, supports_pipe_operator,
    );

    fn parse_infix(&self, parser: &mut Parser, left: &Expr, precedence: u8) -> Option<Result<Expr, ParserError>> {
        let op = parser.parse_keyword(Keyword::DIV).then_some(BinaryOperator::MyIntegerDivide)?;
        Some(binary(parser, left, op, precedence))
    }
}

fn binary(parser: &mut Parser, left: &Expr, op: BinaryOperator, precedence: u8) -> Result<Expr, ParserError> {
    Ok(Expr::BinaryOp {
        left: Box::new(left.clone()),
        op,
        right: Box::new(parser.parse_subexpr(precedence)?),
    })
}

/// `1, 2]`, or `x + 1 for x in items if x > 0]`, which is
/// `list_transform(list_filter(items, lambda x: x > 0), lambda x: x + 1)`.
fn list(parser: &mut Parser) -> Result<Expr, ParserError> {
    let mut elem = Vec::new();
    while !parser.consume_token(&Token::RBracket) {
        elem.push(parser.parse_expr()?);
        if elem.len() == 1 && parser.parse_keyword(Keyword::FOR) {
            let value = elem.remove(0);
            return comprehension(parser, value);
        }
        if !parser.consume_token(&Token::Comma) {
            parser.expect_token(&Token::RBracket)?;
            break;
        }
    }
    Ok(Expr::Array(Array { elem, named: false }))
}

fn comprehension(parser: &mut Parser, value: Expr) -> Result<Expr, ParserError> {
    let variable = parser.parse_identifier()?;
    parser.expect_keyword(Keyword::IN)?;
    let mut items = parser.parse_expr()?;
    if parser.parse_keyword(Keyword::IF) {
        let condition = parser.parse_expr()?;
        items = call("list_filter", items, &variable, condition);
    }
    parser.expect_token(&Token::RBracket)?;
    Ok(call("list_transform", items, &variable, value))
}

/// `UNPIVOT t ON a, b INTO NAME n VALUE v ORDER BY n`, which is `SELECT * FROM t UNPIVOT (v FOR n IN (a, b)) ORDER BY n`.
fn unpivot(parser: &mut Parser) -> Result<Statement, ParserError> {
    let table = Box::new(parser.parse_table_factor()?);
    parser.expect_keyword(Keyword::ON)?;
    let columns = parser
        .parse_comma_separated(Parser::parse_identifier)?
        .into_iter()
        .map(|name| ExprWithAlias {
            expr: Expr::Identifier(name),
            alias: None,
        })
        .collect();
    parser.expect_keywords(&[Keyword::INTO, Keyword::NAME])?;
    let name = parser.parse_identifier()?;
    parser.expect_keyword(Keyword::VALUE)?;
    let value = Expr::Identifier(parser.parse_identifier()?);
    let relation = TableFactor::Unpivot {
        table,
        value,
        name,
        columns,
        null_inclusion: None,
        alias: None,
    };
    let order_by = parser.parse_optional_order_by()?;
    let limit_clause = match parser.parse_keyword(Keyword::LIMIT) {
        true => Some(LimitClause::LimitOffset {
            limit: Some(parser.parse_expr()?),
            offset: None,
            limit_by: vec![],
        }),
        false => None,
    };
    Ok(Statement::Query(Box::new(Query {
        order_by,
        limit_clause,
        ..limit::all_of(TableWithJoins { relation, joins: vec![] })
    })))
}

/// `name(items, lambda variable: body)`
fn call(name: &str, items: Expr, variable: &Ident, body: Expr) -> Expr {
    let lambda = Expr::Lambda(LambdaFunction {
        params: OneOrManyWithParens::One(LambdaFunctionParameter {
            name: variable.clone(),
            data_type: None,
        }),
        body: Box::new(body),
        syntax: LambdaSyntax::LambdaKeyword,
    });
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: [items, lambda].map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg))).into(),
            clauses: vec![],
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: vec![],
    })
}
