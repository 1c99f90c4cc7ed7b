"""What a cell is to nbgrader, as a word and as the metadata of its third schema.

`solution=name`   its solution is taken out before students get it
`test=name:3`     runs unchanged; 3 points, less where an error or a number is its result
`answer=name:3`   prose that somebody reads, at most 3 points
"""

import re

# What cells of a role are: graded, to be changed by students, kept as they are.
ROLES = {
    "solution": {"grade": False, "solution": True, "locked": False},
    "test": {"grade": True, "solution": False, "locked": True},
    "answer": {"grade": True, "solution": True, "locked": False},
}
WORD = re.compile(rf"({'|'.join(ROLES)})=([\w-]+)(?::(\d+))?")


def is_role(word):
    return WORD.fullmatch(word) is not None


def metadata(word):
    """`test=step:3` as nbgrader stores it."""
    role, name, points = WORD.fullmatch(word).groups()
    assert ROLES[role]["grade"] == (points is not None), f"{word}: points are of tests and answers"
    found = {"schema_version": 3, "grade_id": name, "task": False, **ROLES[role]}
    return found | ({"points": int(points)} if points else {})


def role(cell):
    """The word of a cell; None of a cell that is none of nbgrader's."""
    found = cell.metadata.get("nbgrader")
    if not found:
        return None
    name = next(name for name, flags in ROLES.items() if all(found[key] == flag for key, flag in flags.items()))
    return f"{name}={found['grade_id']}" + (f":{found['points']}" if found["grade"] else "")
