#!/usr/bin/env python3
"""Writes GlyphData.swift: the outlines of DejaVu Sans that the PNG writer sets text with.

    pip install fonttools
    python3 glyphs.py FOLDER > GlyphData.swift      # FOLDER holds DejaVuSans.ttf and DejaVuSans-Bold.ttf

For each font: the number of glyphs; for each glyph its character (as the step from the one before), its
advance, the number of its contours; for each contour the number of its points; for each point its step in x
(the lowest bit says that the point lies on the outline) and in y. A number is its sign folded into the lowest bit,
seven bits a byte, the lowest first. Lengths are in 1/512 of the font's size. A glyph without a character (0) is
drawn for what is missing.
"""

import base64
import pathlib
import sys

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

GRID = 512
CHARACTERS = sorted(
    {
        *range(0x20, 0x7F), *range(0xA1, 0x180), *range(0x300, 0x30D), 0x331, 0x332,
        0x2B0, 0x2B2, 0x2B3, 0x2B7, 0x2B8, 0x2C6, 0x2DC, 0x2E1, 0x2E2, 0x2E3,
        *range(0x391, 0x3CA), 0x3D1, 0x3D5, 0x3D6, 0x3F1, 0x3F5, *range(0x410, 0x450),
        0x1D40, 0x1D43, 0x1D47, 0x1D48, 0x1D49, 0x1D4D, 0x1D4F, 0x1D50, 0x1D52, 0x1D56, 0x1D57, 0x1D58, 0x1D5B,
        *range(0x1D62, 0x1D6B), *range(0x2010, 0x2027), 0x2030, *range(0x2032, 0x2035), 0x2039, 0x203A, 0x2044,
        *range(0x2070, 0x209D), 0x20AC, 0x20D7, 0x2102, 0x2112, 0x2113, 0x2115, 0x211D, 0x2124,
        *range(0x2190, 0x219A), 0x21A6, *range(0x21D0, 0x21D6), 0x2200, *range(0x2202, 0x221F), 0x2220,
        *range(0x2223, 0x222C), 0x2234, 0x2248, 0x223C, 0x2243, 0x2245, *range(0x2260, 0x226C), *range(0x2282, 0x2288),
        *range(0x2295, 0x229A), 0x22A4, 0x22A5, 0x22C5, 0x22C6, *range(0x22EE, 0x22F2), *range(0x2308, 0x230C),
        *range(0x2460, 0x2474), 0x25A0, 0x25A1, 0x25B2, 0x25B3, 0x25B6, 0x25BC, 0x25C6, 0x25C7, 0x25CB, 0x25CF,
        0x2605, 0x2713, 0x2714, 0x2717, 0x2718, 0x27E8, 0x27E9, 0x2C7C,
    }
)
# Bold text are titles and values.
BOLD = [c for c in CHARACTERS if c < 0x100 or 0x391 <= c < 0x400 or 0x2010 <= c < 0x2300]


def number(value):
    folded = value * 2 if value >= 0 else -value * 2 - 1
    data = bytearray()
    while folded > 127:
        data.append(folded & 127 | 128)
        folded >>= 7
    data.append(folded)
    return bytes(data)


def contours(font, name):
    """Lists of (x, y, is on the outline); between two points off it there is one in their middle."""
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    result = []
    for operator, points in pen.value:
        if operator == "moveTo":
            result.append([(*points[0], True)])
        elif operator == "lineTo":
            result[-1].append((*points[0], True))
        elif operator == "qCurveTo":
            if points[-1] is None:  # no point lies on the outline
                result.append([(*point, False) for point in points[:-1]])
            else:
                result[-1] += [(*point, False) for point in points[:-1]] + [(*points[-1], True)]
        elif operator == "curveTo":
            raise ValueError("an outline with cubic curves")
    for points in result:
        if len(points) > 1 and points[0] == points[-1]:
            points.pop()
    return result


def outline(font, name):
    unit = GRID / font["head"].unitsPerEm
    data = number(round(font["hmtx"][name][0] * unit))
    rings = contours(font, name)
    data += number(len(rings))
    x = y = 0
    for ring in rings:
        data += number(len(ring))
        for px, py, is_on in ring:
            px, py = round(px * unit), round(py * unit)
            step = px - x
            folded = step * 2 if step >= 0 else -step * 2 - 1
            data += number(folded * 2 + is_on) + number(py - y)
            x, y = px, py
    return data


def packed(path, characters):
    font = TTFont(path)
    names = font.getBestCmap()
    found = [c for c in characters if c in names]
    data, last = number(len(found) + 1) + number(0) + outline(font, ".notdef"), 0
    for character in found:
        data += number(character - last) + outline(font, names[character])
        last = character
    return data


def main():
    folder = pathlib.Path(sys.argv[1])
    print(
        """// Written by glyphs.py.

/// The outlines of DejaVu Sans, regular and bold, for the characters that pictures can hold; glyphs.py says how they
/// are packed.
/// Source: DejaVu Sans 2.37, Bitstream Vera's licence: free to use, copy, merge, embed and change under another
/// name. Copyright (c) 2003 by Bitstream, Inc. All Rights Reserved. DejaVu changes are in public domain. The fonts
/// and their outlines are provided "as is", without warranty of any kind.
enum GlyphData {"""
    )
    for name, file, characters in [("regular", "DejaVuSans.ttf", CHARACTERS), ("bold", "DejaVuSans-Bold.ttf", BOLD)]:
        text = base64.b64encode(packed(folder / file, characters)).decode()
        lines = [text[i : i + 96] for i in range(0, len(text), 96)]
        print(f'  static let {name} = """')
        print("\n".join("    " + line for line in lines))
        print('    """')
        if name == "regular":
            print()
    print("}")


main()
