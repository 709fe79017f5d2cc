//! The parts of an expression whose values its own value is made of.

use sqlparser::ast::{
    AccessExpr, CaseWhen, Expr, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments, Interval, JsonPathElem,
    ListAggOnOverflow, OrderByExpr, Subscript, WindowFrameBound, WindowSpec,
};

/// Puts the operands of `expr` on `todo`. Names, subqueries, functions and lambdas have none: they need a scope.
pub fn operands<'e>(expr: &'e Expr, todo: &mut Vec<&'e Expr>) {
    match expr {
        Expr::CompoundFieldAccess { root, access_chain } => {
            todo.push(root);
            accesses(access_chain, todo);
        }
        Expr::JsonAccess { value, path } => {
            todo.push(value);
            for element in &path.path {
                match element {
                    JsonPathElem::Dot { .. } => {}
                    JsonPathElem::Bracket { key } | JsonPathElem::ColonBracket { key } => todo.push(key),
                }
            }
        }
        Expr::IsFalse(e)
        | Expr::IsNotFalse(e)
        | Expr::IsTrue(e)
        | Expr::IsNotTrue(e)
        | Expr::IsNull(e)
        | Expr::IsNotNull(e)
        | Expr::IsUnknown(e)
        | Expr::IsNotUnknown(e)
        | Expr::Nested(e)
        | Expr::OuterJoin(e)
        | Expr::Prior(e) => todo.push(e),
        Expr::IsJson { expr, .. }
        | Expr::IsNormalized { expr, .. }
        | Expr::UnaryOp { expr, .. }
        | Expr::Cast { expr, .. }
        | Expr::Extract { expr, .. }
        | Expr::Ceil { expr, .. }
        | Expr::Floor { expr, .. }
        | Expr::Collate { expr, .. }
        | Expr::Named { expr, .. }
        | Expr::Prefixed { value: expr, .. } => todo.push(expr),
        Expr::IsDistinctFrom(a, b) | Expr::IsNotDistinctFrom(a, b) => todo.extend([a.as_ref(), b.as_ref()]),
        Expr::InList { expr, list, negated: _ } => {
            todo.push(expr);
            todo.extend(list);
        }
        Expr::InUnnest { expr, array_expr, .. } => todo.extend([expr.as_ref(), array_expr.as_ref()]),
        Expr::Between { expr, low, high, .. } => todo.extend([expr.as_ref(), low.as_ref(), high.as_ref()]),
        Expr::BinaryOp { left, right, .. } | Expr::AnyOp { left, right, .. } | Expr::AllOp { left, right, .. } => {
            todo.extend([left.as_ref(), right.as_ref()]);
        }
        Expr::Like {
            expr,
            pattern,
            escape_char,
            ..
        }
        | Expr::ILike {
            expr,
            pattern,
            escape_char,
            ..
        }
        | Expr::SimilarTo {
            expr,
            pattern,
            escape_char,
            ..
        } => {
            todo.extend([expr.as_ref(), pattern.as_ref()]);
            todo.extend(escape_char.as_deref());
        }
        Expr::RLike { expr, pattern, .. } => todo.extend([expr.as_ref(), pattern.as_ref()]),
        Expr::Convert { expr, styles, .. } => {
            todo.push(expr);
            todo.extend(styles);
        }
        Expr::AtTimeZone { timestamp, time_zone } => todo.extend([timestamp.as_ref(), time_zone.as_ref()]),
        Expr::Position { expr, r#in } => todo.extend([expr.as_ref(), r#in.as_ref()]),
        Expr::Substring {
            expr,
            substring_from,
            substring_for,
            ..
        } => {
            todo.push(expr);
            todo.extend(substring_from.as_deref());
            todo.extend(substring_for.as_deref());
        }
        Expr::Trim {
            trim_what,
            expr,
            trim_characters,
            ..
        } => {
            todo.push(expr);
            todo.extend(trim_what.as_deref());
            todo.extend(trim_characters.iter().flatten());
        }
        Expr::Overlay {
            expr,
            overlay_what,
            overlay_from,
            overlay_for,
        } => {
            todo.extend([expr.as_ref(), overlay_what.as_ref(), overlay_from.as_ref()]);
            todo.extend(overlay_for.as_deref());
        }
        Expr::Case {
            operand,
            conditions,
            else_result,
            ..
        } => {
            todo.extend(operand.as_deref());
            for CaseWhen { condition, result } in conditions {
                todo.extend([condition, result]);
            }
            todo.extend(else_result.as_deref());
        }
        Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => todo.extend(sets.iter().flatten()),
        Expr::Tuple(list) | Expr::Struct { values: list, .. } => todo.extend(list),
        Expr::Dictionary(fields) => todo.extend(fields.iter().map(|field| field.value.as_ref())),
        Expr::Map(map) => {
            for entry in &map.entries {
                todo.extend([entry.key.as_ref(), entry.value.as_ref()]);
            }
        }
        Expr::Array(array) => todo.extend(&array.elem),
        Expr::Interval(Interval { value, .. }) => todo.push(value),
        Expr::MemberOf(member) => todo.extend([member.value.as_ref(), member.array.as_ref()]),
        Expr::Value(_) | Expr::TypedString(_) => {}
        // These need a scope.
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::InSubquery { .. }
        | Expr::Function(_)
        | Expr::Exists { .. }
        | Expr::Subquery(_)
        | Expr::Lambda(_)
        | Expr::MatchAgainst { .. }
        | Expr::Wildcard(_)
        | Expr::QualifiedWildcard(..) => {}
    }
}

/// `[1]`, `[a:b]`; the name of a field is none of a column.
pub fn accesses<'e>(chain: &'e [AccessExpr], todo: &mut Vec<&'e Expr>) {
    for access in chain {
        match access {
            AccessExpr::Dot(Expr::Identifier(_)) => {}
            AccessExpr::Dot(expr) => todo.push(expr),
            AccessExpr::Subscript(Subscript::Index { index }) => todo.push(index),
            AccessExpr::Subscript(Subscript::Slice {
                lower_bound,
                upper_bound,
                stride,
            }) => todo.extend([lower_bound, upper_bound, stride].into_iter().flatten()),
        }
    }
}

pub fn window<'e>(spec: &'e WindowSpec, todo: &mut Vec<&'e Expr>) {
    todo.extend(&spec.partition_by);
    orders(&spec.order_by, todo);
    if let Some(frame) = &spec.window_frame {
        for bound in [Some(&frame.start_bound), frame.end_bound.as_ref()].into_iter().flatten() {
            match bound {
                WindowFrameBound::CurrentRow => {}
                WindowFrameBound::Preceding(e) | WindowFrameBound::Following(e) => todo.extend(e.as_deref()),
            }
        }
    }
}

pub fn orders<'e>(orders: &'e [OrderByExpr], todo: &mut Vec<&'e Expr>) {
    todo.extend(orders.iter().map(|order| &order.expr));
}

pub fn clauses<'e>(clauses: &'e [FunctionArgumentClause], todo: &mut Vec<&'e Expr>) {
    for clause in clauses {
        match clause {
            FunctionArgumentClause::OrderBy(by) => orders(by, todo),
            FunctionArgumentClause::Where(e) | FunctionArgumentClause::Limit(e) => todo.push(e),
            FunctionArgumentClause::Having(bound) => todo.push(&bound.1),
            FunctionArgumentClause::OnOverflow(ListAggOnOverflow::Truncate { filler, .. }) => todo.extend(filler.as_deref()),
            FunctionArgumentClause::OnOverflow(ListAggOnOverflow::Error)
            | FunctionArgumentClause::IgnoreOrRespectNulls(_)
            | FunctionArgumentClause::Separator(_)
            | FunctionArgumentClause::JsonNullClause(_)
            | FunctionArgumentClause::JsonReturningClause(_) => {}
        }
    }
}

/// The argument itself; the name of a named one is none of a column.
pub fn argument(arg: &FunctionArg) -> &FunctionArgExpr {
    match arg {
        FunctionArg::Named { arg, .. } | FunctionArg::ExprNamed { arg, .. } | FunctionArg::Unnamed(arg) => arg,
    }
}

/// Whether `expr` or an operand of it, subqueries aside, is such.
pub fn any<'e>(expr: &'e Expr, is: &mut dyn FnMut(&'e Expr) -> bool) -> bool {
    let mut todo = vec![expr];
    while let Some(expr) = todo.pop() {
        if is(expr) {
            return true;
        }
        operands(expr, &mut todo);
        if let Expr::Function(function) = expr
            && let FunctionArguments::List(list) = &function.args
        {
            todo.extend(list.args.iter().filter_map(|arg| match argument(arg) {
                FunctionArgExpr::Expr(expr) => Some(expr),
                _ => None,
            }));
        }
        if let Expr::Lambda(lambda) = expr {
            todo.push(&lambda.body);
        }
    }
    false
}
