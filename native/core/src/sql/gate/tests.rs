use super::*;

fn column(name: &str, kind: ColumnType) -> Column {
    Column {
        name: name.into(),
        kind,
        native: (kind == ColumnType::String).then(|| "VARCHAR".into()),
        mask: None,
        denied: false,
    }
}

fn masked(name: &str, kind: ColumnType, mask: Mask) -> Column {
    Column {
        mask: Some(mask),
        ..column(name, kind)
    }
}

fn table(name: &str, columns: Vec<Column>, filters: &[&str]) -> Table {
    let filters = filters.iter().enumerate().map(|(i, sql)| Filter {
        id: format!("rule-{i}"),
        sql: (*sql).into(),
    });
    Table {
        catalog: None,
        schema: None,
        name: name.into(),
        columns,
        filters: filters.collect(),
    }
}

/// `t` is filtered, `m` is masked, `d` has a column that is denied, `free` has no policy.
fn tables(dialect: SqlDialect) -> Vec<Table> {
    use ColumnType::{Date, Integer, String};
    let case = |name: &str| match dialect {
        SqlDialect::Snowflake => name.to_uppercase(),
        _ => name.to_string(),
    };
    let denied = Column {
        denied: true,
        ..column(&case("secret"), Integer)
    };
    vec![
        table(
            &case("t"),
            vec![
                column(&case("id"), Integer),
                column(&case("name"), String),
                column(&case("day"), Date),
            ],
            &["id > 10"],
        ),
        table(
            &case("m"),
            vec![column(&case("id"), Integer), masked(&case("name"), String, Mask::Null)],
            &[],
        ),
        table(&case("d"), vec![column(&case("id"), Integer), denied], &[]),
        table(
            &case("free"),
            vec![column(&case("id"), Integer), column(&case("name"), String)],
            &[],
        ),
    ]
}

fn gate_of(tables: Vec<Table>, facts: Vec<(&str, Attribute)>, dialect: SqlDialect) -> Result<Gate, String> {
    let options = Options {
        tables: Some(tables),
        principal: Principal {
            facts: facts.into_iter().map(|(name, value)| (name.into(), value)).collect(),
        },
        salt: "pepper".into(),
    };
    Gate::new(options, dialect)
}

fn gate(dialect: SqlDialect) -> Gate {
    gate_of(tables(dialect), vec![], dialect).expect("policies are valid")
}

fn runs(sql: &str, dialect: SqlDialect) -> String {
    match gate(dialect).check(sql, None) {
        Ok(verdict) => verdict.sql,
        Err(refusal) => panic!("{sql}: {}", refusal.reason),
    }
}

fn refused(sql: &str, dialect: SqlDialect) -> Code {
    match gate(dialect).check(sql, None) {
        Ok(verdict) => panic!("{sql} runs as {}", verdict.sql),
        Err(refusal) => refusal.code,
    }
}

#[test]
fn a_filter_a_mask_and_a_denied_column_make_a_subselect() {
    assert_eq!(
        runs("SELECT * FROM t", SqlDialect::DuckDb),
        r#"SELECT * FROM (SELECT base."id", base."name", base."day" FROM t AS base WHERE (base."id" > 10)) AS t"#
    );
    assert_eq!(
        runs("SELECT * FROM m AS x", SqlDialect::PostgreSql),
        r#"SELECT * FROM (SELECT base."id", CAST(NULL AS TEXT) AS "name" FROM m AS base) AS x"#
    );
    assert_eq!(
        runs("SELECT id FROM d", SqlDialect::MySql),
        "SELECT id FROM (SELECT base.`id` FROM d AS base) AS d"
    );
    assert_eq!(runs("SELECT id FROM free", SqlDialect::DuckDb), "SELECT id FROM free");
}

/// Each position and how many subselects stand in what runs.
const POSITIONS: [(&str, usize); 29] = [
    ("SELECT id FROM t", 1),
    ("SELECT a.id FROM t AS a, t AS b", 2),
    (
        "SELECT a.id FROM free AS a JOIN t AS b ON a.id = b.id LEFT JOIN m ON m.id = a.id",
        2,
    ),
    ("SELECT id FROM t JOIN m USING (id)", 2),
    ("SELECT id FROM t NATURAL JOIN m", 2),
    ("SELECT a.id FROM (t AS a JOIN m AS b ON a.id = b.id)", 2),
    ("SELECT id FROM (SELECT id FROM t) AS x", 1),
    ("SELECT id FROM (SELECT id FROM (SELECT * FROM m) AS y) AS x", 1),
    ("WITH x AS (SELECT id FROM t) SELECT id FROM x", 1),
    ("WITH t AS (SELECT id FROM t) SELECT id FROM t", 1),
    ("WITH x AS (WITH t AS (SELECT id FROM t) SELECT id FROM t) SELECT x.id FROM x, t", 2),
    (
        "WITH RECURSIVE x AS (SELECT id FROM t UNION ALL SELECT x.id + 1 FROM x JOIN t AS b ON b.id = x.id) SELECT id FROM x",
        2,
    ),
    ("SELECT id FROM t UNION ALL SELECT id FROM m UNION SELECT id FROM free", 2),
    ("SELECT id FROM t EXCEPT SELECT id FROM d", 2),
    ("(SELECT id FROM t) INTERSECT (SELECT id FROM m)", 2),
    ("SELECT id FROM free WHERE id IN (SELECT id FROM t)", 1),
    ("SELECT id FROM free WHERE EXISTS (SELECT 1 FROM t WHERE t.id = free.id)", 1),
    ("SELECT id FROM free WHERE id > ALL (SELECT id FROM t)", 1),
    ("SELECT id, (SELECT max(name) FROM t) AS x FROM free", 1),
    (
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM t) THEN (SELECT max(id) FROM m) ELSE 0 END AS x FROM free",
        2,
    ),
    ("SELECT id FROM free ORDER BY (SELECT max(id) FROM t)", 1),
    ("SELECT id FROM free GROUP BY id HAVING count(*) > (SELECT count(*) FROM t)", 1),
    ("SELECT count(*) FILTER (WHERE id IN (SELECT id FROM t)) AS n FROM free", 1),
    ("SELECT sum(id) OVER (PARTITION BY (SELECT max(id) FROM t)) AS n FROM free", 1),
    ("SELECT coalesce((SELECT max(id) FROM t), (SELECT max(id) FROM m)) AS n", 2),
    ("SELECT id FROM free LIMIT (SELECT count(*) FROM t)", 1),
    ("SELECT a.id FROM free AS a JOIN m AS b ON b.id = (SELECT max(id) FROM t)", 2),
    ("SELECT a.id FROM free AS a, LATERAL (SELECT id FROM t WHERE t.id = a.id) AS b", 1),
    ("VALUES ((SELECT max(id) FROM t))", 1),
];

#[test]
fn every_position_gets_the_subselect() {
    let mut seen = 0;
    for dialect in SqlDialect::ALL {
        for (sql, wanted) in POSITIONS {
            // What the guard refuses in a dialect does not run in it.
            if super::super::analyze(sql, dialect, None).is_err() {
                continue;
            }
            let sql = runs(sql, dialect);
            assert_eq!(sql.matches(" AS base").count(), wanted, "{sql}");
            seen += 1;
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn a_name_that_is_no_table_of_the_person_is_unknown() {
    for dialect in SqlDialect::ALL {
        for sql in ["SELECT 1 FROM nope", "SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM other.t)"] {
            assert_eq!(refused(sql, dialect), Code::TableUnknown, "{sql}");
        }
    }
    // To PostgreSQL these are tables of other names.
    assert_eq!(refused(r#"SELECT 1 FROM "T""#, SqlDialect::PostgreSql), Code::TableUnknown);
    assert_eq!(refused(r#"SELECT 1 FROM "t""#, SqlDialect::Snowflake), Code::TableUnknown);
    assert_eq!(runs("SELECT 1 FROM T", SqlDialect::PostgreSql).matches(" AS base").count(), 1);
    assert_eq!(
        runs("SELECT 1 FROM T", SqlDialect::MySql),
        "SELECT 1 FROM (SELECT base.`id`, base.`name`, base.`day` FROM `t` AS base WHERE (base.`id` > 10)) AS T"
    );
}

#[test]
fn a_recursion_by_name_reads_the_table() {
    let gate = gate(SqlDialect::DuckDb);
    let of =
        |name: &str| format!("WITH RECURSIVE {name} AS (SELECT 1 AS id UNION ALL BY NAME SELECT id FROM {name}) SELECT id FROM {name}");
    assert_eq!(
        gate.check(&of("nope"), None).map_err(|refusal| refusal.code),
        Err(Code::TableUnknown)
    );
    assert_eq!(gate.check(&of("t"), None).expect("allowed").sql.matches(" AS base").count(), 1);
}

#[test]
fn a_row_of_postgresql_calls_no_function() {
    let gate = gate(SqlDialect::PostgreSql);
    for sql in [
        "SELECT free.pg_typeof FROM free",
        "SELECT x.leak FROM (SELECT id FROM free) AS x",
        "SELECT x.leak FROM free AS x, (SELECT 1 AS leak) AS y",
    ] {
        assert_eq!(
            gate.check(sql, None).map_err(|refusal| refusal.code),
            Err(Code::SyntaxNotAllowed),
            "{sql}"
        );
    }
    assert!(gate.check("SELECT x.n FROM (SELECT count(*) AS n FROM free) AS x", None).is_ok());
}

#[test]
fn a_table_without_a_column_for_the_person_is_unknown() {
    let all_denied = Column {
        denied: true,
        ..column("id", ColumnType::Integer)
    };
    let gate = gate_of(vec![table("t", vec![all_denied], &[])], vec![], SqlDialect::DuckDb).expect("valid");
    assert_eq!(
        gate.check("SELECT 1 FROM t", None).map_err(|refusal| refusal.code),
        Err(Code::TableUnknown)
    );
}

#[test]
fn the_path_of_a_table_is_cut_where_its_columns_have_it() {
    assert_eq!(
        runs("SELECT main.d.id, main.d.* FROM main.d WHERE main.d.id = 1", SqlDialect::DuckDb),
        r#"SELECT d.id, d.* FROM (SELECT base."id" FROM main.d AS base) AS d WHERE d.id = 1"#
    );
}

#[test]
fn what_a_person_is_becomes_a_value_and_never_code() {
    let hostile = ["x' OR 1=1 --", r"x\' OR 1=1 --", r"\", r"\\'", "''", "'", "$$", "/*", "\n;"];
    for dialect in SqlDialect::ALL {
        for text in hostile {
            let facts = vec![("region", Attribute::One(Literal::Text(text.into())))];
            let tables = vec![table(
                if dialect == SqlDialect::Snowflake { "T" } else { "t" },
                vec![column(
                    if dialect == SqlDialect::Snowflake { "NAME" } else { "name" },
                    ColumnType::String,
                )],
                &["name = :principal.region"],
            )];
            let gate = gate_of(tables, facts, dialect).expect("valid");
            let sql = gate.check("SELECT 1 FROM t", None).expect("allowed").sql;
            // The text is one token: what stands behind it is the end of the subselect.
            let tokens = super::super::text::check(&sql, dialect).expect("tokens");
            let texts = tokens
                .iter()
                .filter(|token| matches!(token.token, sqlparser::tokenizer::Token::SingleQuotedString(_)))
                .count();
            assert_eq!(texts, 1, "{sql}");
            assert!(sql.ends_with(")) AS t"), "{sql}");
        }
    }
}

fn where_of(filter: &str, facts: Vec<(&str, Attribute)>) -> Result<String, String> {
    let tables = vec![
        table(
            "t",
            vec![column("id", ColumnType::Integer), column("name", ColumnType::String)],
            &[filter],
        ),
        table("m", vec![column("id", ColumnType::Integer)], &[]),
    ];
    let gate = gate_of(tables, facts, SqlDialect::DuckDb)?;
    let sql = gate.check("SELECT id FROM t", None).map_err(|refusal| refusal.reason)?.sql;
    let (_, rest) = sql.split_once(" WHERE ").unwrap_or_default();
    Ok(rest.trim_end_matches(") AS t").to_string())
}

#[test]
fn lists_missing_facts_and_signs() {
    let text = |text: &str| Literal::Text(text.into());
    let list = Attribute::List(vec![text("a"), text("b")]);
    let facts = || {
        vec![
            ("names", list.clone()),
            ("none", Attribute::List(vec![])),
            ("low", Attribute::One(Literal::Number("-2".into()))),
        ]
    };
    assert_eq!(
        where_of("name IN (:principal.names)", facts()).as_deref(),
        Ok("(base.\"name\" IN ('a', 'b'))")
    );
    assert_eq!(
        where_of("name IN ('x', :principal.names)", facts()).as_deref(),
        Ok("(base.\"name\" IN ('x', 'a', 'b'))")
    );
    assert_eq!(
        where_of("name NOT IN (:principal.none)", facts()).as_deref(),
        Ok("(base.\"name\" NOT IN (NULL))")
    );
    assert_eq!(
        where_of("id - :principal.low > 0", facts()).as_deref(),
        Ok("(base.\"id\" - (-2) > 0)")
    );
    assert_eq!(where_of("id > 1 OR name = :principal.missing", facts()).as_deref(), Ok("(1 = 0)"));
    assert!(where_of("name = :principal.names", facts()).is_err_and(|fault| fault.contains("rule-0") && fault.contains("IN (…)")));
}

#[test]
fn a_filter_that_is_not_one_condition_over_the_table_is_named() {
    for filter in [
        "nope = 1",
        "id =",
        "id = 1; DROP TABLE t",
        "id = 1) OR (1 = 1",
        "id = 1 id",
        "read_csv('/etc/passwd') = 1",
        "id IN (SELECT id FROM read_csv('x'))",
        "t.nope = 1",
        "id = $1",
    ] {
        assert!(where_of(filter, vec![]).is_err_and(|fault| fault.contains("rule-0")), "{filter}");
    }
}

#[test]
fn a_filter_reads_other_tables_as_they_are_and_no_query_takes_their_names() {
    let filter = "id IN (SELECT e.id FROM entitlements AS e WHERE e.owner = 'ana' AND e.name = t.name)";
    let written = where_of(filter, vec![]).expect("valid");
    assert_eq!(
        written,
        "(base.\"id\" IN (SELECT e.id FROM entitlements AS e WHERE e.owner = 'ana' AND e.name = base.\"name\"))"
    );
    let tables = vec![table(
        "t",
        vec![column("id", ColumnType::Integer), column("name", ColumnType::String)],
        &[filter],
    )];
    let gate = gate_of(tables, vec![], SqlDialect::DuckDb).expect("valid");
    let capture = "WITH \"Entitlements\" AS (SELECT 1 AS id, 'ana' AS owner, 'x' AS name) SELECT * FROM t";
    assert_eq!(
        gate.check(capture, None).map_err(|refusal| refusal.code),
        Err(Code::SyntaxNotAllowed)
    );
    let own = "SELECT 1 FROM entitlements";
    assert_eq!(gate.check(own, None).map_err(|refusal| refusal.code), Err(Code::TableUnknown));
}

#[test]
fn masks_are_written_in_every_dialect() {
    use ColumnType::{Boolean, Date, Integer, Json, Number, String, Timestamp};
    let masks = [
        Mask::Null,
        Mask::Hash,
        Mask::Partial { first: 2, last: 0 },
        Mask::Partial { first: 0, last: 0 },
        Mask::Partial { first: 1, last: 3 },
        Mask::Size("10".into()),
        Mask::Size("0.5".into()),
        Mask::Unit(Unit::Day),
        Mask::Unit(Unit::Week),
        Mask::Unit(Unit::Month),
        Mask::Unit(Unit::Quarter),
        Mask::Unit(Unit::Year),
        Mask::Constant(Literal::Text("it's".into())),
        Mask::Constant(Literal::Number("-1.5".into())),
        Mask::Constant(Literal::Boolean(true)),
    ];
    for dialect in SqlDialect::ALL {
        for mask in &masks {
            for kind in [String, Integer, Number, Boolean, Date, Timestamp, Json] {
                let (t, c) = if dialect == SqlDialect::Snowflake { ("T", "C") } else { ("t", "c") };
                let gate = gate_of(vec![table(t, vec![masked(c, kind, mask.clone())], &[])], vec![], dialect).expect("valid");
                let verdict = gate.check("SELECT c FROM t", None).expect("allowed");
                assert_eq!(verdict.applied[0].masked, [c], "{}", verdict.sql);
                assert!(!verdict.asked.contains("base"));
            }
        }
    }
}

#[test]
fn the_salt_is_in_what_runs_and_not_in_what_is_shown() {
    let gate = gate_of(
        vec![table("t", vec![masked("c", ColumnType::String, Mask::Hash)], &[])],
        vec![],
        SqlDialect::DuckDb,
    )
    .expect("valid");
    let verdict = gate.check("SELECT c FROM t", Some(5)).expect("allowed");
    assert!(verdict.sql.contains("pepper"));
    assert_eq!(verdict.asked, "SELECT c FROM t LIMIT 6");
}

#[test]
fn what_may_raise_an_error_stands_behind_a_barrier() {
    let barred = |sql: &str| runs(sql, SqlDialect::DuckDb).contains("OFFSET 0");
    for sql in [
        "SELECT id FROM t WHERE CAST(name AS INTEGER) = 1",
        "SELECT id FROM t WHERE name = 1",
        "SELECT id FROM t WHERE 10 / id > 1",
        "SELECT id FROM t WHERE name = 'x' AND id = 'garbage'",
        "SELECT id FROM t WHERE name = 'x' AND day = '2024-02-31'",
        "SELECT id FROM t WHERE CASE WHEN name = 'x' THEN CAST('a' AS INTEGER) END = 1",
        "SELECT id FROM t WHERE name LIKE 'a\\'",
        "SELECT id FROM t WHERE id = 1.0000000000000000000000000000000001",
        "SELECT id FROM t WHERE (SELECT a.id FROM free AS a WHERE a.name = t.name) = 1",
        "SELECT id FROM (SELECT CAST(name AS INTEGER) AS id FROM t) AS x WHERE id = 1",
        "SELECT CAST(name AS INTEGER) AS n FROM t WHERE n = 1",
        "WITH x AS (SELECT CAST(name AS INTEGER) AS n FROM t) SELECT n FROM x",
        "SELECT CAST(name AS INTEGER) AS n, count(*) FROM t GROUP BY 1 HAVING n > 5",
        "SELECT t.id FROM t JOIN free ON CAST(free.name AS INTEGER) = t.id",
        "SELECT t.id FROM t JOIN free ON free.name = t.id",
        "SELECT id FROM free WHERE EXISTS (SELECT 1 FROM t WHERE CAST(t.name AS INTEGER) = free.id)",
        "SELECT id FROM free GROUP BY id HAVING EXISTS (SELECT 1 FROM t WHERE 1 / (t.id - max(free.id)) > 0)",
        "SELECT id FROM t WHERE free.x IS NULL",
        "SELECT x FROM t AS a(x, y, z) WHERE y = 5",
        "SELECT id FROM (SELECT id FROM t UNION ALL SELECT name FROM free) AS x WHERE id = 1",
        "SELECT id FROM t NATURAL JOIN free",
        "SELECT id FROM t WHERE (SELECT count(10 / t.id + f.id) FROM free AS f) >= 0",
        "SELECT id FROM t WHERE (SELECT count(*) FILTER (WHERE 10 / t.id > f.id) FROM free AS f) >= 0",
        "SELECT id FROM t WHERE 1 IN (SELECT count(*) OVER (ORDER BY 10 / t.id) FROM free AS f)",
        "SELECT id FROM t WHERE 1 IN (SELECT ntile(t.id) OVER (ORDER BY f.id) FROM free AS f)",
        "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM free AS f GROUP BY f.id, 10 / t.id)",
        "SELECT id FROM t WHERE EXISTS (SELECT 10 / t.id AS x FROM free AS f GROUP BY f.id)",
        "SELECT id FROM t WHERE (SELECT max(f.id) / t.id FROM free AS f) > 1",
        "SELECT id FROM t WHERE 1 IN (SELECT f.id FROM free AS f ORDER BY 10 / t.id LIMIT 3)",
        "SELECT id FROM t WHERE 1 IN (SELECT f.id FROM free AS f LIMIT t.id)",
    ] {
        assert!(barred(sql), "{sql}");
    }
    for sql in [
        "SELECT * FROM t",
        "SELECT name, count(*) AS n, sum(id) * 1.0 / count(*) AS share FROM t GROUP BY name ORDER BY n DESC LIMIT 5",
        "SELECT id / 0 AS x, CAST(name AS INTEGER) AS y FROM t WHERE name IN ('a', 'b') AND day >= '2024-01-31'",
        "SELECT id FROM t WHERE name LIKE 'a%' AND day BETWEEN DATE '2024-01-01' AND '2024-12-31' AND id <> 5",
        "SELECT a.id FROM t AS a JOIN free AS b ON a.id = b.id LEFT JOIN m USING (id) WHERE lower(b.name) = 'x'",
        "SELECT name FROM t GROUP BY name HAVING count(*) > 3 AND sum(id) / count(*) > 2.5",
        "WITH x AS (SELECT name AS who, sum(id) / count(*) AS share FROM t GROUP BY name) SELECT who FROM x WHERE share > 0.5 AND who = 'a'",
        "SELECT id FROM t WHERE id > (SELECT avg(id) FROM t)",
        "SELECT id FROM t WHERE year(day) = 2024 AND name IS NOT NULL",
        "SELECT id, row_number() OVER (ORDER BY day) AS r FROM t QUALIFY row_number() OVER (ORDER BY day) = 1",
        "SELECT id FROM t UNION ALL SELECT id + 1 FROM free",
        "SELECT id FROM t WHERE id IN (SELECT f.id FROM free AS f WHERE f.name = t.name ORDER BY f.id LIMIT 3)",
        "SELECT id FROM t WHERE (SELECT count(*) FROM free AS f WHERE f.id = t.id) > 1",
    ] {
        assert!(!barred(sql), "{sql}");
    }
    // Without a filter no row is hidden.
    assert!(!barred("SELECT id FROM m WHERE CAST(name AS INTEGER) = 1"));
}

#[test]
fn each_dialect_has_its_barrier() {
    for (dialect, barrier) in [
        (SqlDialect::DuckDb, "OFFSET 0"),
        (SqlDialect::PostgreSql, "OFFSET 0"),
        (SqlDialect::Snowflake, "LIMIT 9223372036854775807"),
        (SqlDialect::Databricks, "rand() >= 0"),
        (SqlDialect::MySql, "LIMIT 18446744073709551615"),
        (SqlDialect::Sqlite, "LIMIT -1 OFFSET 0"),
    ] {
        let sql = runs("SELECT id FROM t WHERE 10 / id > 1", dialect);
        assert!(sql.contains(barrier), "{sql}");
    }
}

#[test]
fn rows_are_drawn_from_what_the_person_sees() {
    for (dialect, sql) in [
        (
            SqlDialect::DuckDb,
            "SELECT id FROM t TABLESAMPLE BERNOULLI (10 PERCENT) REPEATABLE (42)",
        ),
        (SqlDialect::Snowflake, "SELECT id FROM t SAMPLE BERNOULLI (10) SEED (42)"),
    ] {
        let sql = runs(sql, dialect);
        let (before, _) = sql.split_once("SAMPLE").unwrap_or_default();
        assert!(before.contains("AS base WHERE"), "{sql}");
    }
}

#[test]
fn without_tables_only_the_statement_is_judged() {
    let gate = Gate::new(Options::default(), SqlDialect::DuckDb).expect("valid");
    let verdict = gate.check("SELECT a FROM x.y", None).expect("allowed");
    assert_eq!(
        (verdict.sql.as_str(), verdict.asked.as_str()),
        ("SELECT a FROM x.y", "SELECT a FROM x.y")
    );
    assert_eq!(verdict.tables[0].name, "y");
    assert!(gate.check("DROP TABLE x", None).is_err());
}

#[test]
fn the_report_names_tables_columns_and_policies() {
    let verdict = gate(SqlDialect::DuckDb)
        .check(
            "SELECT x.name, count(*) FROM t AS x JOIN m ON m.id = x.id WHERE day = '2024-01-01' GROUP BY x.name",
            None,
        )
        .expect("allowed");
    let columns: Vec<_> = verdict
        .tables
        .iter()
        .map(|table| (table.name.as_str(), table.columns.join(" ")))
        .collect();
    assert_eq!(columns, [("t", "id name day".to_string()), ("m", "id".to_string())]);
    assert_eq!(
        verdict.applied,
        [Applied {
            table: "t".into(),
            filters: vec!["rule-0".into()],
            masked: vec![]
        }]
    );
}

#[test]
fn columns_that_tell_of_files_are_refused() {
    for sql in ["SELECT _metadata.file_path FROM free", "SELECT free._metadata FROM free"] {
        assert_eq!(refused(sql, SqlDialect::Databricks), Code::SyntaxNotAllowed, "{sql}");
    }
    assert_eq!(
        refused("SELECT METADATA$FILENAME FROM free", SqlDialect::Snowflake),
        Code::SyntaxNotAllowed
    );
}

#[test]
fn the_inner_alias_is_a_name_of_its_own() {
    let tables = vec![table(
        "t",
        vec![column("base", ColumnType::Integer)],
        &["base IN (SELECT base_.id FROM entitlements AS base_)"],
    )];
    let gate = gate_of(tables, vec![], SqlDialect::DuckDb).expect("valid");
    let sql = gate.check("SELECT base FROM t AS base", None).expect("allowed").sql;
    assert!(sql.contains("FROM t AS base__ WHERE (base__.\"base\" IN (SELECT base_.id"), "{sql}");
}

/// Positions that only some systems have.
const OWN_POSITIONS: [(SqlDialect, &str, usize); 29] = [
    (SqlDialect::DuckDb, "FROM t", 1),
    (SqlDialect::DuckDb, "FROM t AS x SELECT x.id", 1),
    (SqlDialect::DuckDb, "SELECT * FROM t PIVOT (sum(id) FOR name IN ('a', 'b'))", 1),
    (
        SqlDialect::DuckDb,
        "SELECT * FROM (SELECT name, id FROM t) AS x PIVOT (sum(id) FOR name IN ('a', 'b'))",
        1,
    ),
    (SqlDialect::DuckDb, "SELECT * FROM t UNPIVOT (v FOR n IN (id, name))", 1),
    (SqlDialect::DuckDb, "UNPIVOT t ON id INTO NAME n VALUE v", 1),
    (
        SqlDialect::DuckDb,
        "SELECT a.id FROM free AS a ASOF JOIN t AS b ON a.name = b.name AND a.id >= b.id",
        1,
    ),
    (
        SqlDialect::DuckDb,
        "SELECT a.id FROM t AS a ASOF LEFT JOIN m AS b USING (name, id)",
        2,
    ),
    (
        SqlDialect::DuckDb,
        "SELECT id FROM t TABLESAMPLE BERNOULLI (10 PERCENT) REPEATABLE (42)",
        1,
    ),
    (SqlDialect::DuckDb, "SELECT u.x FROM unnest((SELECT list(id) FROM t)) AS u(x)", 1),
    (
        SqlDialect::DuckDb,
        "SELECT [x + 1 for x in (SELECT list(id) FROM t) if x > (SELECT min(id) FROM m)] AS l",
        2,
    ),
    (
        SqlDialect::DuckDb,
        "SELECT id FROM free QUALIFY row_number() OVER (ORDER BY (SELECT max(id) FROM t)) = 1",
        1,
    ),
    (
        SqlDialect::PostgreSql,
        "SELECT DISTINCT ON ((SELECT max(id) FROM t)) id FROM free",
        1,
    ),
    (SqlDialect::PostgreSql, "SELECT id FROM free WHERE id = ANY (SELECT id FROM t)", 1),
    (SqlDialect::PostgreSql, "SELECT array(SELECT id FROM t) AS a", 1),
    (
        SqlDialect::PostgreSql,
        "SELECT g FROM generate_series(1, (SELECT max(id) FROM t)) AS g",
        1,
    ),
    (SqlDialect::Snowflake, "SELECT id FROM t AT(OFFSET => -60) AS x", 1),
    (SqlDialect::Snowflake, "SELECT id FROM t BEFORE(STATEMENT => 'x')", 1),
    (SqlDialect::Snowflake, "SELECT id FROM t SAMPLE BERNOULLI (10) SEED (42)", 1),
    (
        SqlDialect::Snowflake,
        "SELECT * FROM t PIVOT(sum(id) FOR name IN ('a', 'b')) AS p",
        1,
    ),
    (
        SqlDialect::Snowflake,
        "SELECT * FROM t PIVOT(sum(id) FOR name IN (SELECT name FROM m))",
        2,
    ),
    (
        SqlDialect::Snowflake,
        "SELECT f.value FROM t, LATERAL FLATTEN(input => t.name) AS f",
        1,
    ),
    (
        SqlDialect::Snowflake,
        "SELECT f.value FROM TABLE(FLATTEN(input => (SELECT array_agg(id) FROM t))) AS f",
        1,
    ),
    (
        SqlDialect::Snowflake,
        "SELECT id FROM t START WITH id = 1 CONNECT BY PRIOR id = id",
        1,
    ),
    (
        SqlDialect::Snowflake,
        "SELECT a.id FROM free AS a ASOF JOIN t AS b MATCH_CONDITION (a.id >= b.id) ON a.name = b.name",
        1,
    ),
    (SqlDialect::Databricks, "SELECT id FROM t VERSION AS OF 3", 1),
    (SqlDialect::Databricks, "SELECT id FROM t TIMESTAMP AS OF '2024-01-01' AS x", 1),
    (
        SqlDialect::Databricks,
        "SELECT x.id, e.col FROM t AS x LATERAL VIEW explode(array(1, 2)) e AS col",
        1,
    ),
    (
        SqlDialect::MySql,
        "SELECT a.id FROM free AS a STRAIGHT_JOIN t AS b ON a.id = b.id",
        1,
    ),
];

#[test]
fn positions_of_one_system_get_the_subselect_too() {
    let mut refused = Vec::new();
    for (dialect, sql, wanted) in OWN_POSITIONS {
        match gate(dialect).check(sql, Some(9)) {
            Ok(verdict) => assert_eq!(verdict.sql.matches(" AS base").count(), wanted, "{}", verdict.sql),
            Err(refusal) => refused.push(format!("{sql}: {}", refusal.reason)),
        }
    }
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn of_a_subselect_postgresql_draws_no_sample() {
    let sql = "SELECT id FROM free TABLESAMPLE BERNOULLI (10) REPEATABLE (42)";
    assert_eq!(runs(sql, SqlDialect::PostgreSql), sql);
    assert_eq!(
        refused(
            "SELECT id FROM t TABLESAMPLE BERNOULLI (10) REPEATABLE (42)",
            SqlDialect::PostgreSql
        ),
        Code::SyntaxNotAllowed
    );
}

#[test]
fn a_query_does_not_grow_without_end() {
    let uses = |count: usize| vec!["SELECT id FROM t"; count].join(" UNION ALL ");
    assert_eq!(runs(&uses(90), SqlDialect::DuckDb).matches(" AS base").count(), 90);
    assert_eq!(refused(&uses(500), SqlDialect::DuckDb), Code::TooComplex);
}
