/** Machines without IPv6, for the programs of a test: where it is switched off, and where the kernel has none. */

import { test } from "bun:test";
import { Namespace, withNamespace } from "./namespace.ts";

/** The command prefix for a program to which the kernel refuses IPv6 sockets with EAFNOSUPPORT, by seccomp(2). */
const withoutIpv6Kernel: readonly string[] = [
  "python3",
  "-c",
  `
import ctypes, os, platform, struct, sys
def step(code, jump_true, jump_false, value): return struct.pack("HBBI", code, jump_true, jump_false, value)
libc = ctypes.CDLL(None, use_errno=True)
socket_call = {"x86_64": 41, "aarch64": 198}[platform.machine()]
steps = [
    step(0x20, 0, 0, 0), step(0x15, 0, 3, socket_call),  # socket(2)?
    step(0x20, 0, 0, 16), step(0x15, 0, 1, 10),          # its first argument is AF_INET6?
    step(0x06, 0, 0, 0x00050000 | 97),                   # EAFNOSUPPORT
    step(0x06, 0, 0, 0x7fff0000),                        # allowed
]
filter = ctypes.create_string_buffer(b"".join(steps))
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
program = Program(len(steps), ctypes.cast(filter, ctypes.c_void_p))
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(program), 0, 0): sys.exit(99)
os.execvp(sys.argv[1], sys.argv[1:])
`,
];

/** Two programs in one network without IPv6, by the command prefix `under`. */
export function withoutIpv6(name: string, body: (under: readonly string[]) => Promise<void>): void {
  withNamespace(`${name}, where IPv6 is switched off`, async () => {
    await using network = await Namespace.open();
    const off = ["sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1"];
    if (Bun.spawnSync([...network.under, ...off]).exitCode !== 0) throw new Error(off.join(" "));
    await body(network.under);
  });
  const isFiltered = Bun.spawnSync([...withoutIpv6Kernel, "true"], { stderr: "ignore" }).exitCode === 0;
  const other = `${name}, where the kernel has no IPv6`;
  if (!isFiltered && process.env["CI"] === undefined)
    return test.skip(`${other} (no seccomp here)`, () => {});
  withNamespace(other, async () => {
    await using network = await Namespace.open();
    await body([...network.under, ...withoutIpv6Kernel]);
  });
}
