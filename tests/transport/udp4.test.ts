import { testDatagramContract } from "./datagram-contract.ts";

testDatagramContract("UDP over IPv4", "127.0.0.1", "127.0.0.1");
