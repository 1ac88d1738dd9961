/** The least that listens: a TCP server of Bun that does nothing. The floor of a headless duet. */

const { port } = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
// Bun's own console loads no stream.
console.error(`LISTEN: 127.0.0.1:${port}`);
