import { testStreamContract } from "./contract.ts";

testStreamContract({
  name: "TCP over IPv4",
  listenAt: () => ({ kind: "ip", host: "127.0.0.1", port: 0 }),
  connectTo: (_, port) => ({ kind: "ip", host: "127.0.0.1", port }),
});
