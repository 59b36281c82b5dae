#!/usr/bin/env python3
"""Second verifier of a chouqian draw: Python 3.8 or later, its standard library, nothing of chouqian.

    python3 chouqian_verify.py DRAW_FOLDER TABLES_FOLDER

DRAW_FOLDER holds manifest.json and plan.json; TABLES_FOLDER is what `chouqian frame export --all` wrote: columns.json
and one table a block. Written from the draw specification: recomputes the digests, the seed and the whole draw, and
names the first difference. Exit code 0: all agrees; 3: it does not; 2: files are missing. Assignments are left out.
"""
import hashlib, heapq, json, math, os, re, sys
from fractions import Fraction
CLASSES = ["industrial", "agricultural", "domestic", "centralized", "mobile"]
MEMBERS = "areaDraw cityDraw contributions drawId frameDigest method planDigest roundId seed spec strata".split()
def sha(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode("utf-8")).hexdigest()
def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()
def same(what, found, expected):
    if found != expected:
        pair = [json.dumps(value, ensure_ascii=False) for value in (found, expected)]
        raise ValueError("%s: manifest says %s, recomputed %s" % (what, pair[0], pair[1]))
def frame_digest(blocks):
    line = lambda key, text: "%s\t%d\t%s\n" % (key, text.count(b"\n"), sha(text))
    return sha("".join(line(key, read(blocks[key])) for key in sorted(blocks)))
def column_index(columns, name):
    """A column goes by its name in the frame, its field's key, or its field's Chinese name."""
    for which in (0, 1, 2):
        for index, column in enumerate(columns):
            if ([column["name"]] + column["aliases"] + ["", ""])[which] == name:
                return index
    raise ValueError("the plan names a column that the tables lack: " + name)
def seed_of(manifest, stage=None):
    lines = ["%s=%s" % (part["by"], part["value"]) for part in manifest["contributions"]]
    return sha("\n".join([manifest.get("drawId", manifest["roundId"]) + ("/" + stage if stage else "")] + lines))
def ticket(seed, unit_id):
    return sha("%s:%s" % (seed, unit_id))

def seedrandom(key):
    """The bytes of npm seedrandom 3.0.5 for an ASCII key of at most 256 characters: ARC4, 256 bytes dropped."""
    key, s, j = key.encode("ascii"), list(range(256)), 0
    for i in range(256):
        j = (j + key[i % len(key)] + s[i]) & 255
        s[i], s[j] = s[j], s[i]
    i = j = 0
    for count in range(2 ** 62):
        i = (i + 1) & 255
        j = (j + s[i]) & 255
        s[i], s[j] = s[j], s[i]
        if count >= 256:
            yield s[(s[i] + s[j]) & 255]
def below(stream, k):
    word = 2 ** 32
    while word >= 2 ** 32 - 2 ** 32 % k:
        word = int.from_bytes(bytes(next(stream) for _ in range(4)), "big")
    return word % k
def rank(method, ids, take, seed, stratum):
    """The first ids of a stratum's ranking, each with its ticket (None under seedrandom)."""
    if method == "ticket":
        return [(unit, drawn) for drawn, unit in heapq.nsmallest(take, ((ticket(seed, unit), unit) for unit in ids))]
    order, stream = sorted(ids), seedrandom(sha(seed + "/" + stratum))
    for i in range(min(take, len(order))):
        j = i + below(stream, len(order) - i)
        order[i], order[j] = order[j], order[i]
    return [(unit, None) for unit in order[:take]]
def ceil_share(share, n):
    return math.ceil(Fraction(share) * n)
def reserve(quota, n, total):
    wanted = quota["reserve"]
    return min(ceil_share(wanted, n) if isinstance(wanted, str) else wanted, total - n)
def allocate(quota, total):
    wanted = quota.get("count", 0)
    if "rate" in quota:
        wanted = max(quota.get("min", 0), ceil_share(quota["rate"], total))
        wanted = min(wanted, quota.get("max", wanted))
    n = min(wanted, total)
    return n, reserve(quota, n, total), wanted - n
def divide(n, sizes, spread):
    """Units of a quota for each stratum: equal, or by largest remainders after the minima."""
    equal = spread["rule"] == "equal"
    given = {key: 0 if equal else min(spread.get("min", 0), size) for key, size in sizes.items()}
    rest = n - sum(given.values())
    while rest > 0:
        room = [key for key in sizes if given[key] < sizes[key]]
        total = sum(sizes[key] for key in room)
        room.sort(key=lambda key: (0 if equal else -(rest * sizes[key] % total), -sizes[key], key))
        shares = [max(rest // len(room), 1) if equal else rest * sizes[key] // total for key in room]
        extra = 0 if equal else rest - sum(shares)
        for at, key in enumerate(room):
            share = min(shares[at] + (at < extra), sizes[key] - given[key], rest)
            given[key] += share
            rest -= share
    return given
def meets(condition, value):
    if "values" in condition or not re.match(r"^[+-]?(\d+\.?\d*|\.\d+)$", value, re.ASCII):
        return value in condition.get("values", [])
    return condition.get("atLeast", float("-inf")) <= float(value) <= condition.get("atMost", float("inf"))
def filter_test(condition, columns):
    if "where" in condition:
        index = column_index(columns, condition["where"]["column"])
        return lambda unit: meets(condition["where"], unit[index])
    ids = set(condition["ids"])
    return lambda unit: unit[0] in ids
def millionths(text):
    match = re.match(r"^\+?(\d+)(?:\.(\d*))?$", text, re.ASCII)
    return int(match.group(1) + ((match.group(2) or "") + "000000")[:6]) if match else 0
def decimal(value):
    return re.sub(r"\.?0+$", "", "%d.%06d" % divmod(value, 10 ** 6))
def part_of(value, digits=None):
    part = value[:digits].replace("/", "_")
    return "_" + part[1:] if part.startswith("+") else part
def population(block, quota, units, columns, areas):
    """Key of a population, its units taken for certain, its strata, and how many of each lack a size."""
    key = block + ("/+" + quota["population"].replace("/", "_") if "population" in quota else "")
    only = filter_test({"where": quota["only"]}, columns) if "only" in quota else lambda unit: True
    is_certain = filter_test(quota["takeAll"], columns) if "takeAll" in quota else lambda unit: False
    name = (areas or quota.get("spread") or {}).get("column", quota.get("by"))
    index, digits = name and column_index(columns, name), quota.get("spread", {}).get("digits")
    size = quota.get("size") and column_index(columns, quota["size"]["column"])
    units, strata, lost = [unit for unit in units if only(unit)], {}, {}
    for unit in units:
        if not is_certain(unit):
            stratum = key if name is None else key + "/" + part_of(unit[index], digits)
            has_size = size is None or "least" in quota["size"] or millionths(unit[size]) > 0
            strata.setdefault(stratum, []).extend([unit] if has_size else [])
            lost[stratum] = lost.get(stratum, 0) + (not has_size)
    return key, [unit for unit in units if is_certain(unit)], strata or {key: []}, lost
def rank_by_size(units, n, quota, seed, columns):
    """Sequential Poisson sampling (Ohlsson 1998): id, ticket, size and chance in the order of rank."""
    index, floor = column_index(columns, quota["size"]["column"]), millionths("%.6f" % quota["size"].get("least", 0))
    sizes = {unit[0]: max(millionths(unit[index]), floor) for unit in units}
    tickets = {unit: ticket(seed, unit) for unit in sizes}
    left, certain = sum(sizes.values()), []
    for unit in sorted(sizes, key=lambda unit: -sizes[unit]):
        if len(certain) >= n or (n - len(certain)) * sizes[unit] < left:
            break
        certain.append(unit)
        left -= sizes[unit]
    sure, rest = set(certain), n - len(certain)
    key = lambda unit: ((2 * int(tickets[unit][:13], 16) + 1) / float(sizes[unit]), tickets[unit], unit)
    order = sorted(certain, key=lambda unit: (tickets[unit], unit)) + sorted(set(sizes) - sure, key=key)
    chances = {unit: 1 if unit in sure else rest * float(sizes[unit]) / float(left) for unit in order}
    return [(unit, tickets[unit], sizes[unit], chances[unit], unit in sure) for unit in order]
def draw_stratum(key, units, amounts, quota, method, seed, chance, columns, role="primary"):
    n, spare, shortfall = amounts
    names = {unit[0]: unit[4] for unit in units}
    stratum = {"key": key, "N": len(units), "n": n, "reserve": spare, "shortfall": shortfall, "units": []}
    if "size" in quota:
        ranked = rank_by_size(units, n, quota, seed, columns)
        stratum["sizeTotal"] = decimal(sum(row[2] for row in ranked))
    else:
        equal = n / len(units) if units else 0
        ranked = [(unit, t, None, equal, False) for unit, t in rank(method, list(names), n + spare, seed, key)]
    for at, (unit, drawn, size, own, is_certain) in enumerate(ranked[:n + spare]):
        row = {"id": unit, "name": names[unit], "rank": at + 1, "ticket": drawn, "inclusionProbability": own * chance}
        row["role"] = "certainty" if is_certain else role if at < n else "reserve"
        stratum["units"].append(row if size is None else dict(row, size=decimal(size)))
    return stratum
def draw_population(quota, key, certain, strata, lost, method, seed, chance, area_chance, columns):
    sizes, drawn = {stratum: len(units) for stratum, units in strata.items()}, []
    amounts = {stratum: allocate(quota, size) for stratum, size in sizes.items()}
    if "spread" in quota:
        n, _, shortfall = allocate(quota, sum(sizes.values()))
        shares = divide(n, sizes, quota["spread"])
        amounts = {s: (shares[s], reserve(quota, shares[s], sizes[s]), 0) for s in sizes}
        if shortfall:  # of the block as a whole: under its own key, as a stratum without units
            amounts[key], strata = (0, 0, shortfall), dict({key: []}, **strata)
    for s, units in strata.items():
        stratum = draw_stratum(s, units, amounts[s], quota, method, seed, chance * area_chance, columns)
        drawn.append(dict(stratum, withoutSize=lost[s]) if lost.get(s) else stratum)
    if certain:
        every = (key + "/+take-all", certain, (len(certain), 0, 0), {}, method, seed, chance, columns, "certainty")
        drawn.append(draw_stratum(*every))
    return drawn
def redraw(manifest, plan, columns, blocks):
    """The strata of the draw, recomputed; the stages before them are compared on the way."""
    method, seed, chance = manifest["method"], seed_of(manifest), 1
    cities = sorted({key[:6] for key in blocks}) if plan["cities"] == "all" else sorted(plan["cities"])
    if "random" in plan.get("cityChoice", {}):
        n, stage = plan["cityChoice"]["random"], seed_of(manifest, "cities")
        ranked = rank(method, cities, len(cities), stage, "cities")
        rows = [{"city": c, "rank": at + 1, "ticket": t, "drawn": at < n} for at, (c, t) in enumerate(ranked)]
        same("cities by lot", manifest.get("cityDraw"), {"N": len(cities), "n": n, "seed": stage, "cities": rows})
        chance, cities = n / len(cities), sorted(city for city, _ in ranked[:n])
    excluded = [filter_test(exclusion, columns) for exclusion in plan["exclude"]]
    named = re.findall(r'"column": ("(?:[^"\\]|\\.)*")', json.dumps(dict(plan, cityChoice=0)))
    last = max([4] + [column_index(columns, json.loads(name)) for name in named])  # later columns are left unsplit
    strata, area_draws, areas, stage = [], [], plan.get("areas"), seed_of(manifest, "areas")
    for city in cities:
        populations, area_chance = [], 1
        for quota in (quota for name in CLASSES for quota in plan["quotas"] if quota["class"] == name):
            block = city + "/" + quota["class"]
            lines = read(blocks[block]).decode("utf-8").split("\n")[:-1] if block in blocks else []
            units = [unit for unit in (line.split("\t", last + 1) for line in lines)
                     if not excluded or not any(test(unit) for test in excluded)]
            populations.append((quota,) + population(block, quota, units, columns, areas))
        if areas:
            index = column_index(columns, areas["column"])
            names = {part_of(u[index]) for p in populations for units in p[3].values() for u in units}
            n = min(areas["count"], len(names))
            ranked = rank(method, [city + "/" + name for name in names], n, stage, city)
            rows = [{"area": a[7:], "rank": at + 1, "ticket": t} for at, (a, t) in enumerate(ranked)]
            area_draws.append({"city": city, "N": len(names), "n": n, "shortfall": areas["count"] - n, "areas": rows})
            area_chance, keys = n / max(1, len(names)), {row["area"] for row in rows}
            inside = lambda key, stratum: stratum != key and stratum[len(key) + 1:] in keys
            populations = [(q, key, sure, {s: units for s, units in members.items() if inside(key, s)}, lost)
                           for q, key, sure, members, lost in populations]
        for parts in populations:
            strata += draw_population(*parts, method, seed, chance, area_chance, columns)
    same("areas by lot", manifest.get("areaDraw"), {"seed": stage, "cities": area_draws} if areas else None)
    return sorted(strata, key=lambda stratum: stratum["key"])
def verify(draw, tables):
    texts = {name: read(draw, name) for name in ("manifest.json", "plan.json")}
    manifest, plan = (json.loads(text.decode("utf-8")) for text in texts.values())
    columns = json.loads(read(tables, "columns.json").decode("utf-8"))
    files = (name for name in os.listdir(tables) if re.match(r"^\d{6}-\w+\.tsv$", name))
    blocks = {name[:-4].replace("-", "/", 1): os.path.join(tables, name) for name in files}
    same("members", sorted(set(manifest) - set(MEMBERS)), [])
    same("frame digest", manifest["frameDigest"], frame_digest(blocks))
    same("plan digest", manifest["planDigest"], sha(texts["plan.json"]))
    same("spec and method", [manifest["spec"], manifest["method"]], ["draw-spec/1", plan["method"]])
    for part in (part for part in manifest["contributions"] if "commitment" in part):
        opened = sha("%s=%s\n%s" % (part["by"], part["value"], part.get("nonce")))
        same("commitment of " + part["by"], part["commitment"], opened)
    own_id = re.sub("/redraw-[1-9][0-9]*$", "", manifest.get("drawId", manifest["roundId"] + "/redraw-1"))
    same("round id of the draw", manifest["roundId"], own_id)
    same("seed", manifest["seed"], seed_of(manifest))
    strata = redraw(manifest, plan, columns, blocks)
    same("strata", [s["key"] for s in manifest["strata"]], [s["key"] for s in strata])
    for found, expected in zip(manifest["strata"], strata):
        for at, (one, other) in enumerate(zip(found["units"], expected["units"])):
            same("%s, rank %d" % (expected["key"], at + 1), one, other)
        same(expected["key"], found, expected)
    # RFC 8785, numbers as they are written: no member twice, no white space, nothing escaped that need not be
    form = json.loads(texts["manifest.json"].decode("utf-8"), parse_float="\ue000{}\ue000".format)
    form = json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    same("canonical form", sha(texts["manifest.json"]), sha(re.sub('"\ue000|\ue000"', "", form)))
    print("OK: %d strata, %d units, as in the manifest" % (len(strata), sum(len(s["units"]) for s in strata)))
    print("\n".join("%s %s" % (name, manifest[name]) for name in ("frameDigest", "planDigest", "seed")))
    print("manifest digest " + sha(texts["manifest.json"]))
if __name__ == "__main__":
    try:
        verify(*sys.argv[1:]) if len(sys.argv) == 3 else sys.exit(__doc__)
    except FileNotFoundError as error:
        print("missing file: %s" % error.filename, file=sys.stderr)
        sys.exit(2)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        print("DIFFERENCE: %s" % (error if type(error) is ValueError else repr(error)), file=sys.stderr)
        sys.exit(3)
