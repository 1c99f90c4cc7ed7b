"""The house as it is: which folder of Sources uses which, how long functions are, what nothing uses.

`python3 Tests/House/house.py` prints, target by target, folder -> folders that it uses (how often it names their types).
"""

import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Lines of a function without a reason in its comment.
LONGEST = 80
MODIFIERS = r"(?:(?:package|public|final|indirect|nonisolated|@\w+(?:\([^)]*\))?)\s+)*"
TYPE = re.compile(rf"^{MODIFIERS}(?:struct|class|enum|protocol|typealias|actor)\s+(\w+)", re.M)
ROUTINE = re.compile(r"^\s*(?:@?[\w()]+\s+)*(?:func\s+[^\s(<]+|init[?]?|subscript)\s*[(<]|^\s*(?:@?[\w()]+\s+)*var\s+\w+[^=]*\{\s*$")


def plain(text):
    """The code alone: without comments and literals, but with what stands in their interpolations."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r'"""(.*?)"""', lambda m: '""' + "\n" * m.group(0).count("\n"), text, flags=re.S)
    text = re.sub(
        r'#*"(?:\\.|[^"\\\n])*"#*',
        lambda m: "(" + " ".join(re.findall(r"\\#?\(([^\"]*)\)", m.group(0))) + ")",
        text,
    )
    return re.sub(r"//[^\n]*", "", text)


def targets(root=ROOT / "Sources"):
    """{target: {file: (folder, plain text)}} of every Swift target."""
    houses = {}
    for target in sorted(path for path in root.iterdir() if path.is_dir()):
        files = {}
        for file in sorted(target.rglob("*.swift")):
            parts = file.relative_to(target).parts
            files[file] = (parts[0] if len(parts) > 1 else "(top)", plain(file.read_text()))
        if files:
            houses[target.name] = files
    return houses


def uses(files):
    """{folder: {other folder: {type: how often it is named}}} within a target."""
    owners = collections.defaultdict(set)
    for folder, text in files.values():
        for match in TYPE.finditer(text):
            owners[match.group(1)].add(folder)
    home = {name: next(iter(folders)) for name, folders in owners.items() if len(folders) == 1}
    edges = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    for folder, text in files.values():
        for name, count in collections.Counter(re.findall(r"\b\w+\b", text)).items():
            if home.get(name, folder) != folder:
                edges[folder][home[name]][name] += count
    return edges


def circles(edges):
    """The groups of folders that reach each other; what stands at the top of a target joins all and is left out."""
    graph = {a: {b for b in bs if b != "(top)"} for a, bs in edges.items() if a != "(top)"}

    def reached(start):
        seen, waiting = set(), list(graph.get(start, ()))
        while waiting:
            folder = waiting.pop()
            if folder not in seen:
                seen.add(folder)
                waiting += graph.get(folder, ())
        return seen

    reach = {folder: reached(folder) for folder in graph}
    groups = {
        tuple(sorted(b for b in reach if b in reach[a] and a in reach[b]))
        for a in graph
        if a in reach[a]
    }
    return sorted(groups)


def routines(text):
    """(name, first line from 1, number of lines) of every function, initializer, subscript and computed property."""
    lines = text.split("\n")
    for start, line in enumerate(lines):
        if not ROUTINE.match(line):
            continue
        depth, opened = 0, False
        for end in range(start, len(lines)):
            if not opened and end > start and re.match(r"\s*(?:func|var|let|case|init|\})\b", lines[end]):
                break  # a requirement of a protocol
            depth += lines[end].count("{") - lines[end].count("}")
            opened = opened or "{" in lines[end]
            if opened and depth <= 0:
                yield line.strip(), start + 1, end - start + 1
                break


def long_routines(limit, root=ROOT / "Sources"):
    """Those with more lines than the limit whose doc comment does not say why (`Long:`)."""
    for files in targets(root).values():
        for file, (_, text) in files.items():
            source = file.read_text().split("\n")
            for name, start, count in routines(text):
                if count <= limit:
                    continue
                above = start - 2
                comment = []
                while above >= 0 and source[above].strip().startswith(("///", "@")):
                    comment.append(source[above])
                    above -= 1
                if not any("Long:" in line for line in comment):
                    yield f"{file.relative_to(root.parent)}:{start}: {count} lines: {name}"


DECLARATION = re.compile(
    r"\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:package|public|private|fileprivate|static|final|mutating|indirect"
    r"|private\(set\)|convenience|lazy|nonisolated)\s+)*(?:func|var|let|struct|class|enum|protocol|typealias)\s+`?(\w+)"
)


def unused(root=ROOT / "Sources"):
    """Declarations whose name stands nowhere else in Sources: dead, or there for the tests alone."""
    words, declared = collections.Counter(), {}
    for files in targets(root).values():
        for file, (_, text) in files.items():
            # What stands in an interpolation counts, however deep, so here the literals stay.
            words.update(re.findall(r"\w+", re.sub(r"^\s*//.*$", "", file.read_text(), flags=re.M)))
            for number, line in enumerate(text.split("\n"), 1):
                match = DECLARATION.match(line)
                if match:
                    declared[match.group(1)] = f"{file.relative_to(root.parent)}:{number}"
    return {name: place for name, place in sorted(declared.items()) if words[name] == 1}


def main():
    for target, files in targets().items():
        edges = uses(files)
        lines = sum(file.read_text().count("\n") for file in files)
        print(f"{target}: {len(files)} files, {lines} lines")
        for folder in sorted({folder for folder, _ in files.values()}):
            used = sorted(edges[folder].items(), key=lambda edge: -sum(edge[1].values()))
            print(f"  {folder} -> " + (", ".join(f"{b} {sum(n.values())}" for b, n in used) or "nothing"))
        for circle in circles(edges):
            print(f"  CIRCLE {' - '.join(circle)}")
    for text in long_routines(LONGEST):
        print(text)
    for name, place in unused().items():
        print(f"{place}: {name} is named nowhere else")


if __name__ == "__main__":
    sys.exit(main())
