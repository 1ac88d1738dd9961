import { expect, test } from "bun:test";
import { makeInvitation } from "../../src/chat/features/invitation.ts";
import { isFirstRun, buildWelcome } from "../../src/view/conversation/welcome-lines.ts";
import { makeIpEndpoint } from "../../src/protocol/address/endpoint.ts";
import { message, notice, screenModel } from "../components/screen-fixture.ts";
import { duetCommand, ncCommand } from "../../src/words/parts/invitation.ts";
import { program } from "../support/words.ts";

const local = makeIpEndpoint("127.0.0.1", 8080);

test("the command matches the transport, the endpoint and the way duet was started", () => {
  const commands = (...given: Parameters<typeof makeInvitation>): readonly string[] => {
    const invitation = makeInvitation(...given);
    return [duetCommand(program, invitation), ncCommand(invitation)];
  };
  expect(commands("tcp", local, false)).toEqual(["bun run start --duet 127.0.0.1 8080", "nc 127.0.0.1 8080"]);
  expect(makeInvitation("tcp", local, false).sameMachine).toBe(true);
  expect(commands("udp", local, true)[0]).toBe("bun run start -u --raw 127.0.0.1 8080");
  expect(commands("tcp", makeIpEndpoint("::1", 9), false)[0]).toBe("bun run start --duet ::1 9");
  expect(commands("tcp", makeIpEndpoint("0.0.0.0", 9), false)[0]).toBe("bun run start --duet THIS-MACHINE 9");
  expect(makeInvitation("tcp", makeIpEndpoint("0.0.0.0", 9), false).sameMachine).toBe(false);
  expect(commands("tcp", makeIpEndpoint("::", 9), false, { machineAddress: "192.0.2.7" })).toEqual([
    "bun run start --duet 192.0.2.7 9",
    "nc 192.0.2.7 9",
  ]);
  expect(commands("tcp", makeIpEndpoint("192.0.2.7", 9), false, { key: "k7f3", hasPassword: true })[0]).toBe(
    "bun run start --duet 192.0.2.7 9 --key k7f3 --password",
  );
  const path = { family: "unix", path: "/tmp/chat" } as const;
  expect(commands("tcp", path, false)).toEqual(["bun run start --duet -U /tmp/chat", "nc -U /tmp/chat"]);
  expect(makeInvitation("tcp", path, false).sameMachine).toBe(true);
});

test("a listener sees how another person joins; a command that does not fit is not cut", () => {
  const model = screenModel({ tcp: { role: "listen", invitation: makeInvitation("tcp", local, false) } });
  expect(buildWelcome(model, 76)).toHaveLength(5);
  expect(buildWelcome(model, 38)[2]).toBe("  bun run start --duet 127.0.0.1 8080");
  expect(buildWelcome(model, 36)).toEqual([]);
});

test("who listens with a password sees no command for programs that cannot join", () => {
  const invitation = makeInvitation("tcp", local, false, { hasPassword: true });
  const model = screenModel({ tcp: { role: "listen", invitation } });
  for (const columns of [50, 76]) {
    const text = buildWelcome(model, columns).join("\n");
    expect(text).toContain("--duet 127.0.0.1 8080 --password");
    expect(text).not.toContain("nc ");
  }
});

test.each([
  [60, "You are ann. Another name: /nick NAME, or start with --name."],
  [59, "You are ann: /nick NAME or --name NAME"],
  [38, "You are ann: /nick NAME or --name NAME"],
  [37, "You are ann: /nick or --name"],
])("the first of %p columns says how to choose another name", (columns, line) => {
  const invitation = makeInvitation("tcp", local, false);
  expect(buildWelcome(screenModel({ tcp: { role: "listen", invitation } }), columns)[0]).toBe(line);
});

test("without a socket the text says how to open one, while connecting there is none", () => {
  expect(buildWelcome(screenModel({ tcp: {} }), 76)[1]).toBe("No TCP socket is open.");
  expect(buildWelcome(screenModel({ tcp: {} }), 76)[2]).toContain("/listen");
  expect(buildWelcome(screenModel({ tcp: { role: "connect", open: true } }), 76)).toEqual([]);
});

test("the text is gone once a peer is connected or a message exists", () => {
  const entries = [notice(1, "state", "LISTEN")];
  expect(isFirstRun(screenModel({ tcp: {}, entries }))).toBe(true);
  expect(isFirstRun(screenModel({ tcp: { peers: 1 }, entries }))).toBe(false);
  expect(isFirstRun(screenModel({ tcp: {}, entries: [...entries, message(2, "bob", "hi")] }))).toBe(false);
});
