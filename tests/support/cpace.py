#!/usr/bin/python3
# CPace over ristretto255 and the psk of a room with a password, from RFC 9496, draft-irtf-cfrg-cpace and SEALED.md alone.
# For tests: slow, and not in constant time. As a program: cpace.py PASSWORD PROLOGUE YA YB (hexadecimal, little-endian
# scalars) prints sid, the generator, both shares, ISK and the psk.

import hashlib, os, sys, unicodedata

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)

# --- ristretto255, as points (X, Y, Z, T) ---

def is_negative(x):
    """Says whether a field element is odd."""
    return x % P & 1 == 1

def positive(x):
    """Returns the field element or its negation, whichever is even."""
    return -x % P if is_negative(x) else x % P

def sqrt_ratio(u, v):
    """Returns whether u/v is a square, and the root of u/v or of SQRT_M1 u/v."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    if check in (-u % P, -u * SQRT_M1 % P):
        r = r * SQRT_M1 % P
    return check in (u % P, -u % P), positive(r)

INVSQRT_A_MINUS_D = sqrt_ratio(1, -1 - D)[1]
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
assert SQRT_AD_MINUS_ONE**2 % P == (-D - 1) % P

def add(a, b):
    """Returns the sum of two points."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e, f = (y1 + x1) * (y2 + x2) - (y1 - x1) * (y2 - x2), 2 * z1 * z2 - 2 * D * t1 * t2
    g, h = 2 * z1 * z2 + 2 * D * t1 * t2, (y1 + x1) * (y2 + x2) + (y1 - x1) * (y2 - x2)
    return e * f % P, g * h % P, f * g % P, e * h % P

def multiply(point, scalar):
    """Returns a multiple of a point."""
    result = (0, 1, 1, 0)
    while scalar:
        result = add(result, point) if scalar & 1 else result
        point, scalar = add(point, point), scalar >> 1
    return result

def decode(data):
    """Returns the point of 32 bytes, or None."""
    s = int.from_bytes(data, "little")
    if len(data) != 32 or s >= P or is_negative(s):
        return None
    u1, u2 = 1 - s * s, 1 + s * s
    v = -D * u1 * u1 - u2 * u2
    was_square, invsqrt = sqrt_ratio(1, v * u2 * u2 % P)
    x = positive(2 * s * invsqrt * u2)
    y = u1 * invsqrt * invsqrt * u2 * v % P
    return (x, y, 1, x * y % P) if was_square and not is_negative(x * y) and y else None

def encode(point):
    """Returns the 32 bytes of a point."""
    x, y, z, t = point
    u1, u2 = (z + y) * (z - y) % P, x * y % P
    invsqrt = sqrt_ratio(1, u1 * u2 * u2 % P)[1]
    den1, den = invsqrt * u1, invsqrt * u2
    z_inverse = den1 * den * t % P
    if is_negative(t * z_inverse):
        x, y, den = y * SQRT_M1 % P, x * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D
    y = -y if is_negative(x * z_inverse) else y
    return positive(den * (z - y)).to_bytes(32, "little")

def map_to_point(data):
    """Returns the point that 32 bytes are mapped to."""
    t = (int.from_bytes(data, "little") & (1 << 255) - 1) % P
    r = SQRT_M1 * t * t % P
    u, v = (r + 1) * (1 - D * D) % P, (-1 - r * D) * (r + D) % P
    was_square, s = sqrt_ratio(u, v)
    c = -1 if was_square else r
    s = s if was_square else -positive(s * t)
    n = c * (r - 1) * (D - 1) ** 2 - v
    w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P

# --- CPace, and SEALED.md, section 14 ---

def lengths(*parts):
    """Returns the parts, each behind its length in LEB128."""
    joined = b""
    for part in parts:
        rest, length = len(part), b""
        while rest > 127:
            rest, length = rest >> 7, length + bytes([rest & 127 | 128])
        joined += length + bytes([rest]) + part
    return joined

def generator(password, channel, sid):
    """Returns the generator of a run."""
    name = b"CPaceRistretto255"
    zeros = bytes(max(0, 127 - len(lengths(password)) - len(lengths(name))))
    digest = hashlib.sha512(lengths(name, password, zeros, channel, sid)).digest()
    return add(map_to_point(digest[:32]), map_to_point(digest[32:]))

class Run:
    """One side's run of CPace in a handshake with this prologue."""

    def __init__(self, password, prologue, scalar=None):
        self.sid = hashlib.sha256(prologue).digest()
        self.generator = generator(unicodedata.normalize("NFC", password).encode(), b"duet/1 room\0", self.sid)
        self.scalar = scalar or int.from_bytes(os.urandom(64), "little") % (ORDER - 1) + 1
        self.share = encode(multiply(self.generator, self.scalar))

    def isk(self, theirs, initiator):
        """Returns ISK, or None where their share is no point or the neutral element."""
        point = decode(theirs)
        shared = point and encode(multiply(point, self.scalar))
        if not shared or shared == bytes(32):
            return None
        first, second = (self.share, theirs) if initiator else (theirs, self.share)
        text = lengths(b"CPaceRistretto255_ISK", self.sid, shared) + lengths(first, b"") + lengths(second, b"")
        return hashlib.sha512(text).digest()

    def psk(self, theirs, initiator):
        """Returns the psk of XXpsk3, or None."""
        isk = self.isk(theirs, initiator)
        return isk and hashlib.sha256(b"duet/1 password\0" + isk).digest()

def main(password, prologue, *scalars):
    """Prints the values of a run between two sides."""
    a, b = (Run(password, bytes.fromhex(prologue), int.from_bytes(bytes.fromhex(x), "little")) for x in scalars)
    assert a.psk(b.share, True) == b.psk(a.share, False)
    values = a.sid, encode(a.generator), a.share, b.share, a.isk(b.share, True), a.psk(b.share, True)
    print("\n".join(value.hex() for value in values))

if __name__ == "__main__":
    main(*sys.argv[1:])
