use sqlparser::ast::Statement;
use sqlparser::parser::{Parser, ParserOptions};

use super::*;

fn schema() -> Schema {
    let table = |name: &str, columns: &[&str]| {
        let columns: Vec<String> = columns.iter().map(|column| column.to_string()).collect();
        let path: Vec<String> = name.split('.').map(str::to_string).collect();
        SchemaTable::new(name, &path, &columns)
    };
    Schema::new(vec![
        table("flights", &["id", "carrier", "origin", "delay", "day"]),
        table("airlines", &["carrier", "name"]),
        table("sales.orders", &["id", "region", "revenue", "tags", "doc"]),
        table("people", &["id", "boss", "name"]),
    ])
}

fn trace(sql: &str, dialect: SqlDialect) -> Lineage {
    let statements = Parser::new(dialect.parser())
        .with_options(ParserOptions::new().with_unescape(false))
        .try_with_sql(sql)
        .and_then(|mut parser| parser.parse_statements());
    match statements.expect(sql).pop() {
        Some(Statement::Query(query)) => lineage(&query, &schema(), dialect),
        other => panic!("no query: {other:?}"),
    }
}

fn listed(references: &[ColumnRef]) -> String {
    let names: Vec<String> = references.iter().map(|of| format!("{}.{}", of.table, of.column)).collect();
    names.join(" ")
}

/// `name: t.a t.b; name: … | influences`, with `~` before what is not exact.
fn short(sql: &str, dialect: SqlDialect) -> String {
    let found = trace(sql, dialect);
    let columns: Vec<String> = found
        .columns
        .iter()
        .map(|column| {
            let sign = if column.exact { "" } else { "~" };
            format!("{sign}{}: {}", column.column, listed(&column.from)).trim().to_string()
        })
        .collect();
    let sign = if found.exact { "" } else { "~" };
    format!("{}{} | {}", sign, columns.join("; "), listed(&found.influences))
        .trim()
        .to_string()
}

#[track_caller]
fn duck(sql: &str, expected: &str) {
    assert_eq!(short(sql, SqlDialect::DuckDb), expected, "{sql}");
}

#[track_caller]
fn all_dialects(sql: &str, expected: &str) {
    for dialect in SqlDialect::ALL {
        assert_eq!(short(sql, dialect), expected, "{} {sql}", dialect.name());
    }
}

#[test]
fn names_filters_and_expressions() {
    all_dialects(
        "SELECT delay AS d FROM flights WHERE origin = 'JFK'",
        "d: flights.delay | flights.origin",
    );
    all_dialects("SELECT f.delay + f.day AS d FROM flights f", "d: flights.delay flights.day |");
    all_dialects(
        "SELECT CASE WHEN origin = 'JFK' THEN delay ELSE 0 END AS d FROM flights",
        "d: flights.origin flights.delay |",
    );
    all_dialects("SELECT 1 AS one, count(*) AS n FROM flights", "one:; n: |");
    all_dialects(
        "SELECT sum(delay) AS s, origin FROM flights GROUP BY origin",
        "s: flights.delay; origin: flights.origin | flights.origin",
    );
    all_dialects("SELECT id FROM flights ORDER BY day LIMIT 3", "id: flights.id | flights.day");
}

#[test]
fn stars() {
    all_dialects("SELECT * FROM airlines", "carrier: airlines.carrier; name: airlines.name |");
    all_dialects(
        "SELECT a.*, f.id FROM flights f CROSS JOIN airlines a",
        "carrier: airlines.carrier; name: airlines.name; id: flights.id |",
    );
    duck(
        "SELECT * EXCLUDE (carrier, day, delay) FROM flights",
        "id: flights.id; origin: flights.origin |",
    );
    duck("SELECT * REPLACE (delay + 1 AS name) FROM airlines, flights f", {
        "carrier: airlines.carrier; name: flights.delay; id: flights.id; carrier: flights.carrier; origin: flights.origin; \
         delay: flights.delay; day: flights.day |"
    });
    assert_eq!(
        short(
            "SELECT * ILIKE '%rr%' RENAME (carrier AS code) FROM airlines",
            SqlDialect::Snowflake
        ),
        "code: airlines.carrier |"
    );
    assert_eq!(
        short("SELECT * EXCEPT (name) FROM airlines", SqlDialect::Databricks),
        "carrier: airlines.carrier |"
    );
    duck("FROM airlines", "carrier: airlines.carrier; name: airlines.name |");
    duck(
        "SELECT COLUMNS(*) FROM airlines",
        "carrier: airlines.carrier; name: airlines.name |",
    );
    duck(
        "SELECT min(COLUMNS(* EXCLUDE (name)) + day) FROM airlines, (SELECT day FROM flights) f",
        "carrier: airlines.carrier flights.day; day: flights.day |",
    );
    duck("SELECT COLUMNS('n.*') FROM airlines", "~~*: airlines.carrier airlines.name |");
}

#[test]
fn joins() {
    all_dialects(
        "SELECT a.name FROM flights f JOIN airlines a ON a.carrier = f.carrier",
        "name: airlines.name | flights.carrier airlines.carrier",
    );
    let using = "SELECT * FROM flights LEFT JOIN airlines USING (carrier)";
    let influences = "| flights.carrier airlines.carrier";
    let (id, carrier, origin) = ("id: flights.id", "carrier: flights.carrier", "origin: flights.origin");
    let (rest, name) = ("delay: flights.delay; day: flights.day", "name: airlines.name");
    duck(using, &format!("{id}; {carrier}; {origin}; {rest}; {name} {influences}"));
    for dialect in [
        SqlDialect::PostgreSql,
        SqlDialect::Snowflake,
        SqlDialect::Databricks,
        SqlDialect::MySql,
    ] {
        assert_eq!(
            short(using, dialect),
            format!("{carrier}; {id}; {origin}; {rest}; {name} {influences}")
        );
    }
    duck(
        "SELECT carrier FROM flights FULL JOIN airlines USING (carrier)",
        "carrier: flights.carrier airlines.carrier | flights.carrier airlines.carrier",
    );
    duck(
        "SELECT carrier, name FROM flights RIGHT JOIN airlines USING (carrier)",
        "carrier: airlines.carrier; name: airlines.name | flights.carrier airlines.carrier",
    );
    duck(
        "SELECT name, id FROM airlines NATURAL JOIN flights",
        "name: airlines.name; id: flights.id | flights.carrier airlines.carrier"
            .replace("flights.carrier airlines.carrier", "airlines.carrier flights.carrier")
            .as_str(),
    );
    duck(
        "SELECT * FROM airlines SEMI JOIN flights USING (carrier)",
        "carrier: airlines.carrier; name: airlines.name | airlines.carrier flights.carrier",
    );
    assert_eq!(
        short(
            "SELECT * FROM airlines a LEFT ANTI JOIN flights f ON a.carrier = f.carrier",
            SqlDialect::Databricks
        ),
        "carrier: airlines.carrier; name: airlines.name | airlines.carrier flights.carrier"
    );
    assert_eq!(
        short(
            "SELECT f.id FROM flights f ASOF JOIN people p MATCH_CONDITION (f.day >= p.boss) ON f.id = p.id",
            SqlDialect::Snowflake
        ),
        "id: flights.id | flights.id flights.day people.id people.boss"
    );
}

#[test]
fn common_table_expressions() {
    all_dialects(
        "WITH late AS (SELECT carrier AS c, delay AS d FROM flights WHERE delay > 10) SELECT max(d) AS m FROM late WHERE c = 'UA'",
        "m: flights.delay | flights.carrier flights.delay",
    );
    all_dialects(
        "WITH x (a, b) AS (SELECT carrier, name FROM airlines) SELECT b FROM x",
        "b: airlines.name |",
    );
    // One that nobody reads decides about nothing, but the columns it names are used.
    let unread = trace(
        "WITH x AS (SELECT delay FROM flights WHERE day = 1) SELECT name FROM airlines",
        SqlDialect::DuckDb,
    );
    assert_eq!(listed(&unread.influences), "");
    assert_eq!(unread.tables[0].columns.len(), 2);
}

#[test]
fn recursion_reaches_its_fixpoint() {
    all_dialects(
        "WITH RECURSIVE chain AS (
           SELECT id, boss, name AS path, 0 AS n FROM people WHERE boss IS NULL
           UNION ALL SELECT p.id, c.id, c.path, c.n + p.boss FROM people p JOIN chain c ON p.boss = c.id)
         SELECT boss, path, n FROM chain",
        "boss: people.id people.boss; path: people.name; n: people.boss | people.id people.boss",
    );
    // Each round moves the columns on by one: all are made of all.
    duck(
        "WITH RECURSIVE t(a, b, c) AS (SELECT id, delay, day FROM flights UNION ALL SELECT b, c, a FROM t WHERE a < 3) SELECT a FROM t",
        "a: flights.id flights.delay flights.day | flights.id flights.delay flights.day",
    );
}

#[test]
fn subqueries() {
    all_dialects(
        "SELECT (SELECT max(name) FROM airlines a WHERE a.carrier = f.carrier) AS n FROM flights f",
        "n: flights.carrier airlines.carrier airlines.name |",
    );
    all_dialects(
        "SELECT id FROM flights f WHERE EXISTS (SELECT name FROM airlines a WHERE a.carrier = f.carrier)",
        "id: flights.id | flights.carrier airlines.carrier",
    );
    all_dialects(
        "SELECT id FROM flights WHERE carrier IN (SELECT carrier FROM airlines WHERE name LIKE 'U%')",
        "id: flights.id | flights.carrier airlines.carrier airlines.name",
    );
    all_dialects("SELECT d FROM (SELECT delay AS d, day FROM flights) AS x", "d: flights.delay |");
    all_dialects(
        "SELECT x.a FROM (SELECT carrier, name FROM airlines) AS x (a, b)",
        "a: airlines.carrier |",
    );
    let lateral = "SELECT x.d FROM airlines a, LATERAL (SELECT f.delay AS d FROM flights f WHERE f.carrier = a.carrier) x";
    for dialect in [
        SqlDialect::DuckDb,
        SqlDialect::PostgreSql,
        SqlDialect::Snowflake,
        SqlDialect::MySql,
        SqlDialect::Databricks,
    ] {
        assert_eq!(short(lateral, dialect), "d: flights.delay | airlines.carrier flights.carrier");
    }
}

#[test]
fn set_operations() {
    all_dialects(
        "SELECT carrier AS c, name AS n FROM airlines UNION ALL SELECT origin, carrier FROM flights",
        "c: airlines.carrier flights.origin; n: airlines.name flights.carrier |",
    );
    all_dialects(
        "SELECT carrier AS c FROM airlines UNION SELECT origin FROM flights ORDER BY c",
        "c: airlines.carrier flights.origin | airlines.carrier flights.origin",
    );
    all_dialects(
        "SELECT carrier FROM airlines EXCEPT SELECT carrier FROM flights",
        "carrier: airlines.carrier | airlines.carrier flights.carrier",
    );
    duck(
        "SELECT id, delay FROM flights UNION ALL BY NAME SELECT name, id FROM people",
        "id: flights.id people.id; delay: flights.delay; name: people.name |",
    );
}

#[test]
fn windows_and_qualify() {
    all_dialects(
        "SELECT row_number() OVER (PARTITION BY carrier ORDER BY delay) AS r, id FROM flights",
        "r: flights.carrier flights.delay; id: flights.id |",
    );
    for dialect in [SqlDialect::DuckDb, SqlDialect::PostgreSql] {
        assert_eq!(
            short(
                "SELECT sum(delay) OVER w AS s FROM flights WINDOW w AS (PARTITION BY origin ORDER BY day)",
                dialect
            ),
            "s: flights.origin flights.delay flights.day |"
        );
    }
    for dialect in [SqlDialect::DuckDb, SqlDialect::Snowflake, SqlDialect::Databricks] {
        assert_eq!(
            short("SELECT id, rank() OVER (ORDER BY delay) AS r FROM flights QUALIFY r <= 3", dialect),
            "id: flights.id; r: flights.delay | flights.delay"
        );
    }
}

#[test]
fn names_of_the_select_list() {
    for dialect in [SqlDialect::DuckDb, SqlDialect::Snowflake, SqlDialect::Databricks] {
        assert_eq!(
            short("SELECT delay AS d, d + 1 AS e FROM flights", dialect),
            "d: flights.delay; e: flights.delay |"
        );
    }
    // The column comes first.
    duck("SELECT delay AS day, day AS e FROM flights", "day: flights.delay; e: flights.day |");
    let postgres = trace("SELECT delay AS d, d + 1 AS e FROM flights", SqlDialect::PostgreSql);
    assert_eq!(postgres.unknown[0].name, "d");
    all_dialects(
        "SELECT delay AS day FROM flights ORDER BY day",
        "day: flights.delay | flights.delay",
    );
    all_dialects(
        "SELECT origin AS o, count(*) AS n FROM flights GROUP BY o",
        "o: flights.origin; n: | flights.origin",
    );
    all_dialects(
        "SELECT origin AS o, count(*) AS n FROM flights GROUP BY 1 ORDER BY 2",
        "o: flights.origin; n: | flights.origin",
    );
    duck(
        "SELECT origin, day + sum(delay) AS x FROM flights GROUP BY ALL",
        "origin: flights.origin; x: flights.delay flights.day | flights.origin flights.day",
    );
}

#[test]
fn distinct_decides_about_rows() {
    all_dialects(
        "SELECT DISTINCT origin, day FROM flights",
        "origin: flights.origin; day: flights.day | flights.origin flights.day",
    );
    for dialect in [SqlDialect::DuckDb, SqlDialect::PostgreSql] {
        assert_eq!(
            short("SELECT DISTINCT ON (carrier) id FROM flights ORDER BY carrier, day", dialect),
            "id: flights.id | flights.carrier flights.day"
        );
    }
}

#[test]
fn functions_that_make_rows() {
    duck(
        "SELECT u.x FROM sales.orders o, unnest(o.tags) AS u(x)",
        "x: sales.orders.tags | sales.orders.tags",
    );
    duck(
        "SELECT unnest(tags) AS t, id FROM sales.orders",
        "t: sales.orders.tags; id: sales.orders.id | sales.orders.tags",
    );
    duck("SELECT range FROM range(3)", "range: |");
    duck(
        "SELECT unnest({'a': id, 'b': 2}), name FROM people",
        "a: people.id; b: people.id; name: people.name | people.id",
    );
    assert_eq!(
        short(
            "SELECT x.value FROM sales.orders o, LATERAL FLATTEN(input => o.tags) x",
            SqlDialect::Snowflake
        ),
        "value: sales.orders.tags | sales.orders.tags"
    );
    assert_eq!(
        short(
            "SELECT x.value FROM sales.orders o, TABLE(FLATTEN(input => o.tags)) x",
            SqlDialect::Snowflake
        ),
        "value: sales.orders.tags | sales.orders.tags"
    );
    assert_eq!(
        short(
            "SELECT t, id FROM sales.orders LATERAL VIEW explode(tags) v AS t",
            SqlDialect::Databricks
        ),
        "t: sales.orders.tags; id: sales.orders.id | sales.orders.tags"
    );
    assert_eq!(
        short(
            "SELECT x FROM sales.orders o, jsonb_array_elements(o.doc) AS x",
            SqlDialect::PostgreSql
        ),
        "x: sales.orders.doc | sales.orders.doc"
    );
}

#[test]
fn pivot_and_unpivot() {
    for dialect in [SqlDialect::DuckDb, SqlDialect::Snowflake, SqlDialect::Databricks] {
        assert_eq!(
            short(
                "SELECT * FROM (SELECT origin, day, delay FROM flights) PIVOT (sum(delay) FOR day IN (1, 2))",
                dialect
            ),
            "origin: flights.origin; 1: flights.delay flights.day; 2: flights.delay flights.day | flights.origin"
        );
    }
    assert_eq!(
        short(
            "SELECT * FROM (SELECT origin, day, delay FROM flights) UNPIVOT (v FOR n IN (day, delay))",
            SqlDialect::Snowflake
        ),
        "origin: flights.origin; n:; v: flights.delay flights.day | flights.delay flights.day"
    );
}

#[test]
fn values_rows_and_fields() {
    duck("SELECT col0 FROM (VALUES (1, 2))", "col0: |");
    all_dialects("SELECT v.a FROM (VALUES (1, 2)) AS v (a, b)", "a: |");
    for dialect in [SqlDialect::DuckDb, SqlDialect::PostgreSql] {
        assert_eq!(short("SELECT a FROM airlines a", dialect), "a: airlines.carrier airlines.name |");
    }
    duck(
        "SELECT doc.customer.name AS n, o.doc.total AS t FROM sales.orders o",
        "n: sales.orders.doc; t: sales.orders.doc |",
    );
    duck("SELECT o.doc[1].x AS n FROM sales.orders o", "n: sales.orders.doc |");
    assert_eq!(
        short("SELECT doc:customer.name::string AS n FROM sales.orders", SqlDialect::Snowflake),
        "n: sales.orders.doc |"
    );
    assert_eq!(
        short("SELECT (a).name AS n FROM airlines a", SqlDialect::PostgreSql),
        "n: airlines.name |"
    );
    duck("SELECT sales.orders.region AS r FROM sales.orders", "r: sales.orders.region |");
}

#[test]
fn lambdas_and_arrows() {
    duck(
        "SELECT list_transform(tags, x -> x || region) AS t FROM sales.orders",
        "t: sales.orders.region sales.orders.tags |",
    );
    duck(
        "SELECT list_transform(tags, id -> id + 1) AS t FROM sales.orders",
        "t: sales.orders.tags |",
    );
    // Not a lambda: a field of the JSON column.
    duck("SELECT max(doc -> '$.total') AS t FROM sales.orders", "t: sales.orders.doc |");
}

#[test]
fn units_of_dates_are_no_columns() {
    for dialect in [SqlDialect::Snowflake, SqlDialect::Databricks] {
        assert_eq!(
            short("SELECT dateadd(day, 1, delay) AS d FROM flights", dialect),
            "d: flights.delay |"
        );
    }
    assert_eq!(
        short("SELECT timestampdiff(MONTH, day, delay) AS d FROM flights", SqlDialect::MySql),
        "d: flights.delay flights.day |"
    );
}

#[test]
fn a_span_of_time_is_no_unknown_column() {
    let sql = "SELECT window.start, count(*) AS n FROM flights GROUP BY window(day, '1 hour') ORDER BY window.start";
    let found = trace(sql, SqlDialect::Databricks);
    assert!(found.unknown.is_empty() && !found.exact);
    assert!(listed(&found.columns[0].from).contains("flights.day"));
}

#[test]
fn an_unknown_column_is_named_with_the_nearest() {
    let found = trace("SELECT revnue, o.regoin FROM sales.orders o", SqlDialect::DuckDb);
    let unknown: Vec<_> = found
        .unknown
        .iter()
        .map(|u| (u.name.as_str(), u.nearest.as_deref(), u.within.as_deref()))
        .collect();
    assert_eq!(
        unknown,
        [("revnue", Some("revenue"), Some("o")), ("o.regoin", Some("region"), Some("o"))]
    );
    assert!(!found.exact);
    // It may be made of every column there.
    assert_eq!(found.columns[0].from.len(), 5);
}

#[test]
fn tables_without_a_schema_are_guessed() {
    all_dialects(
        "SELECT x.a, b FROM elsewhere x WHERE c = 1",
        "a: elsewhere.a; b: elsewhere.b | elsewhere.c",
    );
    all_dialects("SELECT * FROM elsewhere", "~~*: elsewhere.* |");
    all_dialects("SELECT s.a FROM (SELECT * FROM elsewhere) s", "a: elsewhere.a |");
    assert_eq!(
        trace("SELECT other.flights.id FROM other.flights", SqlDialect::DuckDb).tables[0]
            .name
            .as_ref(),
        "other.flights"
    );
}

#[test]
fn only_what_is_used_is_listed() {
    let found = trace(
        "SELECT x.id FROM (SELECT * FROM flights) x JOIN airlines a ON a.carrier = x.carrier",
        SqlDialect::DuckDb,
    );
    let tables: Vec<String> = found
        .tables
        .iter()
        .map(|table| format!("{}: {}", table.name, table.columns.join(" ")))
        .collect();
    assert_eq!(tables, ["flights: id carrier", "airlines: carrier"]);
    let counted = trace("SELECT count(*) FROM flights", SqlDialect::DuckDb);
    assert!(counted.tables[0].columns.is_empty());
}

#[test]
fn case_decides_as_the_dialect_says() {
    let table = |columns: &[&str]| {
        let columns: Vec<String> = columns.iter().map(|column| column.to_string()).collect();
        Schema::new(vec![SchemaTable::new("T", &["T".to_string()], &columns)])
    };
    let from = |sql: &str, dialect: SqlDialect, columns: &[&str]| {
        let statements = Parser::parse_sql(dialect.parser(), sql).expect(sql);
        let Some(Statement::Query(query)) = statements.into_iter().next() else {
            panic!("{sql}")
        };
        listed(&lineage(&query, &table(columns), dialect).columns[0].from)
    };
    assert_eq!(from("SELECT \"Ab\" FROM t", SqlDialect::PostgreSql, &["ab", "Ab"]), "T.Ab");
    assert_eq!(from("SELECT Ab FROM t", SqlDialect::PostgreSql, &["ab", "Ab"]), "T.ab");
    assert_eq!(from("SELECT ab FROM t", SqlDialect::Snowflake, &["AB", "ab"]), "T.AB");
    assert_eq!(from("SELECT AB FROM t", SqlDialect::DuckDb, &["ab"]), "T.ab");
    assert_eq!(
        from("WITH t AS (SELECT ab FROM T) SELECT ab FROM t", SqlDialect::DuckDb, &["ab"]),
        "T.ab"
    );
}

#[test]
fn work_is_bounded() {
    // Each level doubles the columns of the one before.
    let mut sql = "WITH t0 AS (SELECT * FROM flights)".to_string();
    for level in 1..40 {
        sql += &format!(", t{level} AS (SELECT a.*, b.* FROM t{0} a, t{0} b)", level - 1);
    }
    sql += " SELECT * FROM t39";
    let found = trace(&sql, SqlDialect::DuckDb);
    assert!(!found.exact && found.columns[0].from.len() == 5);
    // Two nested recursive queries inside every level.
    let mut nested = "SELECT id AS x FROM flights".to_string();
    for level in 0..12 {
        nested = format!("WITH RECURSIVE r{level} AS (({nested}) UNION ALL SELECT x + 1 FROM r{level}) SELECT x FROM r{level}");
    }
    assert_eq!(short(&nested, SqlDialect::DuckDb), "x: flights.id |");
    let wide = format!("SELECT {} FROM flights", vec!["hash(flights)"; 5_000].join(", "));
    assert_eq!(trace(&wide, SqlDialect::DuckDb).columns[0].from.len(), 5);
    let long = format!("SELECT id{} FROM flights", " + delay".repeat(20_000));
    assert_eq!(trace(&long, SqlDialect::DuckDb).columns[0].from.len(), 2);
}
