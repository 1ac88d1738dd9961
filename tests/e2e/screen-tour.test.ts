/** The tour on a real terminal: complete, in both languages, at three sizes, beside a chat. */

import { describe, expect, test } from "bun:test";
import { tourSteps } from "../../src/tour/tour-steps.ts";
import { loadTourWords } from "../../src/words/load-words.ts";
import { startClient } from "../support/raw-client.ts";
import { Folder } from "../support/duet.ts";
import { startInTerminal } from "../support/pty.ts";
import { commandOf, type ScreenDuet, screenEnvironment, startOnScreen } from "../support/screens.ts";

const sizes = [
  [80, 24],
  [120, 40],
  [40, 12],
] as const;

/** The screen below the bar, which belongs to the chat. */
function textOf(duet: ScreenDuet): string {
  return duet.terminal.screen().slice(1).join("\n");
}

/** The port after an end's name. */
function portOf(duet: ScreenDuet, end: string): string | undefined {
  return new RegExp(`${end} [^\\n│]*?127\\.0\\.0\\.1:(\\d+)`).exec(textOf(duet))?.[1];
}

/** The calls on the screen once a step's calls have returned. */
const shownCalls: readonly (readonly [string, RegExp])[] = [
  ["tcp-bind", /▸ bind 127\.0\.0\.1:\d+ → ok/],
  ["tcp-listen", /▸ listen → ok/],
  ["tcp-connect", /▸ connect 127\.0\.0\.1:\d+ → ok/],
  ["tcp-accept", /▸ accept 127\.0\.0\.1:\d+ → ok/],
  ["tcp-send", /▸ send → 6 B[^]*e4 bd a0 e5 a5 bd {2}你好/],
  ["tcp-recv", /▸ recv → 6 B[^]*e4 bd a0 e5 a5 bd {2}你好/],
  ["tcp-answer", /▸ recv → 5 B[^]*68 65 6c 6c 6f {2}hello/],
  ["tcp-close", /▸ shutdown → FIN/],
  ["tcp-time-wait", /▸ close → ok/],
  ["udp-bind", /▸ bind 127\.0\.0\.1:\d+ → ok/],
  ["udp-sendto", /▸ sendto 127\.0\.0\.1:\d+ → 6 B/],
  ["udp-recvfrom", /▸ recvfrom 127\.0\.0\.1:\d+ → 6 B/],
  ["udp-answer", /▸ recvfrom 127\.0\.0\.1:\d+ → 6 B/],
  ["udp-lost", /▸ sendto 127\.0\.0\.1:\d+ → 6 B/],
  ["udp-again", /▸ sendto 127\.0\.0\.1:\d+ → 6 B/],
  ["udp-close", /▸ close 127\.0\.0\.1:\d+ → ok/],
];

describe.each(["en", "zh"] as const)("in %s", (language) => {
  test.each(sizes)(
    "at %d×%d every step shows its calls, and both ends' ports match",
    async (columns, rows) => {
      const words = await loadTourWords(language);
      const env = { LANG: language === "zh" ? "zh_CN.UTF-8" : "en_GB.UTF-8" };
      await using duet = await startOnScreen(["-l", "0", "--tour"], { columns, rows, env });
      for (const [index, { id }] of tourSteps.entries()) {
        const { title } = words.steps[id];
        await duet.sees(words.place(index + 1, tourSteps.length));
        await duet.sees(title);
        const call = shownCalls.find(([step]) => step === id)?.[1];
        if (call !== undefined)
          await duet.terminal.waitFor(() => call.test(textOf(duet)), `the calls of ${id}`);
        if (id === "tcp-connect" || id === "udp-sendto") {
          const server = portOf(duet, words.ends.server);
          const client = portOf(duet, words.ends.client);
          expect(server).toMatch(/^\d+$/);
          expect(client).toMatch(/^\d+$/);
          expect(client).not.toBe(server);
          // The client's call names the endpoint that the server's end shows.
          expect(textOf(duet)).toMatch(new RegExp(`(connect|sendto) 127\\.0\\.0\\.1:${server} →`));
        }
        if (id === "tcp-accept" || id === "udp-recvfrom") {
          const client = portOf(duet, words.ends.client);
          expect(textOf(duet)).toMatch(new RegExp(`(accept|recvfrom) 127\\.0\\.0\\.1:${client} →`));
        }
        if (index + 1 < tourSteps.length) await nextStep(duet, words.place(index + 2, tourSteps.length));
      }
      duet.type("\r\r\r\r");
      await duet.terminal.waitFor(() => !textOf(duet).includes(words.place(18, 18)), "the chat again");
    },
  );
});

/** Presses Enter until the rest of the text was shown and the next step begins. */
async function nextStep(duet: ScreenDuet, place: string): Promise<void> {
  while (/\S ↓$/m.test(textOf(duet))) {
    const before = textOf(duet);
    duet.type("\r");
    await duet.terminal.waitFor(isChanged(before), `more of the words before ${place}`);
  }
  duet.type("\r");
  await duet.sees(place);
}

function isChanged(before: string): (terminal: ScreenDuet["terminal"]) => boolean {
  return (terminal) => !terminal.modes().synchronized && terminal.screen().slice(1).join("\n") !== before;
}

test("/tour covers a chat, which continues and counts its messages, and Esc shows it", async () => {
  await using duet = await startOnScreen(["-l", "0"], { columns: 80, rows: 24 });
  using nc = await startClient(await duet.port());
  nc.write("before\n");
  await duet.sees("before");
  duet.say("/tour");
  await duet.sees("tour 1/22");
  duet.type("\r");
  await duet.sees("▸ bind");
  nc.write("one\ntwo\n");
  await duet.sees(/^ \[TCP\].* \(2\)/);
  duet.type("typed in vain\u007f");
  await duet.sees("tour 1/22");
  duet.type("q");
  await duet.sees(/│ two/);
  await duet.composes("type a line and press Enter, or /help");
  expect(duet.terminal.screen()[0]).not.toContain("(2)");
  duet.say("/tour");
  await duet.sees("tour 1/22");
  expect(textOf(duet)).toContain("SERVER ○ CLOSED");
  duet.type("\u001b");
  await duet.composes("type a line and press Enter, or /help");
});

test("Ctrl-C twice ends duet during a tour as during a chat", async () => {
  await using duet = await startOnScreen(["-l", "0", "--tour"]);
  await duet.sees("tour 1/22");
  duet.type("\r");
  await duet.sees("▸ bind");
  duet.type("\u0003");
  await duet.sees("Ctrl-C again quits");
  duet.type("\u0003");
  expect(await duet.terminal.waitForExit()).toEqual({ code: 130, signal: null });
});

test("without a drawn screen the tour is read in lines: an empty line continues, q leaves", async () => {
  using folder = new Folder();
  const command = commandOf(["-l", "0", "--screen-reader", "--tour"]);
  const options = { columns: 160, rows: 40, env: screenEnvironment(folder) };
  await using terminal = await startInTerminal(command, options);
  await terminal.waitForText(/^A walk through sockets\. The tutorial's server/);
  await terminal.waitForText("Enter on an empty line continues, q leaves.");
  terminal.write("\r");
  await terminal.waitForText(/^SERVER: bind 127\.0\.0\.1:\d+: ok$/);
  const rows = terminal.screen();
  const explanation = rows.findIndex((row) => row.startsWith("TCP · socket and bind. A socket is one end"));
  expect(explanation).toBeGreaterThan(0);
  // A step's explanation is printed before its calls.
  expect(rows.findIndex((row) => row.startsWith("SERVER: bind"))).toBeGreaterThan(explanation);
  terminal.write("\r");
  await terminal.waitForText(/^TCP · listen\./);
  terminal.write("/who\r");
  await terminal.waitForText(/duet: ada, 127/);
  terminal.write("\r");
  await terminal.waitForText(/^CLIENT: kernel: ESTABLISHED$/);
  terminal.write("q\r");
  await terminal.waitForText("the walk is over");
  terminal.write("/quit\r");
  expect((await terminal.waitForExit()).code).toBe(0);
});
