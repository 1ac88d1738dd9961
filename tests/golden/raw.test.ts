/** Raw peers: growing text, half-closes, resets, CR LF, raw bytes, telnet. */

import { startDuet } from "../support/duet.ts";
import { golden } from "./transcript.ts";
import { connectWire, shown, WireListener } from "./wire.ts";

const listening = ["-l", "127.0.0.1", "0", "--name", "ann"];

golden("raw-growing-text", async (transcript) => {
  await using duet = startDuet([...listening, "--json"]);
  const port = await duet.port();
  transcript.namePort(port, "p-ann");
  using wire = await connectWire(port);
  transcript.namePort(wire.port, "p-raw");
  await wire.takes("Type a line");
  wire.send("no newline yet");
  await duet.waitForEvent({ type: "message", text: "no newline yet" });
  wire.send("\n");
  wire.send("a whole line\nhalf");
  await duet.waitForEvent({ type: "message", text: "half" });
  wire.send(Uint8Array.of(0xff, 0xfe, 0x0a));
  await duet.waitForEvent({ type: "message", text: "\ufffd\ufffd" });
  duet.write("an answer\n");
  await wire.takes("an answer");
  transcript.write("the raw peer's wire", wire.text);
  wire.shutdown();
  await duet.waitForEvent({ type: "state", to: "HALF-CLOSED (theirs)" });
  await transcript.stop("ann --json", duet);
});

golden("raw-half-close", async (transcript) => {
  await using duet = startDuet([...listening, "--plain"]);
  const port = await duet.port();
  transcript.namePort(port, "p-ann");
  using wire = await connectWire(port);
  transcript.namePort(wire.port, "p-raw");
  wire.send("a question, then FIN");
  wire.shutdown();
  await duet.waitForLine("a question, then FIN");
  await duet.waitForError(/HALF-CLOSED \(theirs\)/);
  duet.write("the answer\n");
  await wire.takes("the answer");
  duet.end();
  await wire.takesEnd();
  await duet.waitForError(/HALF-CLOSED \(theirs\) → CLOSED/);
  transcript.write("the raw peer's wire", wire.text);
  await transcript.stop("ann --plain", duet);
});

golden("raw-half-close-ours", async (transcript) => {
  using listener = new WireListener();
  transcript.namePort(listener.port, "p-raw");
  await using duet = startDuet(["127.0.0.1", String(listener.port), "--json", "--name", "ann"]);
  using wire = await listener.accept();
  transcript.namePort(wire.peerPort, "p-ann");
  wire.send("hello from a program\n");
  await duet.waitForEvent({ type: "message", direction: "in" });
  duet.write("the question\n");
  duet.end();
  await wire.takesEnd();
  await duet.waitForEvent({ type: "state", to: "HALF-CLOSED (ours)" });
  wire.send("a late answer\n");
  await duet.waitForEvent({ type: "message", text: "a late answer" });
  wire.shutdown();
  await transcript.writeEvents("ann --json", duet);
  transcript.write("the program's wire", wire.text);
});

golden("raw-reset", async (transcript) => {
  await using duet = startDuet([...listening, "--plain"]);
  const port = await duet.port();
  transcript.namePort(port, "p-ann");
  using wire = await connectWire(port);
  transcript.namePort(wire.port, "p-raw");
  wire.send("about to break off\n");
  await duet.waitForLine("about to break off");
  wire.reset();
  await duet.waitForError(/ESTABLISHED → RESET/);
  transcript.write("the raw peer's wire", wire.text);
  await transcript.stop("ann --plain", duet);
});

golden("raw-crlf", async (transcript) => {
  await using duet = startDuet([...listening, "--plain", "-C"]);
  const port = await duet.port();
  transcript.namePort(port, "p-ann");
  using wire = await connectWire(port);
  transcript.namePort(wire.port, "p-raw");
  wire.send("from Windows\r\nand on\r\n");
  await duet.waitForLine("and on");
  duet.write("to Windows\nand a second line\n");
  await wire.takes("and a second line");
  transcript.write("the raw peer's wire", wire.text);
  await transcript.stop("ann --plain -C", duet);
});

golden("raw-both-ways", async (transcript) => {
  await using duet = startDuet([...listening, "--raw", "-v"]);
  const port = await duet.port();
  transcript.namePort(port, "p-ann");
  using one = await connectWire(port);
  transcript.namePort(one.port, "p-one");
  await duet.waitForError(new RegExp(`${one.port} joined`));
  using two = await connectWire(port);
  transcript.namePort(two.port, "p-two");
  await duet.waitForError(new RegExp(`${two.port} joined`));
  one.send("half a line");
  await two.takes("half a line");
  two.send("\u0001\ttwo\r\n");
  await one.takes("two\r\n");
  duet.write("host");
  await one.takes("host");
  await two.takes("host");
  await duet.waitFor(() => duet.output.endsWith("two\r\n"), "the bytes of both");
  duet.signal("SIGTERM");
  await duet.waitForExit();
  transcript.write("one's wire", one.text);
  transcript.write("the other's wire", two.text);
  transcript.write("ann --raw", shown(Buffer.from(duet.output)));
});

golden("raw-telnet", async (transcript) => {
  await using duet = startDuet([...listening, "--telnet", "--plain"]);
  const port = await duet.port();
  transcript.namePort(port, "p-ann");
  using wire = await connectWire(port);
  transcript.namePort(wire.port, "p-raw");
  wire.send(Uint8Array.of(255, 251, 31, 255, 253, 1));
  await wire.takes("Type a line");
  wire.send("hello\r\n");
  await duet.waitForLine("hello");
  duet.write("welcome\n");
  await wire.takes("welcome");
  transcript.write("the telnet client's wire", wire.text);
  await transcript.stop("ann --plain --telnet", duet);
});
