import { testStreamContract } from "./contract.ts";

testStreamContract({
  name: "TCP, an IPv4 peer of a dual-stack listener",
  listenAt: () => ({ kind: "ip", host: "::", port: 0 }),
  connectTo: (_, port) => ({ kind: "ip", host: "127.0.0.1", port }),
});
