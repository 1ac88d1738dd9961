import { testDatagramContract } from "./datagram-contract.ts";

testDatagramContract("UDP over IPv6", "[::1]", "::1");
testDatagramContract("UDP, an IPv4 peer of a dual-stack socket", "::", "127.0.0.1");
