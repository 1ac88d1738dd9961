/** Programs to which the kernel refuses sockets of one family, by seccomp(2). */

const families = { IPv4: 2, IPv6: 10 } as const;

/** The command prefix for a program whose socket(2) of this family fails with `errno`. */
export function refuseSockets(family: keyof typeof families, errno: number): readonly string[] {
  return ["python3", "-IS", "-c", filterScript, String(families[family]), String(errno)];
}

/** True where such a program can be started. */
export function canRefuseSockets(): boolean {
  return Bun.spawnSync([...refuseSockets("IPv6", 97), "true"], { stderr: "ignore" }).exitCode === 0;
}

const filterScript = `
import ctypes, os, struct, sys
def step(code, jump_true, jump_false, value): return struct.pack("HBBI", code, jump_true, jump_false, value)
libc = ctypes.CDLL(None, use_errno=True)
socket_call = {"x86_64": 41, "aarch64": 198}[os.uname().machine]
family, errno = int(sys.argv[1]), int(sys.argv[2])
steps = [
    step(0x20, 0, 0, 0), step(0x15, 0, 3, socket_call),  # socket(2)?
    step(0x20, 0, 0, 16), step(0x15, 0, 1, family),      # its first argument is that family?
    step(0x06, 0, 0, 0x00050000 | errno),
    step(0x06, 0, 0, 0x7fff0000),                        # allowed
]
filter = ctypes.create_string_buffer(b"".join(steps))
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
program = Program(len(steps), ctypes.cast(filter, ctypes.c_void_p))
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(program), 0, 0): sys.exit(99)
os.execvp(sys.argv[3], sys.argv[3:])
`;
