/** Programs that know no frames: what they send is shown, and what they get is what was typed. */

import { Folder, startDuet } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { withPrograms } from "../support/programs.ts";
import { startOnScreen } from "../support/screens.ts";
import { golden, play } from "./transcript.ts";
import { connectWire, openDatagramWire, WireListener } from "./wire.ts";

for (const mode of ["--plain", "--json"]) {
  golden(`raw-tcp${mode.replace("-", "")}`, async (transcript) => {
    await using ann = startDuet(["-l", "127.0.0.1", "0", mode, "--name", "ann"]);
    const port = await ann.port();
    transcript.namePort(port, "p-ann");
    using lines = await connectWire(port);
    transcript.namePort(lines.port, "p-one");
    for (const [text, word] of [
      ["你好\n", "你好"],
      ["with a carriage return\r\n", "return"],
      ["two\nlines at once\n", "lines at once"],
      ["\u001b[31mred\u0007\u202e\n", "red"],
    ] as const) {
      lines.send(text);
      await ann.waitFor(() => ann.output.includes(word), word);
    }
    lines.send("no newline, but FIN");
    lines.shutdown();
    await ann.waitFor(() => ann.output.includes("no newline"), "the last line");
    ann.write("still an answer\n");
    await lines.takes("still an answer");
    using growing = await connectWire(port);
    transcript.namePort(growing.port, "p-two");
    growing.send("grows");
    await ann.waitFor(() => ann.output.includes("grows"), "a text without newline");
    growing.send(" and ends\n");
    await ann.waitFor(() => ann.output.includes("and ends"), "its rest");
    await lines.takes("and ends");
    growing.reset();
    await ann.waitFor(() => /CONNRESET|RESET/.test(ann.output + ann.errors), "the RST");
    ann.end();
    await lines.takesEnd();
    ann.signal("SIGTERM");
    await (mode === "--json" ? transcript.writeEvents("ann", ann) : transcript.writeEnd("ann", ann));
    transcript.write("the wire of lines", lines.text);
    transcript.write("the wire of growing text", growing.text);
  });
}

withPrograms(["nc"])("raw-nc", () =>
  play("raw-nc", async (transcript) => {
    await using ann = startDuet(["-l", "127.0.0.1", "0", "--plain", "--name", "ann"]);
    const port = await ann.port();
    transcript.namePort(port, "p-ann");
    await using nc = startProgram(["sh", "-c", `printf hi | nc -N 127.0.0.1 ${port}`]);
    await ann.waitForLine(/> hi$/);
    await ann.waitForError(/HALF-CLOSED \(theirs\)/);
    ann.write("welcome\n");
    await nc.waitForLine("welcome");
    ann.end();
    await transcript.writeEnd("nc -N", nc);
    await ann.waitForError(/HALF-CLOSED \(theirs\) → CLOSED/);
    await transcript.stop("ann", ann);
  }),
);

golden("raw-client", async (transcript) => {
  using listener = new WireListener();
  transcript.namePort(listener.port, "p-srv");
  await using bob = startDuet(["127.0.0.1", String(listener.port), "--json", "--name", "bob"]);
  using wire = await listener.accept();
  transcript.namePort(wire.peerPort, "p-bob");
  wire.send("220 welcome\r\n");
  await bob.waitForEvent({ type: "message", direction: "in" });
  bob.write("hello server\n");
  await wire.takes("hello server");
  bob.end();
  await wire.takesEnd();
  wire.send("a late answer\n");
  await bob.waitForEvent({ type: "message", text: "a late answer" });
  wire.shutdown();
  await transcript.writeEvents("bob --json", bob);
  transcript.write("the server's wire", wire.text);
});

golden("raw-crlf-telnet", async (transcript) => {
  await using ann = startDuet(["-l", "127.0.0.1", "0", "--plain", "--name", "ann", "--crlf", "--telnet"]);
  const port = await ann.port();
  transcript.namePort(port, "p-ann");
  using wire = await connectWire(port);
  transcript.namePort(wire.port, "p-tel");
  wire.send(Buffer.from("fffb18fffd0168656c6c6f0d0a", "hex"));
  await ann.waitForLine(/> hello$/);
  ann.write("answer\n");
  await wire.takes("answer");
  await transcript.stop("ann", ann);
  await wire.takesEnd();
  transcript.write("the wire", wire.text);
});

golden("raw-mode", async (transcript) => {
  using folder = new Folder();
  const hexPath = folder.join("bytes.hex");
  await using ann = startDuet(["-l", "127.0.0.1", "0", "--raw", "-v", "-x", hexPath], { folder });
  const port = await ann.port();
  transcript.namePort(port, "p-ann");
  using wire = await connectWire(port);
  transcript.namePort(wire.port, "p-raw");
  wire.send('duet/1 {"type":"hello"}\n');
  await ann.waitFor(() => ann.output.includes("hello"), "the bytes");
  wire.send("\u001b[31mno line end");
  await ann.waitFor(() => ann.output.includes("no line end"), "the bytes");
  ann.write("as typed, without newline");
  await wire.takes("without newline");
  wire.shutdown();
  ann.end();
  await wire.takesEnd();
  ann.signal("SIGTERM");
  await transcript.writeEnd("ann --raw -v", ann);
  transcript.write("the wire", wire.text);
  transcript.write("ann -x", await Bun.file(hexPath).text());
});

golden("raw-udp", async (transcript) => {
  await using ann = startDuet(["-u", "-l", "127.0.0.1", "0", "--plain", "-v", "--name", "ann"]);
  const port = await ann.port();
  transcript.namePort(port, "p-ann");
  using one = await openDatagramWire(port);
  transcript.namePort(one.port, "p-one");
  one.send("hi");
  await ann.waitForLine(/> hi$/);
  ann.write("hello\n");
  await one.takes("hello");
  using two = await openDatagramWire(port);
  transcript.namePort(two.port, "p-two");
  two.send("two lines\nin one datagram\n");
  await one.takes("in one datagram");
  one.send(Buffer.from("00ff8041", "hex"));
  await two.takes("A");
  ann.write("to both of you\n");
  await one.takes("to both");
  await two.takes("to both");
  await transcript.stop("ann", ann);
  transcript.write("the first peer's datagrams", one.text);
  transcript.write("the second peer's datagrams", two.text);
});

golden("raw-screen", async (transcript) => {
  await using ann = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "ann"], { columns: 80, rows: 24 });
  const port = await ann.port();
  transcript.namePort(port, "p-ann");
  using wire = await connectWire(port);
  transcript.namePort(wire.port, "p-raw");
  wire.send("a whole line\n");
  await ann.sees("a whole line");
  wire.send("a growing");
  await ann.sees("a growing▌");
  await transcript.writeScreen("a text grows", ann);
  wire.send(" line\n");
  await ann.sees("a growing line");
  ann.say("an answer");
  await wire.takes("an answer");
  ann.say("/partial no newline");
  await wire.takes("no newline");
  ann.say("/send-hex 68 69 0a");
  await wire.takes("hi");
  ann.say("/nick %s pat".replace("%s", `127.0.0.1:${wire.port}`));
  await ann.sees("pat");
  ann.say("/who");
  wire.send("bye\n");
  await ann.sees("bye");
  wire.shutdown();
  await ann.sees(/HALF-CLOSED/);
  await transcript.writeScreen("half closed", ann);
  ann.say("/shutdown");
  await wire.takesEnd();
  await transcript.writeScreen("both closed", ann);
  ann.say("/quit");
  await transcript.writeFarewell("the terminal afterwards", ann.terminal);
  transcript.write("the wire", wire.text);
});
