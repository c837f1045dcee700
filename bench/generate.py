"""The synthetic game's default preset as a plain Python loop: the same model, event types and fields, one event at a time.

usage: python3 generate.py FOLDER PLAYERS DAYS    Writes FOLDER/dt=….ndjson and prints the number of events.
"""
import json
import os
import random
import sys
import uuid
from datetime import datetime, timedelta, timezone

SEGMENTS = [  # name, share, activity, fade, churn, sessions, tries, payers, ads, skill
    ("casual", 0.45, 0.46, 0.03, 0.016, 1.5, 2.25, 0.015, 0.25, 0.0),
    ("churner", 0.3, 0.36, 0.12, 0.2, 1.3, 2.3, 0.0025, 0.2, -0.08),
    ("dolphin", 0.07, 0.72, 0.012, 0.008, 2.4, 3.4, 0.5, 0.15, 0.06),
    ("grinder", 0.15, 0.8, 0.008, 0.006, 3.1, 4.62, 0.06, 0.3, 0.12),
    ("whale", 0.03, 0.86, 0.006, 0.004, 3.0, 4.2, 0.95, 0.05, 0.1),
]
COUNTRIES = {"US": (28, -6), "BR": (12, -3), "GB": (9, 0), "DE": (11, 1), "PL": (6, 1), "TR": (7, 3), "IN": (13, 5.5), "KR": (6, 9), "JP": (8, 9)}
HOURS = [3, 2, 1, 1, 1, 1, 2, 4, 5, 5, 5, 5, 7, 6, 5, 5, 6, 8, 10, 12, 13, 12, 9, 6]
PRODUCTS = [("starter_pack", 1.99), ("gems_small", 4.99), ("gems_medium", 9.99), ("season_pass", 14.99), ("gems_large", 49.99), ("gems_huge", 99.99)]
LAUNCH = datetime(2026, 1, 1, tzinfo=timezone.utc)


def draw_count(mean):
    count = 0
    while random.random() < mean / (1 + mean):
        count += 1
    return count


def make_player(days):
    segment = random.choices(SEGMENTS, [s[1] for s in SEGMENTS])[0]
    country = random.choices(list(COUNTRIES), [c[0] for c in COUNTRIES.values()])[0]
    return {
        "id": str(uuid.UUID(int=random.getrandbits(128), version=4)),
        "segment": segment,
        "country": country,
        "offset": COUNTRIES[country][1],
        "platform": random.choices(["ios", "android", "web"], [42, 50, 8])[0],
        "source": random.choices(["organic", "google_ads", "facebook"], [45, 22, 20])[0],
        "acquired": 0 if random.random() < 0.4 else random.randrange(days),
        "pays": random.random() < segment[7],
        "gone": False,
        "level": 1,
    }


def make_event(events, player, kind, at, properties):
    events.append((at, json.dumps({
        "event_id": str(uuid.UUID(int=random.getrandbits(128), version=4)),
        "player_id": player["id"],
        "event_type": kind,
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "properties": properties,
    }, separators=(",", ":"))))


def play_session(events, player, at, is_first):
    _, _, _, _, _, _, tries, _, ads, skill = player["segment"]
    own = {"session_id": str(uuid.UUID(int=random.getrandbits(128), version=4))}
    about = {"country": player["country"], "platform": player["platform"], "app_version": "1.4.0"}
    begun = at
    if is_first:
        make_event(events, player, "player_registered", at, {**about, "source": player["source"]})
    make_event(events, player, "session_start", at, {**own, **about})
    for _ in range(1 + draw_count(tries - 1)):
        at += timedelta(seconds=2 + random.random() * 15)
        make_event(events, player, "level_start", at, {"level": player["level"], **own})
        spent = 20 + random.random() * 130
        at += timedelta(seconds=spent)
        level = player["level"]
        won = random.random() < min(0.97, max(0.1, 0.82 - min(0.3, level / 250) - (0.25 if level % 7 == 0 else 0) + skill))
        make_event(events, player, "level_complete", at, {"level": level, "success": won, "time_spent": round(spent, 1), **own})
        if won:
            player["level"] += 1
            if level % 5 == 0:
                make_event(events, player, "achievement_unlocked", at, {"achievement_id": f"level_{level}", **own})
        if random.random() < ads:
            placement = random.choices(["rewarded_continue", "rewarded_boost", "interstitial"], [40, 35, 25])[0]
            make_event(events, player, "ad_watched", at, {"revenue": round(0.004 + random.random() * 0.03, 4), "placement": placement, **own})
    if player["pays"] and random.random() < 0.25:
        product, price = random.choices(PRODUCTS, [4, 4, 2, 1, 1, 1])[0]
        make_event(events, player, "purchase", at, {"amount": price, "currency": "USD", "product_id": product, **own})
    at += timedelta(seconds=1 + random.random() * 20)
    make_event(events, player, "session_end", at, {**own, "duration_s": round((at - begun).total_seconds())})


def main(folder, count, days):
    random.seed(1)
    os.makedirs(folder, exist_ok=True)
    players = [make_player(days) for _ in range(count)]
    total = 0
    for day in range(days):
        midnight = LAUNCH + timedelta(days=day)
        lift = 1.18 if midnight.weekday() >= 5 else 1
        events = []
        for player in players:
            age = day - player["acquired"]
            if age < 0 or player["gone"]:
                continue
            _, _, activity, fade, churn, sessions, _, _, _, _ = player["segment"]
            if age > 0:
                player["gone"] = random.random() < churn
                if random.random() >= activity / (1 + fade * age) * lift:
                    continue
            for n in range(1 + draw_count((sessions - 1) * lift)):
                hour = (random.choices(range(24), HOURS)[0] + random.random() - player["offset"]) % 24
                play_session(events, player, midnight + timedelta(hours=hour), age == 0 and n == 0)
        events.sort(key=lambda event: event[0])
        with open(f"{folder}/dt={midnight.date()}.ndjson", "w") as out:
            for _, line in events:
                out.write(line)
                out.write("\n")
        total += len(events)
    print(total)


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
