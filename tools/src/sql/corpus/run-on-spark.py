"""Reads {"tables": [...], "statements": [...]} and prints, a statement, its rows as text or why Spark does not run it."""

import json
import sys

from pyspark.sql import SparkSession

task = json.load(sys.stdin)
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
for table in task["tables"]:
    spark.sql(table)
results = []
for statement in task["statements"]:
    try:
        results.append({"rows": [str(tuple(row)) for row in spark.sql(statement).collect()]})
    except Exception as error:
        results.append({"error": str(error).split("\n")[0][:200]})
print("RESULTS" + json.dumps(results))
