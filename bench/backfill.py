"""The usual recipe in one process: gzip, json.loads a line in try/except, checks of the contract's fields, a list of dicts,
Polars, three tables as Parquet.

usage: python3 backfill.py RAW_FOLDER OUT_FOLDER    Reads RAW_FOLDER/dt=DAY/*.ndjson.gz, writes OUT_FOLDER; prints JSON:
seconds by step, processor seconds, and totals of the tables.
"""
import gzip
import json
import sys
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import polars as pl

TEXT, INTEGER, NUMBER, BOOLEAN = (str,), (int,), (int, float), (bool,)
PROPERTIES = {
    "session_id": TEXT, "country": TEXT, "platform": TEXT, "source": TEXT, "app_version": TEXT, "duration_s": NUMBER,
    "level": INTEGER, "success": BOOLEAN, "time_spent": NUMBER, "amount": NUMBER, "currency": TEXT, "product_id": TEXT,
    "revenue": NUMBER, "placement": TEXT, "achievement_id": TEXT,
}
COLUMN_TYPES = {TEXT: pl.String, INTEGER: pl.Int64, NUMBER: pl.Float64, BOOLEAN: pl.Boolean}
CARRIED = {  # event type: properties that it needs, others that it may have
    "player_registered": ((), ("country", "platform", "source", "app_version")),
    "session_start": (("session_id",), ("platform", "country", "app_version")),
    "session_end": (("session_id",), ("duration_s",)),
    "level_start": (("level",), ("session_id",)),
    "level_complete": (("level", "success"), ("time_spent", "session_id")),
    "purchase": (("amount",), ("currency", "product_id", "session_id")),
    "ad_watched": ((), ("revenue", "placement", "session_id")),
    "achievement_unlocked": (("achievement_id",), ("session_id",)),
}
FIELDS = ("event_id", "player_id", "event_type", "timestamp")
SCHEMA = {
    "event_id": pl.String, "player_id": pl.String, "event_type": pl.String, "timestamp": pl.Datetime("us", "UTC"),
    "arrival_day": pl.Date, **{name: COLUMN_TYPES[kind] for name, kind in PROPERTIES.items()},
}
MOST_LINE_BYTES = 1_048_576


def read_event(line, arrival_day):
    """The event of a line as a dict of columns; ValueError when it is none by the contract."""
    if len(line) > MOST_LINE_BYTES:
        raise ValueError("oversized")
    event = json.loads(line)
    if not isinstance(event, dict):
        raise ValueError("malformed")
    for name in FIELDS:
        if not isinstance(event.get(name), str) or not event[name]:
            raise ValueError(name)
    if event["event_type"] not in CARRIED:
        raise ValueError("unknown_type")
    needed, other = CARRIED[event["event_type"]]
    properties = event.get("properties") or {}
    if not isinstance(properties, dict):
        raise ValueError("properties")
    row = {name: event[name] for name in FIELDS}
    for name in needed + other:
        value = properties.get(name)
        if value is None or value == "":
            if name in needed:
                raise ValueError(name)
        elif type(value) not in PROPERTIES[name]:
            raise ValueError(name)
        elif PROPERTIES[name] in (INTEGER, NUMBER) and value < 0:
            raise ValueError("out_of_range")
        row[name] = value
    at = datetime.fromisoformat(event["timestamp"])
    if at.tzinfo is None:
        raise ValueError("timestamp")
    at = at.astimezone(timezone.utc)
    if not arrival_day - timedelta(days=7) <= at.date() <= arrival_day + timedelta(days=1):
        raise ValueError("out of the window")
    row["timestamp"] = at
    row["arrival_day"] = arrival_day
    return row


def read_day(folder):
    arrival_day = date.fromisoformat(folder.name.removeprefix("dt="))
    rows, rejected = [], 0
    for path in sorted(folder.iterdir()):
        with gzip.open(path) as lines:
            for line in lines:
                try:
                    rows.append(read_event(line, arrival_day))
                except ValueError:
                    rejected += 1
    return pl.DataFrame(rows, schema=SCHEMA), rejected


def build_metrics(events, cohorts):
    daily = events.group_by("date").agg(
        pl.col("player_id").n_unique().alias("dau"),
        pl.len().alias("events"),
        (pl.col("event_type") == "session_start").sum().alias("session_starts"),
        pl.col("amount_base").sum().alias("revenue"),
        pl.col("revenue").sum().alias("ad_revenue"),
        pl.col("player_id").filter(pl.col("amount_base") > 0).n_unique().alias("payers"),
    )
    new = cohorts.group_by("cohort_date").agg(pl.len().alias("new_players")).rename({"cohort_date": "date"})
    return (
        daily.join(new, on="date", how="left")
        .with_columns(pl.col("new_players").fill_null(0))
        .with_columns(
            (pl.col("payers") / pl.col("dau")).alias("conversion_rate"),
            ((pl.col("revenue") + pl.col("ad_revenue")) / pl.col("dau")).alias("arpdau"),
            (pl.col("revenue") / pl.col("payers")).alias("arppu"),
        )
        .sort("date")
    )


def build_retention(events, cohorts):
    last = events["date"].max()
    active = events.select("player_id", "date").unique().join(cohorts, on="player_id")
    sizes = cohorts.group_by("cohort_date").agg(pl.len().alias("cohort_size"))
    retained = active.group_by("cohort_date", (pl.col("date") - pl.col("cohort_date")).dt.total_days().alias("day_n")).agg(
        pl.len().alias("retained")
    )
    cells = sizes.join(pl.DataFrame({"day_n": range(31)}, schema={"day_n": pl.Int64}), how="cross")
    return (
        cells.filter(pl.col("cohort_date") + pl.duration(days="day_n") <= last)
        .join(retained, on=["cohort_date", "day_n"], how="left")
        .with_columns(pl.col("retained").fill_null(0))
        .with_columns((pl.col("retained") / pl.col("cohort_size")).alias("rate"))
        .sort("cohort_date", "day_n")
    )


def main(raw, out):
    steps = {}
    since = time.perf_counter()

    def end(step):
        nonlocal since
        now = time.perf_counter()
        steps[step] = round(now - since, 3)
        since = now

    days = [read_day(folder) for folder in sorted(raw.glob("dt=*"))]
    end("read")
    events = (
        pl.concat([frame for frame, _ in days])
        .with_columns(
            pl.col("timestamp").dt.date().alias("date"),
            pl.when((pl.col("event_type") == "purchase") & (pl.col("currency").fill_null("USD") == "USD"))
            .then(pl.col("amount"))
            .alias("amount_base"),
        )
        .sort("arrival_day", "timestamp", maintain_order=True)
        .unique(["date", "event_id"], keep="first", maintain_order=True)
        .sort("date", "player_id", "timestamp", "event_id")
    )
    for (day,), rows in events.partition_by("date", as_dict=True, maintain_order=True).items():
        folder = out / "events_cleaned" / f"date={day}"
        folder.mkdir(parents=True)
        rows.write_parquet(folder / "data.parquet", compression="zstd")
    end("events_cleaned")
    cohorts = events.group_by("player_id").agg(pl.col("date").min().alias("cohort_date"))
    daily = build_metrics(events, cohorts)
    daily.write_parquet(out / "daily_metrics.parquet", compression="zstd")
    end("daily_metrics")
    retention = build_retention(events, cohorts)
    retention.write_parquet(out / "retention_cohorts.parquet", compression="zstd")
    end("retention_cohorts")
    totals = {
        "events": events.height,
        "dau": int(daily["dau"].sum()),
        "revenue": round(daily["revenue"].sum(), 2),
        "adRevenue": round(daily["ad_revenue"].sum(), 2),
        "newPlayers": int(daily["new_players"].sum()),
        "retainedOnDay1": int(retention.filter(pl.col("day_n") == 1)["retained"].sum()),
    }
    rejected = sum(count for _, count in days)
    print(json.dumps({"steps": steps, "cpuSeconds": time.process_time(), "rejected": rejected, "totals": totals}))


main(Path(sys.argv[1]), Path(sys.argv[2]))
