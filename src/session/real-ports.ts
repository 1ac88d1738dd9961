/** The real ports of a session: Bun's sockets, the system's clock, files, /proc. */

import type { RoomPlace } from "../protocol/hubs/room-place.ts";
import { LazyEngine } from "../transport/engine/lazy-engine.ts";
import { KernelLook } from "../transport/kernel/kernel-look.ts";
import { lookUpPortHolder } from "../transport/kernel/lazy-port-holder.ts";
import { LazyLan } from "../transport/multicast/lazy-lan.ts";
import { LazyAnnouncements } from "../transport/pairing/lazy-announcements.ts";
import type { Clock, Machine, OpenPorts, PeopleFiles } from "./ports.ts";
import { Transports } from "./transports.ts";
import { WakeTimer } from "./wake-timer.ts";

/** The ports of one session with these people. `place`: of a room on several machines. Nothing is opened until the session asks for it. */
export function makeOpenPorts(people: PeopleFiles, place?: RoomPlace): OpenPorts {
  return (events, config) => ({
    people,
    identity: { session: makeRandomHex(12), secret: makeRandomHex(32), seed: makeRandom(32) },
    clock: makeClock(events.onWake),
    sockets: new Transports(config, events.onSocketEvent, events.onImpairmentCounted),
    announcements: new LazyAnnouncements(),
    lan: new LazyLan(events.onLanEvent),
    engine: place && new LazyEngine(place, config.password, events.onEngineEvent),
    machine: makeMachine(),
  });
}

function makeClock(onWake: () => void): Clock {
  const timer = new WakeTimer(onWake);
  return {
    now: () => timer.now(),
    readWall: () => Date.now(),
    wakeAt: (atMs) => timer.set(atMs),
    runLater: (work) => void setImmediate(work),
  };
}

function makeMachine(): Machine {
  const kernel = new KernelLook();
  return {
    noteTcpEvent: (event) => kernel.note(event),
    lookAtTcp: (tcp, answer) => answer(kernel.look(tcp)),
    findPortHolder: lookUpPortHolder,
    // Loaded only when needed: broadcasts are rare.
    findSubnets: (answer) =>
      void import("../transport/addresses/subnets.ts").then(({ findSubnets }) => answer(findSubnets())),
    findAddresses: (host, answer) =>
      void import("./host-addresses.ts").then(({ findHostAddresses }) =>
        findHostAddresses(host).then(answer),
      ),
  };
}

function makeRandom(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

function makeRandomHex(bytes: number): string {
  return Buffer.from(makeRandom(bytes)).toString("hex");
}
