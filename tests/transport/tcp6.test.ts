import { testStreamContract } from "./contract.ts";

testStreamContract({
  name: "TCP over IPv6",
  listenAt: () => ({ kind: "ip", host: "[::1]", port: 0 }),
  connectTo: (_, port) => ({ kind: "ip", host: "::1", port }),
});
