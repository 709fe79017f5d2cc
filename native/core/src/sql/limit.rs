//! Bounds the rows of a checked query in its tree.

use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{
    Expr, GroupByExpr, Ident, LimitClause, Offset, OffsetRows, Query, Select, SelectFlavor, SelectItem, SetExpr, TableAlias, TableFactor,
    TableWithJoins, Value, WildcardAdditionalOptions,
};

/// The query with at most `rows` rows. Its own LIMIT is lowered; one that is no plain number is left inside a bounded query.
pub fn at_most(mut query: Query, rows: u64) -> Query {
    let lowered = match (&query.limit_clause, &query.fetch) {
        (None, None) => Some((None, None)),
        (Some(LimitClause::LimitOffset { limit, offset, limit_by }), None) if limit_by.is_empty() => match limit {
            None => Some((None, offset.clone())),
            Some(limit) => literal(limit).map(|own| (Some(own), offset.clone())),
        },
        // `LIMIT 20, 10` skips 20.
        (Some(LimitClause::OffsetCommaLimit { offset, limit }), None) => literal(limit).map(|own| {
            let offset = Offset {
                value: offset.clone(),
                rows: OffsetRows::None,
            };
            (Some(own), Some(offset))
        }),
        _ => None,
    };
    match lowered {
        Some((own, offset)) => {
            query.limit_clause = Some(LimitClause::LimitOffset {
                limit: Some(number(own.unwrap_or(u64::MAX).min(rows))),
                offset,
                limit_by: vec![],
            });
            query
        }
        None => wrap(query, rows),
    }
}

fn literal(expr: &Expr) -> Option<u64> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, false) => text.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

fn number(rows: u64) -> Expr {
    Expr::Value(Value::Number(rows.to_string(), false).into())
}

/// `SELECT * FROM (query) AS limited LIMIT rows`
fn wrap(query: Query, rows: u64) -> Query {
    let relation = TableFactor::Derived {
        lateral: false,
        subquery: Box::new(query),
        alias: Some(TableAlias {
            explicit: true,
            name: Ident::new("limited"),
            columns: vec![],
            at: None,
        }),
        sample: None,
    };
    Query {
        limit_clause: Some(LimitClause::LimitOffset {
            limit: Some(number(rows)),
            offset: None,
            limit_by: vec![],
        }),
        ..all_of(TableWithJoins { relation, joins: vec![] })
    }
}

/// `SELECT * FROM from`
pub fn all_of(from: TableWithJoins) -> Query {
    let select = Select {
        select_token: AttachedToken::empty(),
        optimizer_hints: vec![],
        distinct: None,
        select_modifiers: None,
        top: None,
        top_before_distinct: false,
        projection: vec![SelectItem::Wildcard(WildcardAdditionalOptions::default())],
        exclude: None,
        into: None,
        from: vec![from],
        lateral_views: vec![],
        prewhere: None,
        selection: None,
        connect_by: vec![],
        group_by: GroupByExpr::Expressions(vec![], vec![]),
        cluster_by: vec![],
        distribute_by: vec![],
        sort_by: vec![],
        having: None,
        named_window: vec![],
        qualify: None,
        window_before_qualify: false,
        value_table_mode: None,
        flavor: SelectFlavor::Standard,
    };
    Query {
        with: None,
        body: Box::new(SetExpr::Select(Box::new(select))),
        order_by: None,
        limit_clause: None,
        fetch: None,
        locks: vec![],
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators: vec![],
    }
}
