"""The other side of a Noise handshake, by dissononce. Lines of hexadecimal on standard input and output.

noise-peer.py PATTERN initiator|responder PROLOGUE STATIC [REMOTE_STATIC]

After the handshake it writes its hash, then a line that it sealed, and opens a line that it reads.
"""

import sys

from dissononce.cipher.aesgcm import AESGCMCipher
from dissononce.dh.x25519.private import PrivateKey
from dissononce.dh.x25519.public import PublicKey
from dissononce.dh.x25519.x25519 import X25519DH
from dissononce.hash.sha256 import SHA256Hash
from dissononce.processing.handshakepatterns.interactive.XX import XXHandshakePattern
from dissononce.processing.handshakepatterns.oneway.X import XHandshakePattern
from dissononce.processing.impl.cipherstate import CipherState
from dissononce.processing.impl.handshakestate import HandshakeState
from dissononce.processing.impl.symmetricstate import SymmetricState
from dissononce.processing.modifiers.psk import PSKPatternModifier

pattern, role, prologue, secret = sys.argv[1:5]
curve = X25519DH()
pair = curve.generate_keypair(PrivateKey(bytes.fromhex(secret)))
remote = PublicKey(bytes.fromhex(sys.argv[5])) if len(sys.argv) > 5 else None
state = HandshakeState(SymmetricState(CipherState(AESGCMCipher()), SHA256Hash()), curve)
patterns = {
    "XX": XXHandshakePattern(),
    "XXpsk3": PSKPatternModifier(3).modify(XXHandshakePattern()),
    "X": XHandshakePattern(),
}
is_initiator = role == "initiator"
psks = [bytes([0x77] * 32)] if pattern == "XXpsk3" else None
state.initialize(patterns[pattern], is_initiator, bytes.fromhex(prologue), s=pair, rs=remote, psks=psks)


def show(data):
    print(bytes(data).hex(), flush=True)


ciphers = None
writes = is_initiator
while ciphers is None:
    data = bytearray()
    if writes:
        ciphers = state.write_message(b"from dissononce", data)
        show(data)
    else:
        ciphers = state.read_message(bytes.fromhex(sys.stdin.readline()), data)
        show(data)
    writes = not writes

mine, theirs = ciphers if is_initiator else reversed(ciphers)
show(state.symmetricstate.get_handshake_hash())
if pattern != "X" or is_initiator:
    show(mine.encrypt_with_ad(b"", b"sealed by dissononce"))
if pattern != "X" or not is_initiator:
    show(theirs.decrypt_with_ad(b"", bytes.fromhex(sys.stdin.readline())))
