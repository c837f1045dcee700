"""The synthetic game's default preset as a plain Python loop: the same model, event types, fields and order of lines, one
event at a time, without defects and without a ground truth.

usage: python3 generate.py FOLDER PLAYERS DAYS    Writes FOLDER/dt=….ndjson; prints the number of events and the
processor seconds of the process.
"""
import json
import os
import random
import sys
import time
import uuid
from datetime import datetime, timedelta, timezone

STARTER, SMALL, MEDIUM, PASS, LARGE, HUGE = PRODUCTS = [
    ("starter_pack", 1.99), ("gems_small", 4.99), ("gems_medium", 9.99),
    ("season_pass", 14.99), ("gems_large", 49.99), ("gems_huge", 99.99),
]
SEGMENTS = [  # share, activity, fade, churn, sessions, tries, payers, ads, skill, basket
    (0.45, 0.46, 0.03, 0.016, 1.5, 2.25, 0.015, 0.25, 0.0, {STARTER: 6, SMALL: 1}),
    (0.3, 0.36, 0.12, 0.2, 1.3, 2.3, 0.0025, 0.2, -0.08, {STARTER: 6, SMALL: 1}),
    (0.07, 0.72, 0.012, 0.008, 2.4, 3.4, 0.5, 0.15, 0.06, {STARTER: 4, SMALL: 4, MEDIUM: 2, PASS: 1}),
    (0.15, 0.8, 0.008, 0.006, 3.1, 4.5, 0.06, 0.3, 0.12, {STARTER: 5, SMALL: 2, MEDIUM: 1}),
    (0.03, 0.86, 0.006, 0.004, 3.0, 4.2, 0.95, 0.05, 0.1, {STARTER: 1, SMALL: 2, MEDIUM: 4, PASS: 4, LARGE: 3, HUGE: 2}),
]
COUNTRIES = {
    "US": (28, -6), "BR": (12, -3), "GB": (9, 0), "DE": (11, 1), "PL": (6, 1), "TR": (7, 3), "IN": (13, 5.5), "KR": (6, 9), "JP": (8, 9),
}
PLATFORMS = {"ios": 42, "android": 50, "web": 8}
SOURCES = {"organic": 45, "google_ads": 22, "facebook": 20, "influencer": 8, "cross_promo": 5}
PLACEMENTS = {"rewarded_continue": 40, "rewarded_boost": 35, "interstitial": 25}
HOURS = [3, 2, 1, 1, 1, 1, 2, 4, 5, 5, 5, 5, 7, 6, 5, 5, 6, 8, 10, 12, 13, 12, 9, 6]
LAUNCH = datetime(2026, 1, 1, tzinfo=timezone.utc)


def draw(weights):
    return random.choices(list(weights), list(weights.values()))[0]


def draw_count(mean, most):
    count = 0
    while count < most and random.random() < mean / (1 + mean):
        count += 1
    return count


def draw_uuid():
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def plan_acquisition(days):
    weights = [1 / (1 + 5 * day / days) + (1.2 if 15 <= day <= 18 else 0) for day in range(days)]
    later = sum(weights[1:])
    return [0.4] + [0.6 * weight / later for weight in weights[1:]]


def make_player(acquisition):
    segment = random.choices(SEGMENTS, [one[0] for one in SEGMENTS])[0]
    country = random.choices(list(COUNTRIES), [weight for weight, _ in COUNTRIES.values()])[0]
    return {
        "id": draw_uuid(),
        "segment": segment,
        "country": country,
        "offset": COUNTRIES[country][1],
        "platform": draw(PLATFORMS),
        "source": draw(SOURCES),
        "acquired": random.choices(range(len(acquisition)), acquisition)[0],
        "pays": random.random() < segment[6],
        "gone": False,
        "level": 1,
    }


def make_event(events, player, kind, at, properties):
    event = {
        "event_id": draw_uuid(),
        "player_id": player["id"],
        "event_type": kind,
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "properties": properties,
    }
    events.append((at, json.dumps(event, separators=(",", ":"))))


def play_session(events, player, at, version, is_first):
    _, _, _, _, _, tries, _, ads, skill, basket = player["segment"]
    own = {"session_id": draw_uuid()}
    about = {"country": player["country"], "platform": player["platform"]}
    begun = at
    if is_first:
        make_event(events, player, "player_registered", at, {**about, "source": player["source"], "app_version": version})
    make_event(events, player, "session_start", at, {**about, "app_version": version, **own})
    for _ in range(1 + draw_count(tries - 1, 60)):
        at += timedelta(seconds=2 + random.random() * 15)
        level = player["level"]
        make_event(events, player, "level_start", at, {"level": level, **own})
        spent = 20 + random.random() * 130
        at += timedelta(seconds=spent)
        hard = 0.25 if level % 7 == 0 else 0
        won = random.random() < min(0.97, max(0.1, 0.82 - min(0.3, 0.004 * level) - hard + skill))
        make_event(events, player, "level_complete", at, {"level": level, "success": won, "time_spent": round(spent, 1), **own})
        if won:
            player["level"] += 1
            if level % 5 == 0:
                make_event(events, player, "achievement_unlocked", at + timedelta(milliseconds=40), {"achievement_id": f"level_{level}", **own})
        if random.random() < ads:
            shown = at + timedelta(milliseconds=200 + random.random() * 300)
            revenue = round(0.004 + random.random() * 0.03, 4)
            make_event(events, player, "ad_watched", shown, {"revenue": revenue, "placement": draw(PLACEMENTS), **own})
    if player["pays"] and random.random() < 0.25:
        product, price = draw(basket)
        bought = at + timedelta(milliseconds=600)
        make_event(events, player, "purchase", bought, {"amount": price, "currency": "USD", "product_id": product, **own})
    at += timedelta(seconds=1 + random.random() * 20)
    make_event(events, player, "session_end", at, {"duration_s": round((at - begun).total_seconds()), **own})
    return at


def play_day(events, player, day):
    _, activity, fade, churn, sessions, *_ = player["segment"]
    midnight = LAUNCH + timedelta(days=day)
    age = day - player["acquired"]
    if age < 0 or player["gone"]:
        return
    lift = 1.18 if midnight.weekday() >= 5 else 1
    if age > 0:
        player["gone"] = random.random() < churn
        update = 1 + 0.15 * (1 - (day - 16) / 7) if 16 <= day < 23 else 1
        if player["gone"] or random.random() >= activity / (1 + fade * age) * lift * update:
            return
    version = "1.5.0" if day >= 16 else "1.4.1" if day >= 10 else "1.4.0"
    hours = random.choices(range(24), HOURS, k=1 + draw_count((sessions - 1) * lift, 12))
    free = midnight
    for hour in sorted((hour + random.random() - player["offset"]) % 24 for hour in hours):
        start = max(midnight + timedelta(hours=hour), free)
        if start >= midnight + timedelta(days=1):
            break
        is_first = age == 0 and free == midnight
        free = play_session(events, player, start, version, is_first) + timedelta(minutes=31)


def main(folder, count, days):
    random.seed(1)
    os.makedirs(folder, exist_ok=True)
    acquisition = plan_acquisition(days)
    players = [make_player(acquisition) for _ in range(count)]
    total = 0
    for day in range(days):
        events = []
        for player in players:
            play_day(events, player, day)
        events.sort(key=lambda event: event[0])
        with open(f"{folder}/dt={(LAUNCH + timedelta(days=day)).date()}.ndjson", "w") as out:
            for _, line in events:
                out.write(line)
                out.write("\n")
        total += len(events)
    print(total, time.process_time())


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
