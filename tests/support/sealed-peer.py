#!/usr/bin/python3
# A duet peer for tests, written from SEALED.md and PROTOCOL.md without seeing the program. It requires sealing, and is
# one client, or a host for one client; commands come on standard input, events go to standard output as JSON lines.
# Noise is dissononce's. What only matters to big peers is absent: congestion control, relays, limits. CPace is cpace.py's.

import base64, copy, hashlib, hmac, json, os, re, select, socket, struct, sys, time
from types import SimpleNamespace
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from dissononce.cipher.aesgcm import AESGCMCipher
from dissononce.dh.private import PrivateKey
from dissononce.dh.x25519.public import PublicKey
from dissononce.dh.x25519.x25519 import X25519DH
from dissononce.extras.dh.dangerous.dh_nogen import NoGenDH
from dissononce.hash.sha256 import SHA256Hash
from dissononce.processing.handshakepatterns.interactive.XX import XXHandshakePattern
from dissononce.processing.handshakepatterns.oneway.X import XHandshakePattern
from dissononce.processing.modifiers.psk import PSKPatternModifier
from dissononce.processing.impl.cipherstate import CipherState
from dissononce.processing.impl.handshakestate import HandshakeState
from dissononce.processing.impl.symmetricstate import SymmetricState
import cpace

NUMBERED = {"welcome", "joined", "left", "renamed", "message", "undelivered", "receipt", "slowed", "goodbye", "rekey",
            "verify"}
WANTED = {0x92: "AWAITING-1", 0x94: "AWAITING-2", 0x96: "AWAITING-3"}
REFUSALS = {1: "too many handshakes", 2: "wrong password", 3: "the handshake failed or timed out"}
REQUIRE = "this duet only accepts encrypted duets (--encrypt require); yours does not encrypt"
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"

# --- Noise, keys, identities ---

def keypair(secret):
    """Returns the X25519 key pair of a secret of 32 bytes."""
    return X25519DH().generate_keypair(PrivateKey(secret))

def handshake(pattern, initiator, prologue, secret, rs=None, e=None, psks=None):
    """Returns a handshake state of dissononce; e fixes the ephemeral secret, psks are taken from the list when needed."""
    dh = NoGenDH(X25519DH(), PrivateKey(e)) if e else X25519DH()
    hs = HandshakeState(SymmetricState(CipherState(AESGCMCipher()), SHA256Hash()), dh)
    hs.initialize(pattern, initiator, prologue, s=keypair(secret), rs=PublicKey(rs) if rs else None, psks=psks)
    return hs

def write(hs, payload=b""):
    """Writes a handshake message; returns it and, after the last one, the two keys."""
    message = bytearray()
    pair = hs.write_message(payload, message)
    return bytes(message), pair

def read(hs, message):
    """Reads a handshake message on a copy, as a wrong one must change nothing; returns (state, payload, keys) or None."""
    hs, payload = copy.deepcopy(hs), bytearray()
    try:
        pair = hs.read_message(message, payload)
    except Exception:  # wrong tag, wrong length, a point of low order: each library has its own classes
        return None
    return hs, bytes(payload), pair

def offers_prologue(c, l):
    """Returns the prologue of the handshake from the two offers as bytes."""
    return b"duet/1 noise\0" + struct.pack(">I", len(c)) + c + struct.pack(">I", len(l)) + l

def identity_text(key):
    """Returns an X25519 key as 52 characters."""
    u = int.from_bytes(key, "little")
    digits = "".join(ALPHABET[u >> 5 * i & 31] for i in range(50, -1, -1))
    return digits + ALPHABET[hashlib.sha256(b"duet/1 key\0" + key).digest()[0] >> 3]

def identity_key(text):
    """Returns the X25519 key of 52 characters, or None."""
    if not isinstance(text, str) or not re.fullmatch("[a-z2-7]{52}", text.lower()):
        return None
    u = 0
    for character in text.lower()[:51]:
        u = u << 5 | ALPHABET.index(character)
    key = u.to_bytes(32, "little")
    return key if identity_text(key) == text.lower() else None

def seal_private(secret, key, epoch, when, line_id, flags, text, e=None):
    """Returns a private line as a message of Noise X."""
    hs = handshake(XHandshakePattern(), True, b"duet/1 private\0" + epoch.encode(), secret, key, e)
    return write(hs, struct.pack(">Q", when) + line_id + bytes([flags]) + text.encode())[0]

def open_private(p, sealed):
    """Opens a private line; returns (sender's key, action, text), or a string that says what is wrong."""
    hs = handshake(XHandshakePattern(), False, b"duet/1 private\0" + p.epoch.encode(), p.secret)
    result = read(hs, sealed)
    if not result or len(result[1]) < 25:
        return "a private line does not open"
    key, payload = result[0].rs.data, result[1]
    when, line_id = int.from_bytes(payload[:8], "big"), payload[8:24]
    seen, forgotten = p.private_seen.setdefault(key, ({}, [-1]))
    if line_id in seen or when <= forgotten[0]:
        return "a private line is a replay"
    seen[line_id] = when
    if len(seen) > 1024:
        forgotten[0] = max(forgotten[0], seen.pop(next(iter(seen))))
    return key, bool(payload[24] & 1), payload[25:].decode("utf-8", "replace")

def identity_fields(p):
    """Returns what the sealed hello says of our identity."""
    public = p.signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    bound = p.signing.sign(b"duet/1 identity\0" + p.static + public)
    return {"signing": b64(public), "bound": b64(bound), "epoch": p.epoch}

def identity_wrong(p, f):
    """Says whether the signatures of a sealed hello are wrong; a signature without its key counts as absent."""
    for name, signature, text in (("signing", "bound", b"duet/1 identity\0"), ("earlier", "renewed", b"duet/1 renewal\0")):
        if isinstance(f.get(name), str) and isinstance(f.get(signature), str):
            try:
                signed = text + p.rs + base64.b64decode(f["signing"], validate=True)
                key = Ed25519PublicKey.from_public_bytes(base64.b64decode(f[name], validate=True))
                key.verify(base64.b64decode(f[signature], validate=True), signed)
            except Exception:
                return True
    return False

def b64(data):
    """Returns base64 with padding as text."""
    return base64.b64encode(data).decode()

# --- frames ---

def emit(event, **fields):
    """Prints an event."""
    print(json.dumps({"event": event, **fields}), flush=True)

def encode(fields):
    """Returns a frame as bytes, without a line end."""
    return b"duet/1 " + json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")

def parse(data):
    """Returns the object of a frame, or None."""
    try:
        frame = json.loads(data[7:].decode("utf-8", "replace")) if data.startswith(b"duet/1 {") else None
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) and isinstance(frame.get("type"), str) else None

def count(value):
    """Returns a count, or raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value) or not 0 <= value < 2**53:
        raise ValueError("no count")
    return int(value)

def text(value, units=500):
    """Returns a text of at most so many UTF-16 units, or raises ValueError."""
    if not isinstance(value, str) or len(value.encode("utf-16-le", "surrogatepass")) > 2 * units:
        raise ValueError("no text")
    return value

def is_offer(data, f):
    """Says whether a hello is an offer."""
    try:
        data.decode()
        return (f["seal"] == 1 and f["seal"] is not True and re.fullmatch("[0-9a-f]{24}", f["session"]) is not None
                and re.fullmatch("[0-9a-f]{16}", f["key"]) is not None)
    except (KeyError, TypeError, ValueError):
        return False

def is_hello(f):
    """Says whether a frame is a valid hello."""
    return f is not None and f["type"] == "hello" and all(isinstance(f.get(x), str) for x in ("name", "session", "key"))

def offer(p, k=None, pad=False):
    """Returns our offer as bytes, as a hello with k or padded to 1,200 bytes over UDP."""
    f = {"type": "hello", "name": "", "session": p.session, "key": p.key}
    f.update({"delivery": 1, "seal": 1} if p.udp else {"seal": 1})
    f.update({"password": 1} if p.password and not p.connecting else {})
    f.update({"k": k} if k else {})
    return encode({**f, "pad": "-" * (1191 - len(encode(f)))}) if pad else encode(f)

def new_tokens(p):
    """Draws the tokens of an offer."""
    p.session, p.key = os.urandom(12).hex(), os.urandom(8).hex()

# --- records ---

def record(kind, body):
    """Returns a record of a stream."""
    return struct.pack(">HB", len(body) + 1, kind) + body

def put(p, data):
    """Writes bytes to the stream, or a datagram to the endpoint; the self-test has no socket."""
    if not p.sock:
        return
    try:
        p.sock.sendto(data, p.addr) if p.udp else p.sock.sendall(data)
    except OSError as error:
        if not p.udp and not p.ending:
            end(p, "reset", str(error), reset=True)

def seal(p, plain):
    """Returns a data record with the next counter of the sending key."""
    counter = p.tx.counter
    p.tx.counter += 1
    p.tx.cipher.set_nonce(counter)
    body = p.tx.cipher.encrypt_with_ad(b"", plain)
    head = bytes([0x90 | p.tx.phase]) + p.remote_index + struct.pack(">Q", counter)
    return head + body if p.udp else record(0x90 | p.tx.phase, body)

def unseal(p, phase, counter, body):
    """Opens a data record; returns the plain text and whether its counter is the highest one, or None."""
    rx = p.rx.get(phase)
    counter = counter if p.udp else rx.counter if rx else 0
    if not rx or (p.udp and (counter <= rx.highest - 2048 or rx.seen >> max(0, rx.highest - counter) & 1 and counter <= rx.highest)):
        return None
    rx.cipher.set_nonce(counter)
    try:
        plain = rx.cipher.decrypt_with_ad(b"", body)
    except Exception:
        return None
    rx.counter, p.alive, p.pings = rx.counter + 1, time.monotonic(), 0
    newest = counter > rx.highest and phase == p.heard_phase or (phase != p.heard_phase and phase == p.phase)
    if counter > rx.highest:
        rx.seen, rx.highest = (rx.seen << counter - rx.highest | 1) & (1 << 2048) - 1, counter
    else:
        rx.seen |= 1 << rx.highest - counter
    return plain, newest

def new_key(cipher, phase):
    """Returns the state of one key."""
    return SimpleNamespace(cipher=cipher, phase=phase, counter=0, highest=-1, seen=0, until=None)

def opened(p, phase):
    """Does what the first record of a session, and the first one of a new phase, bring about."""
    if p.state == "UNCONFIRMED":
        p.state, p.deadline = "ENCRYPTED", None
        emit("encrypted", remoteStatic=p.rs.hex())
    if p.tx_next and phase == p.tx_next.phase:
        flush(p)
        p.tx, p.tx_next = p.tx_next, None
        emit("rekeyed", phase=phase)
    old = p.rx.get(1 - phase)
    p.heard_phase = p.phase if phase == p.phase else p.heard_phase
    if old and phase == p.phase and not p.udp:
        del p.rx[1 - phase]
    elif old and phase == p.phase and not old.until:
        old.until = time.monotonic() + 60

# --- handshake ---

def begin(p, mine, theirs, initiator):
    """Begins the handshake after the offers."""
    p.initiator, p.deadline = initiator, time.monotonic() + 5
    prologue = offers_prologue(mine, theirs) if p.connecting else offers_prologue(theirs, mine)
    has_password = (parse(theirs if p.connecting else mine) or {}).get("password") == 1
    if p.connecting and has_password != bool(p.password):
        return end(p, "refused", "a password is needed" if has_password else "no password is asked for", by="self")
    p.run = cpace.Run(p.password, prologue) if has_password else None
    pattern = PSKPatternModifier(3).modify(XXHandshakePattern()) if p.run else XXHandshakePattern()
    p.hs = handshake(pattern, initiator, prologue, p.secret, e=p.e, psks=[] if p.run else None)
    p.state = "AWAITING-1"
    if initiator:
        p.state = "AWAITING-2"
        send_handshake(p, 0x92, write(p.hs, p.run.share if p.run else b"")[0])

def take_share(p, hs, payload):
    """Gives the handshake its psk, from the other side's share; returns whether that is right."""
    psk = p.run and p.run.psk(payload[:32], p.initiator)
    if psk:
        hs._psks.append(psk)  # dissononce wants it at the start, where nobody has it
    return not p.run or psk is not None

def send_handshake(p, kind, message):
    """Sends a message of the handshake, and keeps its datagram for repetitions."""
    indices = {0x92: p.index + p.cookie, 0x94: p.remote_index + p.index, 0x96: p.remote_index}[kind]
    p.last = bytes([kind]) + indices + message if p.udp else record(kind, message)
    p.repeat = time.monotonic() + 0.5
    put(p, p.last)

def on_handshake(p, kind, message):
    """Takes a message of the handshake; returns whether it was right."""
    result = read(p.hs, message) if p.state == WANTED[kind] and len(message) <= 1024 else None
    if not result:
        return False
    if kind == 0x92:
        if not take_share(p, result[0], result[1]):
            return False
        try:
            message = write(result[0], p.run.share if p.run else b"")[0]
        except ValueError:  # a point of low order
            return False
        p.hs, p.state = result[0], "AWAITING-3"
        send_handshake(p, 0x94, message)
        return True
    if kind == 0x94 and not take_share(p, result[0], result[1]):
        return False
    p.hs, _, pair = result
    if kind == 0x94:
        message, pair = write(p.hs)
        send_handshake(p, 0x96, message)
    p.h, p.rs, p.state = p.hs.symmetricstate.get_handshake_hash(), p.hs.rs.data, "UNCONFIRMED"
    p.tx, p.rx = new_key(pair[not p.initiator], 0), {0: new_key(pair[p.initiator], 0)}
    return True

def begin_rekey(p):
    """Begins new keys as the initiator."""
    if not p.initiator or p.tx_next or any(rx.until for rx in p.rx.values()):
        return emit("note", text="new keys are begun by the initiator, and not within a minute of the last over UDP")
    p.rekey = handshake(XXHandshakePattern(), True, b"duet/1 rekey\0" + p.h, p.secret)
    p.rekey_since = time.monotonic()
    send(p, type="rekey", step=1, noise=b64(write(p.rekey)[0]))

def on_rekey(p, f):
    """Takes a step of new keys; step 1 always begins anew, others must follow."""
    step, message = count(f["step"]), base64.b64decode(text(f["noise"], 2000), validate=True)
    if step == 1 and not p.initiator:
        p.rekey = handshake(XXHandshakePattern(), False, b"duet/1 rekey\0" + p.h, p.secret)
    elif not p.rekey or step != (2 if p.initiator else 3):
        return
    result = read(p.rekey, message)
    if not result or (step > 1 and result[0].rs.data != p.rs):
        return end(p, "reset", "wrong rekey message or static key", reset=True)
    p.rekey, _, pair = result
    if step < 3:
        message, last = write(p.rekey)
        send(p, type="rekey", step=step + 1, noise=b64(message))
    if step == 1:
        return
    pair = pair if step == 3 else last
    p.h, p.rekey, p.phase = p.rekey.symmetricstate.get_handshake_hash(), None, 1 - p.phase
    flush(p)
    p.rx[p.phase], p.tx_next = new_key(pair[p.initiator], p.phase), new_key(pair[not p.initiator], p.phase)
    if step == 3:
        p.tx, p.tx_next = p.tx_next, None
        emit("rekeyed", phase=p.phase)
        send(p, type="ping", number=int(time.time() * 1000))

# --- receiving bytes ---

def on_line(p, line):
    """Takes a line before the records begin."""
    f = parse(line)
    if f is None and p.connecting and re.match(rb"duet/1 .{1,800}'s room, \d{1,6} here\. Type a line", line):
        return
    if f is not None and f["type"] == "goodbye":
        return end(p, "refused", str(f.get("reason", "")))
    if not is_hello(f) or f["session"] == p.session:
        return refuse_plain(p, f)
    if not is_offer(line, f):
        if p.connecting or p.state == "OFFERED":
            return refuse_plain(p, f)
        p.mine, p.state, p.deadline = offer(p), "OFFERED", time.monotonic() + 5
        return put(p, p.mine + b"\n")
    if not p.mine:
        p.mine = offer(p)
        put(p, p.mine + b"\n")
    begin(p, p.mine, line, p.connecting)

def refuse_plain(p, f, **k):
    """Ends a connection to a peer that does not seal, with goodbye to a duet."""
    if f is not None:
        put(p, encode({"type": "goodbye", "reason": REQUIRE, **k}) + (b"" if p.udp else b"\n"))
    end(p, "refused", "the peer does not seal", by="self")

def refuse(p, reason):
    """Sends a refusal, if the other side can be told, and ends."""
    if p.hs and (not p.udp or p.remote_index):
        put(p, b"\x98" + p.remote_index + bytes([reason]) if p.udp else record(0x98, bytes([reason])))
    how, why = ("refused", REFUSALS.get(p.refusal, "?")) if p.refusal else ("timeout" if p.timed_out else "refused", REFUSALS[reason])
    end(p, how, why, by="peer" if p.refusal else "self")

def on_record(p, kind, body):
    """Takes a record of a stream; returns whether it was right."""
    if kind == 0x98 and len(body) == 1 and p.state != "ENCRYPTED":
        p.refusal = body[0]
        return True
    if kind in WANTED:
        return on_handshake(p, kind, body)
    result = unseal(p, kind & 1, None, body) if kind in (0x90, 0x91) and not p.end_mark else None
    if not result:
        return False
    opened(p, kind & 1)
    p.end_mark = result[0] == b""
    p.text += result[0]
    while b"\n" in p.text:
        line, p.text = p.text.split(b"\n", 1)
        on_frame(p, line[:-1] if line.endswith(b"\r") else line)
    return True

def on_stream(p):
    """Reads from the stream, and takes lines or records out of what has come."""
    try:
        data = p.sock.recv(65536)
    except OSError as error:
        return end(p, "refused" if p.refusal else "reset", REFUSALS.get(p.refusal, str(error)), reset=True)
    if not data:
        how = "end-mark" if p.end_mark and not p.buffer else "refused" if p.refusal else "fin"
        p.fin = True
        return end(p, how, REFUSALS.get(p.refusal, ""), reset=how == "fin" and p.state == "ENCRYPTED")
    p.buffer += data
    while not p.over:
        if p.state in ("NONE", "OFFERED"):
            if b"\n" not in p.buffer:
                return
            line, p.buffer = p.buffer.split(b"\n", 1)
            on_line(p, line[:-1] if line.endswith(b"\r") else line)
            if p.ending:
                p.state, p.buffer = "ENDED", b""
            continue
        length = int.from_bytes(p.buffer[:2], "big") if len(p.buffer) > 1 else 65536
        known = p.buffer[2:3] in (b"", b"\x90", b"\x91", b"\x92", b"\x94", b"\x96", b"\x98")
        if p.state == "ENDED" or (length and known and len(p.buffer) < 2 + length):
            return
        kind, body, p.buffer = p.buffer[2:3], p.buffer[3:2 + length], p.buffer[2 + length:]
        if not length or not known or not on_record(p, kind[0], body):
            if p.state == "ENCRYPTED":
                return end(p, "reset", "a wrong record", reset=True, by="self")
            p.state = "ENDED"
            return refuse(p, 3)

def on_datagram(p, data, addr):
    """Takes a datagram."""
    p.got[addr] = p.got.get(addr, 0) + len(data)
    if p.connecting and addr != p.addr:
        return
    if p.last_ack is not None:
        if addr == p.addr and data[1:5] == p.index and p.sent.get(addr, 0) + len(p.last_ack) <= p.got[addr]:
            p.sent[addr] = p.sent.get(addr, 0) + len(p.last_ack)
            put(p, p.last_ack)
        return
    kind = data[0] if data else 0
    if kind == 0x92 and not p.initiator and addr == p.addr and len(data) >= 53 and p.hs:
        if not hmac.compare_digest(data[5:21], p.key.encode()) or data[1:5] == bytes(4):
            return
        if data == p.first and p.state in ("AWAITING-3", "UNCONFIRMED"):
            put(p, p.last)
        elif p.state == "AWAITING-1":
            p.remote_index, p.first = data[1:5], data
            on_handshake(p, kind, data[21:])
    elif kind in (0x94, 0x96, 0x90, 0x91, 0x98) and data[1:5] == p.index and p.hs:
        if kind == 0x94 and p.state == "UNCONFIRMED" and data == p.first:
            put(p, p.last)
        elif kind == 0x94 and p.state == "AWAITING-2":
            p.remote_index, p.first = data[5:9], data
            on_handshake(p, kind, data[9:])
        elif kind == 0x96 and addr == p.addr:
            on_handshake(p, kind, data[5:])
        elif kind == 0x98 and p.state != "ENCRYPTED":
            p.refusal = data[5] if len(data) > 5 else 0
        elif kind in (0x90, 0x91) and len(data) >= 29:
            result = unseal(p, kind & 1, int.from_bytes(data[5:13], "big"), data[13:])
            if result:
                if result[1] and addr != p.addr:
                    p.addr = addr
                    emit("moved", to=endpoint(addr))
                opened(p, kind & 1)
                on_frame(p, result[0])
    elif p.state != "ENCRYPTED" and data.startswith(b"duet/1 "):
        on_plain_datagram(p, data, addr, parse(data))

def on_plain_datagram(p, data, addr, f):
    """Takes a frame in the clear, before the session is ENCRYPTED."""
    if data == p.answered and addr == p.addr:
        return answer(p, addr, p.mine)
    if p.state not in ("NONE", "OFFERED", "AWAITING-1") or f is None:
        return
    if f["type"] == "goodbye" and f.get("k") == p.key and addr == p.addr:
        return end(p, "refused", str(f.get("reason", "")))
    if not is_hello(f) or f["session"] == p.session:
        return refuse_plain(p, f, k=p.plain_key) if p.state == "OFFERED" and p.plain_key and addr == p.addr else None
    if "k" in f:
        if p.connecting and p.state == "OFFERED" and hmac.compare_digest(str(f["k"]).encode(), p.key.encode()):
            if not is_offer(data, f):
                return refuse_plain(p, f, k=f["key"])
            p.cookie = f["key"].encode()
            begin(p, p.mine, data, True)
        return
    if p.connecting and (not is_offer(data, f) or p.session < f["session"]):
        return  # the greetings crossed, and ours counts
    if addr != p.addr and not p.connecting:
        new_tokens(p)
    p.addr, p.answered, p.mine, p.plain_key = addr, data, offer(p, k=f["key"]), f["key"]
    answer(p, addr, p.mine)
    if is_offer(data, f):
        begin(p, p.mine, data, False)
    else:
        p.state, p.deadline = "OFFERED", time.monotonic() + 5

def answer(p, addr, data):
    """Sends a hello as far as rule A allows."""
    if p.sent.get(addr, 0) + len(data) <= p.got[addr] or p.connecting:
        p.sent[addr] = p.sent.get(addr, 0) + len(data)
        put(p, data)

# --- inside ---

def send(p, **f):
    """Sends a frame in the session, numbered over UDP if its type is."""
    if p.udp and f["type"] in NUMBERED and p.delivery:
        p.number += 1
        p.queue.append(SimpleNamespace(n=p.number, f=f, times=0, when=0.0, since=time.monotonic()))
        pump(p)
    elif p.udp:
        put(p, seal(p, encode(f)))
    else:
        p.out += encode(f) + b"\n"

def pump(p):
    """Sends new frames within the window, and the lowest unacknowledged one again after a second."""
    now = time.monotonic()
    for place, item in enumerate(p.queue[:32]):
        if item.times == 0 or (place == 0 and now - item.when >= 1):
            item.times, item.when = item.times + 1, now
            t = {"t": min(item.times, 255)} if item.times > 1 else {}
            put(p, seal(p, encode({**item.f, "n": item.n, **t})))

def flush(p):
    """Seals what the turn has gathered: a record of a stream, or an acknowledgement."""
    if p.udp and p.ack_due and p.tx:
        p.ack = seal(p, encode({"type": "ack", "upTo": p.expected - 1, "delayMs": 0}))
        put(p, p.ack)
    while not p.udp and p.out and not p.shut:
        plain, p.out = p.out[:65518], p.out[65518:]
        put(p, seal(p, plain))
    p.ack_due = False

def send_hello(p):
    """Sends our sealed hello."""
    p.hello_at = time.monotonic() + 0.5
    f = {"type": "hello", "name": p.name, "session": p.inner_session, "key": p.inner_key, **identity_fields(p)}
    send(p, **f, **({"delivery": 1} if p.udp else {}))

def send_message(p, field, value, **more):
    """Sends a message, in parts if its frame would be too long."""
    p.id += 1
    f = {"type": "message", "id": p.id, **({} if p.connecting else {"from": 1}), "text": "", **more}
    limit = 1171 - 29 if p.udp else 16383
    pieces, size = [""], 0
    room = limit - len(encode({**f, field: "", "part": 512, "parts": 512}))
    if len(encode({**f, field: value})) > limit:
        for character in value:
            size += len(json.dumps(character, ensure_ascii=False).encode("utf-8", "replace")) - 2
            if size > room:
                pieces, size = pieces + [""], len(json.dumps(character, ensure_ascii=False).encode("utf-8", "replace")) - 2
            pieces[-1] += character
    else:
        pieces = [value]
    for part, piece in enumerate(pieces, 1):
        send(p, **{**f, field: piece}, **({"part": part, "parts": len(pieces)} if len(pieces) > 1 else {}))

def on_frame(p, data):
    """Takes a frame of the session: puts it in order, and counts what is malformed."""
    f = parse(data)
    try:
        if f is None:
            raise ValueError("no frame")
        if not p.heard and f["type"] not in (("hello", "welcome") if p.connecting else ("hello",)):
            return
        n = f.get("n")
        if p.udp and isinstance(n, int) and not isinstance(n, bool) and n > 0:
            p.ack_due = p.delivery = True
            if n != p.expected:
                return
            p.expected += 1
        handle(p, f)
    except (KeyError, TypeError, ValueError):
        emit("note", text="malformed: " + data[:200].decode("utf-8", "replace"))
        p.malformed += 1
        if p.malformed == 11:
            leave(p, "too many malformed frames")

def handle(p, f):
    """Does what a frame says."""
    kind = f["type"]
    if kind not in ("message", "joined"):
        emit("frame", frame=f)
    if kind == "hello":
        on_hello(p, f)
    elif kind == "message":
        on_message(p, f)
    elif kind == "ping":
        send(p, type="pong", number=count(f["number"]))
    elif kind == "ack":
        p.queue = [item for item in p.queue if item.n > count(f["upTo"])]
        pump(p)
    elif kind == "skip":
        p.expected, p.ack_due = max(p.expected, min(count(f["upTo"]) + 1, p.expected + 2047)), True
    elif kind == "goodbye":
        flush(p)
        end(p, "goodbye", str(f.get("reason", "")))
    elif kind == "rekey":
        on_rekey(p, f)
    elif kind == "renamed" and not p.connecting:
        name = re.sub(r"\s+", " ", text(f["name"])).strip()[:32] or "nobody"
        p.members[2]["name"] = name + "~2" if name.lower() == p.name.lower() else name
        send(p, type="renamed", number=2, name=p.members[2]["name"])
    elif kind == "renamed" and count(f["number"]) in p.members:
        p.members[f["number"]]["name"] = text(f["name"])
    elif kind == "left" and p.connecting:
        p.members.pop(count(f["number"]), None)
    elif kind == "joined" and p.connecting:
        p.members[count(f["number"])] = f
        emit("joined", **{x: f[x] for x in ("number", "name", "address", "identity", "epoch") if x in f})
    elif kind == "welcome" and p.connecting:
        p.members = {} if "rest" in f else p.members
        p.members.update({count(member["number"]): member for member in f["members"]})
        p.heard = True
        if not p.ready:
            p.ready, p.you = True, count(f["you"])
            send(p, type="ping", number=int(time.time() * 1000))

def on_hello(p, f):
    """Takes the sealed hello; a host answers with its own and with welcome."""
    tokens = [text(f[x], 64) for x in ("session", "key")]
    text(f["name"])
    if p.hello_of and p.hello_of != tokens:
        return
    if identity_wrong(p, f):
        return end(p, "reset", "a wrong signature", reset=True, by="self")
    again, p.hello_of, p.heard, p.delivery = p.hello_of, tokens, True, f.get("delivery") == 1 and p.udp or p.delivery
    epoch = f.get("epoch") if re.fullmatch("[0-9a-f]{32}", str(f.get("epoch"))) else None
    if p.connecting:
        p.host_epoch = epoch
        return
    send_hello(p)
    if again:
        return
    p.members = {1: {"number": 1, "name": p.name, "identity": identity_text(p.static), "epoch": p.epoch},
                 2: {"number": 2, "name": f["name"][:32] or "nobody", "address": endpoint(p.addr)}}
    if epoch:
        p.members[2].update(identity=identity_text(p.rs), epoch=epoch)
    emit("joined", **p.members[2])
    send(p, type="welcome", you=2, key=p.inner_key, members=list(p.members.values()))
    p.ready = True

def known_key(p, number):
    """Returns a member's X25519 key and epoch; the other side of the session is known by the session."""
    member = p.members.get(number, {})
    if p.connecting and number == 1:
        return p.rs, p.host_epoch or member.get("epoch")
    return (p.rs if not p.connecting and number == 2 else identity_key(member.get("identity"))), member.get("epoch")

def on_message(p, f):
    """Takes a message, joins its parts, opens a sealed one, shows it, and sends the receipt."""
    message_id, sender = count(f["id"]), count(f.get("from", 1)) if p.connecting else 2
    field = "sealed" if isinstance(f.get("sealed"), str) else "text"
    value = text(f[field], 65536)
    if "part" in f or "parts" in f:
        part, parts = count(f["part"]), count(f["parts"])
        if not 1 <= part <= parts <= 512:
            raise ValueError("part")
        kept = p.parts.setdefault((sender, message_id, parts), {})
        kept.setdefault(part, value)
        if len(kept) < parts:
            return
        del p.parts[sender, message_id, parts]
        value = "".join(kept[i] for i in range(1, parts + 1))
    more = {"action": True} if f.get("action") is True else {}
    if field == "sealed":
        result = open_private(p, base64.b64decode(value, validate=True))
        if isinstance(result, str):
            return emit("note", text=result)
        more = {"sealed": True, "unknownKey": result[0] != known_key(p, sender)[0], **({"action": True} if result[1] else {})}
        value = result[2]
    emit("message", **{"from": sender}, text=value, private="to" in f, id=message_id, **more)
    send(p, type="receipt", stage="received", first=message_id, last=message_id)

# --- commands, ends, main ---

def command(p, line):
    """Does a command of standard input."""
    word, _, rest = line.partition(" ")
    if word == "say":
        send_message(p, "text", rest)
    elif word == "private":
        number, _, rest = rest.partition(" ")
        key, epoch = known_key(p, int(number))
        if not key or not epoch:
            return emit("note", text="that member has no identity or epoch")
        sealed = seal_private(p.secret, key, epoch, int(time.time() * 1000), os.urandom(16), 0, rest)
        send_message(p, "sealed", b64(sealed), to=int(number))
    elif word == "rename":
        p.name = rest
        send(p, type="renamed", **({} if p.connecting else {"number": 1}), name=rest)
    elif word == "rekey":
        begin_rekey(p)
    elif word == "move" and p.udp and p.connecting:
        p.sock.close()
        p.sock = socket.socket(p.family, socket.SOCK_DGRAM)
        p.sock.bind(("::" if p.family == socket.AF_INET6 else "0.0.0.0", 0))
        send(p, type="ping", number=int(time.time() * 1000))
    elif word == "bye":
        leave(p, "left")
    elif word:
        emit("note", text="unknown command " + word)

def leave(p, reason):
    """Says goodbye; then the end mark and FIN, or over UDP the wait for the acknowledgement."""
    send(p, type="goodbye", reason=reason)
    p.leaving = time.monotonic() + 2
    if not p.udp:
        finish_stream(p)

def finish_stream(p):
    """Sends what is queued, the end mark and FIN."""
    if p.shut:
        return
    flush(p)
    try:
        if p.tx:
            p.sock.sendall(seal(p, b""))
        p.sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    p.shut = True

def end(p, how, reason="", reset=False, by="peer"):
    """Ends the session; over a stream after the other's FIN, over UDP a host stays to acknowledge goodbye again."""
    first = not p.ending
    p.ending = p.ending or {"how": how, "reason": reason, "by": by}
    if not p.udp and reset:
        p.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif not p.udp:
        finish_stream(p)
    elif first and how == "reset" and p.tx:
        send(p, type="goodbye", reason=reason)
    p.leaving = p.leaving or time.monotonic() + 2
    if p.udp and how == "goodbye" and by == "peer" and not p.connecting:
        p.last_ack = p.ack
    elif p.udp or reset or p.fin:
        p.over = True

def tick(p):
    """Does what is due by time."""
    now = time.monotonic()
    if p.leaving and (now > p.leaving or (p.udp and not p.queue and not p.ending)):
        p.ending = p.ending or {"how": "goodbye" if p.udp else "timeout", "by": "self", "acknowledged": not p.queue}
        p.over = True
    elif not p.ending and p.deadline and now > p.deadline:
        p.timed_out = True
        refuse(p, 3) if p.hs else refuse_plain(p, {}, **({"k": p.plain_key} if p.plain_key else {}))
    elif not p.udp and not p.connecting and p.state == "NONE" and not p.buffer and not p.banner and now > p.start + 0.25:
        p.banner = True
        put(p, f"duet/1 {p.name}'s room, 2 here. Type a line and press Enter.\n".encode())
    if p.connecting and p.tx and not p.heard and now >= p.hello_at and not p.ending and (p.udp or not p.hello_at):
        send_hello(p)
    if p.ready and not p.ending and not p.leaving and now - p.alive > 5 * (p.pings + 1):
        p.pings += 1
        send(p, type="ping", number=int(time.time() * 1000))
        if p.pings > 3:
            end(p, "timeout", "no answer to three pings", reset=True, by="self")
    if p.udp and not p.ending:
        if p.connecting and p.state == "OFFERED" and now >= p.repeat:
            p.hellos, p.repeat = p.hellos + 1, now + 0.5
            end(p, "timeout", "no answer", by="self") if p.hellos > 5 else put(p, p.mine)
        if p.initiator and p.state in ("AWAITING-2", "UNCONFIRMED") and now >= p.repeat:
            p.repeat = now + 0.5
            put(p, p.last)
        if p.tx:
            pump(p)
        if p.queue and now - p.queue[0].since > 60:
            end(p, "timeout", "nothing is acknowledged", by="self")
        p.rx = {phase: rx for phase, rx in p.rx.items() if not rx.until or now < rx.until}
    if p.initiator and p.rekey and now - p.rekey_since > 60:
        begin_rekey(p)

def endpoint(addr):
    """Returns an endpoint as text."""
    return f"[{addr[0]}]:{addr[1]}" if ":" in addr[0] else f"{addr[0]}:{addr[1]}"

def identity(path):
    """Returns the X25519 and Ed25519 secrets, new ones or those of a file (hexadecimal, made if it is not there)."""
    secrets = [os.urandom(32), os.urandom(32)]
    if path and os.path.exists(path):
        return [bytes.fromhex(x) for x in open(path).read().split()]
    if path:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(x.hex() for x in secrets) + "\n")
    return secrets

def new_peer(udp, connecting, name, secret, signing):
    """Returns the state of a peer before anything was sent."""
    return SimpleNamespace(
        udp=udp, connecting=connecting, password=None, run=None, name=name, e=None, sock=None, addr=None, secret=secret, static=keypair(secret).public.data,
        signing=Ed25519PrivateKey.from_private_bytes(signing), epoch=os.urandom(16).hex(), inner_session=os.urandom(12).hex(),
        inner_key=os.urandom(8).hex(), index=struct.pack(">I", int.from_bytes(os.urandom(4), "big") or 1), remote_index=b"", cookie=b"",
        state="NONE", initiator=False, hs=None, h=None, rs=None, tx=None, tx_next=None, rx={}, phase=0, heard_phase=0, rekey=None, rekey_since=0,
        mine=b"", answered=b"", plain_key=None, first=b"", last=b"", repeat=0.0, hello_at=0.0, hellos=0, deadline=None, start=time.monotonic(),
        buffer=b"", text=b"", out=b"", end_mark=False, fin=False, shut=False, banner=False, refusal=None, timed_out=False,
        got={}, sent={}, queue=[], number=0, expected=1, ack_due=False, ack=b"", last_ack=None, delivery=False, heard=False, hello_of=None,
        host_epoch=None, members={}, parts={}, private_seen={}, id=0, malformed=0, ready=False, you=None, alive=0.0, pings=0, leaving=None, ending=None, over=False)

def open_socket(p, host, port):
    """Opens the socket, and waits for the client of a TCP host."""
    p.family, kind, _, _, p.addr = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM if p.udp else socket.SOCK_STREAM)[0]
    p.sock = socket.socket(p.family, kind)
    if not p.connecting:
        p.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0 if p.udp else 1)
        p.sock.bind(p.addr)
        p.udp or p.sock.listen(1)
        emit("listening", port=p.sock.getsockname()[1])
        p.addr = None
        if not p.udp:
            listener = p.sock
            p.sock, p.addr = listener.accept()
            listener.close()
    elif not p.udp:
        p.sock.connect(p.addr)

def run(p):
    """Runs until the session has ended."""
    if p.connecting:
        p.mine, p.state, p.hellos, p.repeat = offer(p, pad=p.udp), "OFFERED", 1, time.monotonic() + 0.5
        p.deadline = None if p.udp else time.monotonic() + 5
        put(p, p.mine + (b"" if p.udp else b"\n"))
    typed, stdin = b"", [0]
    while not p.over:
        ready = select.select([p.sock] + stdin, [], [], 0.1)[0]
        if 0 in ready:
            data = os.read(0, 65536)
            typed, stdin = typed + data, [0] if data else []
        if p.sock in ready:
            on_datagram(p, *p.sock.recvfrom(65536)) if p.udp else on_stream(p)
        while p.ready and b"\n" in typed and not p.leaving and not p.ending:
            line, typed = typed.split(b"\n", 1)
            command(p, line.decode("utf-8", "replace"))
        if not p.over:
            tick(p)
            flush(p)
    p.sock.close()
    emit("ended", **p.ending, **({} if p.udp else {"endMark": p.end_mark}))

def main(arguments):
    """Reads the command line."""
    if arguments == ["self-test"]:
        return self_test()
    path = arguments.pop(arguments.index("--key-file") + 1) if "--key-file" in arguments else None
    password = arguments.pop(arguments.index("--password") + 1) if "--password" in arguments else None
    mode, host, port, name = [x for x in arguments if x not in ("--key-file", "--password")]
    p = new_peer(mode.startswith("udp"), mode.endswith("connect"), name, *identity(path))
    p.password = password
    new_tokens(p)
    open_socket(p, host, int(port))
    p.start = time.monotonic()
    run(p)

# The transcripts of SEALED.md, each "section side line: bytes;", wrapped anywhere.
EXPECTED = """
12 C as text: ez766yczclup7yhf6i62olvry4omb6qgifcmxcej7t7x2nzatt3j;12 H as text: fa3rlf2igpoucfa2sppbklyrh6yh5zxyhdyma
itd6bhgtmuodl35;16 C static: 7b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f13;16 C ephemeral: 0faa684e
d28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f20;16 H static: 7b0d47d93427f8311160781c7c733fd89f88970aef490d8a
a0ee19a4cb8a1b14;16 H ephemeral: ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff3e6b;13 sealed: 0faa684ed
28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f20a86fb8cf5e5b82fad205876ee69c4d32c17c15960270cf8ec2bc0284c6c813c
3de06705727486030d6a26fd877c82064e2f7bf8c66272e90aad2d8acaca68e95923387555a3c7fa43e399f1cf0ba66ce63dbc31bfaf07cc0d3d54
d2960;16 prologue: 647565742f31206e6f6973650000000068647565742f31207b2274797065223a2268656c6c6f222c226e616d65223a22222
c2273657373696f6e223a22303132333435363738396162636465663031323334353637222c226b6579223a2230303131323233333434353536363
737222c227365616c223a317d00000068647565742f31207b2274797065223a2268656c6c6f222c226e616d65223a22222c2273657373696f6e223
a22666564636261393837363534333231306665646362613938222c226b6579223a2238383939616162626363646465656666222c227365616c223
a317d;16 first message: 0021920faa684ed28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f20;16 second message: 0061
94ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff3e6bf4ec399486d193185c05ec21fc2537a19368ee7006880f506b2d
8e77572eeeb1aa777f302946eecd2d7cafc701f66619bf1d6ff58758726a5e75e271a651c079;16 third message: 004196b619d80cb0582b095
ff541a2fc71deb1049d14a03e02325090f32ee6cc86770a96fb333b5f5c84b1f37e4fe6dcbbaf8ce05f8416c23a78fe15298d38061d7232;16 h: 
70b2f199372e0da5b979d4cd4e1086eb1614b26bc1a7babbecd8dd52d90b4de4;16 first key: 0a6fc4dc1aa8dc5cd8569ab411d3d2875462316
87fa7a899bc67e09421afce06;16 second key: 139d0e89432636be94c33f53b33f7912bdd13d0d968687768adefcd63865d43f;16 C record 
0: 0074901196f32bb3ae219dd2bb92f2ab3a2eb5fa455ebb9ecd81b58451d219db0e21d5075741669ac6be08eeac072a27b6a4a3ad47d9a18f237
c5999fe95324e29f763c4a5ebe303356f3137a2540e4098d3a5700b3c19bf5001f8a762ac2bed9acc18299c82ac40824bc95e0c37664b47812e445
3b0;16 H record 0: 010b90305ff8a8aed2c9013077007067d895c13d2d81efc0b631e1dcb497964aadaed28f35f5c35f946b8f430703e659d59
2d2181977702d932ef43e1023e1b6a424f6befc98de15895170373acb46f4b6e1572142831ec1c7560d6b79d345135575347e39f8d2dcb8bd53918
a801f46d0e6939d34cac363ff467497b71cf12f6fdf720d9b2eb7a59de47e3c236c203786430bab89474da7a36a37a652297f78debc73cfdc4a4a0
5afd7729bdcffefed476b96d0cc56ffeb2a7fe5c4a29f5873dc6a9e296607947edb3799c903bed8ad41c5b47c9f3347b791e37c2b1b3e0c700e4b8
377d84f08ba7b9d3ff933d6c0520efa7a52a4985abe1f22a894ce36e284c4072a4d3e4f988b919abbd2f6;16 C record 1: 004190d5be8e420a4
e1ded5b5adc72d92f6eac03d45cc72a04f68822a67fd6247a74c01caae75feec57bacaf627bbf62defafd5f9d9723c09cf4a1c851fa4e8e191629;
16 C end mark: 0011904e5f92ffabd2dc9f9d32b5abb72de052;17 prologue: 70dd99a05c32cacfccf964e3ff98f601b1a11edeea68bc75b17
610d7b78d6798;17 first message: 92c0c0c0c0383839396161626263636464656566660faa684ed28867b97f4a6a2dee5df8ce974e76b7018e
3f22a1c4cf2678570f20;17 second message: 94c0c0c0c0a0a0a0a0ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff
3e6bf4ec399486d193185c05ec21fc2537a19368ee7006880f506b2d8e77572eeeb119a2b8d5272a23b14791b18e20c72e00b7dafa46bb936ad37a
c08e394afafa40;17 third message: 96a0a0a0a0b619d80cb0582b095ff541a2fc71deb1049d14a03e02325090f32ee6cc86770aa08d330d7cf
7880cd2aff13a714690f68469241b78938b2fc05235dcf47534ba;17 h: e8f3f4f18decb5ae2f845164b15faff5858aa4ee29ffbb2d864351e32f
3dc630;17 C record 0: 90a0a0a0a000000000000000001196f32bb3ae219dd2bb92f2ab3a2eb5fa455ebb9ecd81b58451d219db0e21d5075741
669ac6be08eeac072a27b6a4a3ad47d9a18f237c5999fe95324e29f763c4a5ebe303356f3137a2540e4098d3a5700b3c19bf5001f8a762ac2bed9a
cc1829cdaaa807a05b67f83bf7580055cc2452abba25fc47cb9591d0fbbd767ef3;17 H record 0: 90c0c0c0c00000000000000000305ff8a8ae
d2c9013077007067d895c13d2d81efc0b631e1dcb497964aadaed28f35f5c35f946b8f430703e659d592d2181977702d932ef43e1023e1b6a424f6
befc98de15895170373acb46f4b6e1572142831ec1c7560d6b79d345135575347e68d0d2ccb1a00ac5d8821f0898ebe31cdf7e37fc0d872cffb65f
40712044;17 H record 1: 90c0c0c0c00000000000000001347f755f46f14528cb3ffd525ee176929ec920fa9903c92a89e140fb9aaac3786089
9f175418181a877fd08a8dab1ddb65054ec9a6d21f9d49f687986e41b17241d7636fe0fb44706b5646b7d9a8c204838efa8a023acdb32dc8280f2e
fc889b859a7f65b79086b8384e81e62cde4b35cdc866c45184652b883d0525dddb3bd3e232e6d874ff8d92a086672843ee114da37d6ac1127e025b
ed775f53c568d2a56353eedd0dfc9c20a250bd9f;
"""

def self_test():
    """Recomputes the transcripts of SEALED.md, sections 12, 13, 16 and 17; returns 1 at a difference."""
    expected, wrong, log = {}, [], []
    for line in EXPECTED.replace("\n", "").split(";")[:-1]:
        label, _, value = line.partition(": ")
        expected[label] = value
    def check(label, value):
        """Compares one line of a transcript."""
        value = value if isinstance(value, str) else value.hex()
        log.append(label)
        if value != expected.pop(label):
            wrong.append(label)
            print("differs: " + label + "\n  here: " + value)
    secrets = {True: (b"\x11" * 32, b"\x22" * 32), False: (b"\x33" * 32, b"\x44" * 32)}
    statics = {side: keypair(secrets[side][0]).public.data for side in secrets}
    for side in (True, False):
        check("12 " + "HC"[side] + " as text", identity_text(statics[side]))
        check("16 " + "HC"[side] + " static", statics[side])
        check("16 " + "HC"[side] + " ephemeral", keypair(secrets[side][1]).public.data)
    p = SimpleNamespace(secret=secrets[False][0], epoch="00112233445566778899aabbccddeeff", private_seen={})
    sealed = seal_private(secrets[True][0], statics[False], p.epoch, 1795968409660, b"\x55" * 16, 0, "psst", secrets[True][1])
    check("13 sealed", sealed)
    assert open_private(p, sealed) == (statics[True], False, "psst") and "replay" in open_private(p, sealed)
    for udp in (False, True):
        s, both = "17 " if udp else "16 ", {}
        for side in (True, False):
            both[side] = p = new_peer(udp, side, "", secrets[side][0], bytes(32))
            p.session, p.key = [("fedcba9876543210fedcba98", "8899aabbccddeeff"), ("0123456789abcdef01234567", "0011223344556677")][side]
            p.index, p.cookie, p.e, p.sock, p.addr = [b"\xa0", b"\xc0"][side] * 4, b"8899aabbccddeeff", secrets[side][1], None, None
        c, h = both[True], both[False]
        c.remote_index, h.remote_index = h.index, c.index
        offers = offer(c, pad=udp), offer(h, k=c.key if udp else None)
        prologue = offers_prologue(*offers)
        check(s + "prologue", hashlib.sha256(prologue).digest() if udp else prologue)
        begin(h, offers[1], offers[0], False)
        begin(c, offers[0], offers[1], True)
        check(s + "first message", c.last)
        assert on_handshake(h, 0x92, c.last[-32:])
        check(s + "second message", h.last)
        c.state, send_sealed = "AWAITING-2", []
        assert not on_handshake(c, 0x94, h.last[-96:-1] + b"\0") and on_handshake(c, 0x94, h.last[-96:])
        check(s + "third message", c.last)
        assert on_handshake(h, 0x96, c.last[-64:]) and h.rs == statics[True] and c.rs == statics[False] and c.h == h.h
        check(s + "h", c.h)
        if not udp:
            check("16 first key", c.tx.cipher._key)
            check("16 second key", h.tx.cipher._key)
        def line(label, p, *frames):
            """Checks a record, and that the other side opens it."""
            plain = b"".join(encode(f) + (b"" if udp else b"\n") for f in frames)
            sealed, counter = seal(p, plain), p.tx.counter - 1
            check(s + label, sealed)
            assert unseal(both[not p.connecting], 0, counter, sealed[13 if udp else 3:])[0] == plain
        more = {"delivery": 1} if udp else {}
        key = "3e8529d321d7de09"
        bob = {"type": "hello", "name": "bob", "session": "04cf9af506545c6eb2ab8245", "key": "62302c9d7a0e4795", **more}
        ann = {"type": "hello", "name": "ann", "session": "c34134dee24cff2a49bd8d37", "key": key, **more}
        members = [{"number": 1, "name": "ann"}, {"number": 2, "name": "bob", "address": "192.0.2.7:" + ("52225" if udp else "37702")}]
        welcome = {"type": "welcome", "you": 2, "key": key, "members": members, **({"n": 1} if udp else {})}
        line("C record 0", c, bob)
        if udp:
            line("H record 0", h, ann)
            line("H record 1", h, welcome)
        else:
            line("H record 0", h, ann, welcome)
            line("C record 1", c, {"type": "message", "id": 2, "text": "hello"})
            line("C end mark", c)
    assert not expected
    print(json.dumps({"event": "self-test", "lines": len(log), "wrong": wrong}))
    return 1 if wrong else 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
