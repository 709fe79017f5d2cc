"""Reads {"tables": [...], "statements": [...]} and prints, a statement, its rows as text or why fakesnow does not run it."""

import json
import sys

import fakesnow
import snowflake.connector

task = json.load(sys.stdin)
with fakesnow.patch():
    cursor = snowflake.connector.connect(database="corpus", schema="public").cursor()
    for table in task["tables"]:
        cursor.execute(table)
    results = []
    for statement in task["statements"]:
        try:
            results.append({"rows": [str(row) for row in cursor.execute(statement).fetchall()]})
        except Exception as error:
            results.append({"error": str(error).split("\n")[0][:200]})
print("RESULTS" + json.dumps(results))
