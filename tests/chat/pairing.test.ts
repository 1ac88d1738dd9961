import { expect, test } from "bun:test";
import { World } from "../support/chat-world.ts";

for (const transport of ["tcp", "udp"] as const) {
  test(`the first duet listens, the second finds its announcement and joins, a third too (${transport})`, () => {
    const world = new World();
    const [one, two, three] = [
      world.duet({ name: "one" }),
      world.duet({ name: "two" }),
      world.duet({ name: "three" }),
    ];
    one.pair(transport);
    two.pair(transport);
    world.pass(1000);
    three.pair(transport);
    world.pass(1000);
    expect(one.memberNames()).toEqual(["two", "three"]);
    expect(two.chat.sides[transport].state).toBe(transport === "tcp" ? "ESTABLISHED" : "OPEN");
    expect(two.lines(transport).join("\n")).toContain("you are two in one's room at 127.0.0.1:8080");
    expect(two.lines(transport).join("\n")).toContain("three");
    one.say("hello all");
    three.say("and from me");
    expect(two.heard()).toEqual(["<one> hello all", "<three> and from me"]);
    expect(one.heard()).toEqual(["<three> and from me"]);
    expect(three.heard()).toEqual(["<one> hello all"]);
  });
}
