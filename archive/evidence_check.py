"""Checks the files beside it with nothing but Python 3.9 or later: python3 -I check.py

It computes every digest again and compares it with manifest.json, checks that raw bodies and texts have the names that
their digests give, that every look and version leads to files that are here, and that the facts of each look belong to
the root of their run (a Merkle tree as in RFC 6962). Whether a root is genuine is for you to find out: compare it with
one that was published or time-stamped at the time.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FAILURES: list[str] = []


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def expect(good: bool, what: str) -> None:
    if not good:
        FAILURES.append(what)
        say(f"WRONG: {what}")


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def load(name: str) -> Any:
    return json.loads((HERE / name).read_text("utf-8"))


def check_files(files: dict[str, Any]) -> None:
    found = {path.relative_to(HERE).as_posix() for path in HERE.rglob("*") if path.is_file()}
    for name in sorted(found - set(files) - {"manifest.json"}):
        expect(False, f"{name} is not in the manifest")
    for name, stated in sorted(files.items()):
        if name not in found:
            expect(False, f"{name} is missing")
        else:
            expect(sha256(HERE / name) == stated["sha256"], f"{name} does not have the digest of the manifest")
            expect((HERE / name).stat().st_size == stated["bytes"], f"{name} does not have its size")
    say(f"{len(files)} files compared with manifest.json")


def check_keys(folder: str, suffix: str, digests: dict[str, str]) -> None:
    for key, digest in sorted(digests.items()):
        path = HERE / folder / f"{key}{suffix}"
        expect(digest[:16] == key, f"{folder} {key}: its key is not the beginning of its digest")
        expect(path.is_file() and sha256(path) == digest, f"{folder} {key} does not have its digest")
    say(f"{len(digests)} {folder} have the SHA-256 that their names promise")


def look_name(look: dict[str, Any]) -> str:
    return f"look {look['seq']} of run {look['run']}"


def check_looks(looks: list[Any], versions: list[Any], manifest: dict[str, Any]) -> None:
    missing = {one["key"] for one in manifest["missing"]}
    for look in looks:
        known = look["raw_key"] is None or look["raw_key"] in manifest["raws"] or look["raw_key"] in missing
        expect(known, f"{look_name(look)}: its body is neither here nor named as missing")
    for version in versions:
        name, raw = f"version {version['number']}", version["raw_key"]
        expect(version["text_key"] in manifest["texts"], f"{name}: its text is not here")
        expect(raw in manifest["raws"] or raw in missing, f"{name}: its body is not here")
    say(f"{len(looks)} looks and {len(versions)} versions lead to what is here")
    for one in manifest["missing"]:
        say(f"not here: body {one['key']}, SHA-256 {one['sha256']}: {one['reason']}")


def climb(proof: dict[str, Any], size: int) -> str | None:
    """The root that a leaf and its path give; None when the path has another length than it must have."""
    node: bytes = hashlib.sha256(b"\x00" + proof["leaf"].encode("ascii")).digest()
    index, path = proof["index"], [bytes.fromhex(one) for one in proof["path"]]
    while size > 1:
        if index ^ 1 < size:
            if not path:
                return None
            beside = path.pop(0)
            left, right = (beside, node) if index % 2 else (node, beside)
            node = hashlib.sha256(b"\x01" + left + right).digest()
        index, size = index // 2, (size + 1) // 2
    return None if path else node.hex()


def check_proofs(runs: list[Any], looks: list[Any], manifest: dict[str, Any]) -> None:
    proved = set()
    for run in runs:
        if run["root"] is None:
            say(f"run {run['id']} was not finished and has no root")
        for proof in run["proofs"]:
            expect(climb(proof, run["leaves"]) == run["root"], f"run {run['id']}: a fact does not belong to its root")
            proved.add(proof["leaf"])
    facts = [json.loads(leaf) for leaf in proved]
    told = {(fact[1], fact[2]): fact for fact in facts if fact[0] == "fetches"}
    digests = {fact[1]: fact[2] for fact in facts if fact[0] == "raws"}
    sealed = {run["id"] for run in runs if run["root"] is not None}
    for look in looks:
        if look["run"] not in sealed:
            continue
        fact = told.get((look["run"], look["seq"]))
        name = look_name(look)
        stated = [look[column] for column in manifest["columns"]]
        expect(
            fact is not None and [*fact[1:-1], json.loads(fact[-1])] == stated, f"{name} is not as its run sealed it"
        )
        key = look["raw_key"]
        if key in manifest["raws"]:
            expect(digests.get(key) == manifest["raws"][key], f"{name}: its body is not the one that its run sealed")
    say(f"{len(proved)} facts of {len(sealed)} finished runs compared with their roots")
    for run in runs:
        if run["root"] is not None:
            say(f"run {run['id']}, finished {run['finished_at']}: root {run['root']}")


def check_all() -> None:
    manifest = load("manifest.json")
    say(f"Evidence about {manifest['url']}")
    check_files(manifest["files"])
    check_keys("raws", "", manifest["raws"])
    check_keys("texts", ".txt", manifest["texts"])
    looks = load("looks.json") + load("robots.json")["looks"]
    check_looks(looks, load("article.json")["versions"], manifest)
    check_proofs(load("runs.json"), looks, manifest)


def main() -> int:
    try:
        check_all()
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        expect(False, f"what is here cannot be read further: {error}")
    say(f"{len(FAILURES)} WRONG" if FAILURES else "All well.")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
