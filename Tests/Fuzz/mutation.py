"""Bytes spoilt in the ways in which files and messages come spoilt, and in some that nobody would think of."""

ODD = [b"\0", b"\xff", b"\xed\xa0\x80", "\u200b".encode(), "𝑥".encode(), b"9223372036854775807", b"-1", b"1e999", b"nan", b"[" * 300,
       b"(" * 200, b'"', b"\r\n", b"\\u0000", b"{}", b";", b",,,,", b"\xef\xbb\xbf", b"0x7fffffffffffffff", "é".encode("latin-1")]


def mutated(data, chance, others=()):
    """The bytes with some changes; `others` are inputs to take pieces from."""
    data = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        place = chance.randrange(len(data) + 1)
        length = chance.choice((1, 1, 2, 8, 64))
        how = chance.randrange(7)
        if how == 0 and data:
            data[place % len(data)] ^= 1 << chance.randrange(8)
        elif how == 1:
            del data[place:place + length]
        elif how == 2:
            data[place:place] = chance.choice(ODD)
        elif how == 3:
            data[place:place] = data[place:place + length] * chance.choice((1, 2, 50))
        elif how == 4 and others:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            data[place:place] = other[start:start + 64]
        elif how == 5:
            data[place:place + length] = chance.randbytes(length)
        else:
            del data[place:]
        del data[1 << 16:]
    return bytes(data)
