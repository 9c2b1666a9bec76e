#!/usr/bin/env python3
"""Verifies an unpacked export of Tanggap with nothing but Python: python3 verify.py [FOLDER] [--key KEY]

Written from the description of the forms (package audit), not from the program. It checks the signature of the manifest
and of the checkpoint (Ed25519, RFC 8032, below), the digest of each file, the hash and chain of each entry, the last line
of the histories, and that all entries stand in the signed log (RFC 6962). It does not check: whether the log was
published, whether other tables and papers agree with the histories, and that each line is written in its one form.
"""
import base64, csv, datetime, hashlib, io, json, os, struct, sys, uuid

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


class Changed(Exception):
    pass


class NotProved(Exception):
    pass


def check(holds, what):
    if not holds:
        raise Changed(what)


def add(p, q):  # on the curve, in extended coordinates
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q


def point(raw):
    y, sign = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or x == 0 and sign:
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def ed25519(key, text, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    left, right = times(s, base), add(r, times(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def opened(note, key):
    """The text of a signed note (golang.org/x/mod/sumdb/note), if KEY signed it: NAME+HASH+BASE64."""
    name, mark, raw = key.split("+", 2)
    raw = base64.b64decode(raw)
    if raw[0] != 1 or mark != hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]:
        raise NotProved("the key is not one of a log")
    text, found, signatures = note.rpartition("\n\n")
    check(found and signatures.endswith("\n"), "no signature")
    for line in signatures.splitlines():
        parts = line.split(" ")
        check(len(parts) == 3 and parts[0] == "—", "signature cannot be read")
        signed = base64.b64decode(parts[2], validate=True)
        if parts[1] == name and signed[:4].hex() == mark:
            check(ed25519(raw[1:], (text + "\n").encode(), signed[4:]), "wrong signature of " + name)
            return text + "\n"
    raise NotProved("signed by another key: " + signatures.strip())


def entries(path):
    """The entries of a file of histories in its order, after its last line was checked; and what that line says."""
    data = open(path, "rb").read()
    check(data.endswith(b"\n"), "the histories are cut off")
    at = data.rstrip(b"\n").rfind(b"\n") + 1
    body, last = data[:at].decode(), data[at:].decode()
    if path.endswith(".jsonl"):
        rows = [json.loads(line) for line in body.split("\n")[:-1]]
        end = json.loads(last).get("end")
        check(end is not None, "the histories are cut off")
    else:
        table = list(csv.reader(io.StringIO(body, newline="")))
        rows = [dict(zip(table[0], cells)) for cells in table[1:]]
        cells = next(csv.reader([last.rstrip("\n")]))
        check(cells[0] == "end", "the histories are cut off")
        end = dict(json.loads(cells[7]), region=cells[1], recorded_at=cells[6], sha256=cells[9])
    say = "end\n%s\n%d\n%d\n%s\n" % (end["region"], end["entries"], end["cases"], end["recorded_at"])
    check(hashlib.sha256(data[:at] + say.encode()).hexdigest() == end["sha256"], "the last line of the histories")
    check(end["entries"] == len(rows) and end["cases"] == len({r["case_id"] for r in rows}), "the counts")
    return rows, end


def digest(e):
    instant = datetime.datetime.strptime(e["recorded_at"], "%Y-%m-%dT%H:%M:%S.%fZ") - datetime.datetime(2000, 1, 1)
    micros = (instant.days * 86400 + instant.seconds) * 10**6 + instant.microseconds
    days = (datetime.date.fromisoformat(e["occurred_on"]) - datetime.date(2000, 1, 1)).days
    kind, payload = e["kind"].encode(), e["payload"].encode()
    return hashlib.sha256(b"tanggap-history-v1" + bytes.fromhex(e["prev_hash"]) + uuid.UUID(e["case_id"]).bytes +
                          struct.pack(">ii", int(e["seq"]), len(kind)) + kind + uuid.UUID(e["actor"]).bytes +
                          struct.pack(">iqi", days, micros, len(payload)) + payload).hexdigest()


def chain(rows):
    before = None
    for e in rows:
        place = "case %s, entry %s" % (e["case_id"], e["seq"])
        same = before is not None and before["case_id"] == e["case_id"]
        check(same or before is None or before["case_id"] < e["case_id"], place + ": cases out of order")
        check(int(e["seq"]) == (int(before["seq"]) + 1 if same else 1), place + ": an entry is missing or doubled")
        check(e["prev_hash"] == (before["hash"] if same else "00" * 32), place + ": does not follow from the one before")
        check(digest(e) == e["hash"], place + ": is not what its hash says")
        check(not same or e["recorded_at"] > before["recorded_at"], place + ": recorded before its predecessor")
        before = e


def proved(text, rows, key):
    """Holds every entry against the signed root; gives the size of the log and its instant."""
    checkpoint, found, rest = text.partition("\nentries ")
    check(found and checkpoint.startswith("tanggap-proof-v1\n"), "the proof cannot be read")
    lines = rest.rstrip("\n").split("\n")
    n = int(lines[0])
    places, mark = [int(x) for x in lines[1:n + 1]], lines[n + 1].split(" ")
    hashes = [base64.b64decode(x, validate=True) for x in lines[n + 2:]]
    check(n == len(rows) and mark == ["hashes", str(len(hashes))], "the proof does not fit the histories")
    try:
        name, size, root, instant = opened(checkpoint[len("tanggap-proof-v1\n"):], key).split("\n")[:4]
    except NotProved:
        raise Changed("the checkpoint is not signed by the key of the manifest")
    check(name == key.split("+")[0], "the checkpoint is of another log")
    leaves = {p: hashlib.sha256(b"\0" + bytes.fromhex(e["hash"])).digest() for p, e in zip(places, rows)}
    order = sorted(leaves)
    check(len(order) == n and (not n or 0 <= order[0] and order[-1] < int(size)), "a place outside of the log, or twice")

    def subtree(lo, hi, inside):
        if not inside:
            check(hashes, "the proof is too short")
            return hashes.pop(0)
        if hi - lo == 1:
            return leaves[lo]
        k = 1
        while 2 * k < hi - lo:
            k *= 2
        left = subtree(lo, lo + k, [p for p in inside if p < lo + k])
        return hashlib.sha256(b"\1" + left + subtree(lo + k, hi, [p for p in inside if p >= lo + k])).digest()

    if n:
        check(base64.b64encode(subtree(0, int(size), order)).decode() == root and not hashes, "not in the signed log")
    return int(size), instant


def verify(folder, key):
    def read(name):
        try:
            return open(os.path.join(folder, name), "rb").read()
        except FileNotFoundError:
            raise Changed(name + " is not there")
    if not os.path.exists(os.path.join(folder, "manifest.json")):
        raise NotProved("no manifest.json: not an unpacked export")
    manifest = json.loads(read("manifest.json"))
    key = key or manifest["log_key"]
    said = "tanggap-manifest-v1\n" + hashlib.sha256(read("manifest.json")).hexdigest() + "\n"
    check(opened(read("manifest.sig").decode(), key) == said, "the manifest is not the signed one")
    for f in manifest["files"]:
        check(hashlib.sha256(read(f["name"])).hexdigest() == f["sha256"], f["name"] + " is not the one of the manifest")
    listed = [f for f in manifest["files"] if f["name"].startswith("histories.")]
    check(len(listed) == 1, "the manifest has no histories")
    rows, end = entries(os.path.join(folder, listed[0]["name"]))
    chain(rows)
    counts = (listed[0].get("entries", 0), listed[0].get("cases", 0))
    check(counts == (end["entries"], end["cases"]), "the manifest counts otherwise")
    size, instant = proved(read("proof.txt").decode(), rows, key)
    whole, _, part = manifest["as_of_instant"].rstrip("Z").partition(".")
    check(whole + "." + part.ljust(6, "0") + "Z" == instant, "the manifest has another instant")
    check(size == manifest["as_of"] and instant == end["recorded_at"], "the manifest is as of another checkpoint")
    return "%d entries of %d cases stand in the log of %d entries, %s; signed by %s" % (
        len(rows), end["cases"], size, instant, key)


def main(args):
    key = args[args.index("--key") + 1] if "--key" in args else None
    folder = next((a for a in args if a != "--key" and a != key), ".")
    try:
        print("OK:", verify(folder, key), "" if key else "(the key came with the export)")
        return 0
    except NotProved as e:
        print("NOT PROVED:", e)
        return 2
    except (Changed, ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error) as e:
        print("CHANGED:", e)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
