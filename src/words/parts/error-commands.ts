/** Commands in hints of errors, of a shell or of the chat, the same in every language. */

import { type ErrorPlace, isBindOrListen } from "../../protocol/errors/error-place.ts";
import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import { parseIpAddress } from "../../protocol/address/address.ts";
import { portDefault } from "../../protocol/address/target.ts";

/** Stands for the program where a person types into the chat: the commands are the composer's. */
export const chatProgram = "";

/**
 * The command that starts duet at a host and port: `bun run start --udp -l 127.0.0.1 8080`, in the chat
 * `/listen 127.0.0.1 8080`.
 */
export function startCommand(
  program: string,
  { transport }: NetworkError,
  flag: "" | "-l",
  host: string,
  port: number | undefined,
): string {
  const here = `${host} ${port ?? portDefault}`;
  if (program === chatProgram) return `${flag === "-l" ? "/listen" : "/connect"} ${here}`;
  const words = [program, transport === "udp" ? "--udp" : "", flag, here];
  return words.filter((word) => word !== "").join(" ");
}

/** The command that connects to the endpoint of the error. */
function connectCommand(program: string, error: NetworkError, place: ErrorPlace): string {
  if (place.isPath)
    return program === chatProgram ? `/connect -U ${place.text}` : `${program} -U ${place.host}`;
  return startCommand(program, error, "", place.host, place.port);
}

/** The command that listens at the endpoint of the error. */
export function listenCommand(program: string, error: NetworkError, place: ErrorPlace): string {
  if (place.isPath)
    return program === chatProgram ? `/listen -U ${place.text}` : `${program} -l -U ${place.host}`;
  return startCommand(program, error, "-l", place.host, place.port);
}

/** The way to connect again. */
export function againCommand(program: string, error: NetworkError, place: ErrorPlace): string {
  return program === chatProgram ? "/reconnect" : connectCommand(program, error, place);
}

/** The words that choose another path. */
export function pathCommand(program: string, error: NetworkError): string {
  const words = "-U /tmp/chat";
  if (program !== chatProgram) return words;
  return `${isBindOrListen(error) ? "/listen" : "/connect"} ${words}`;
}

/** The command that listens at the next port. */
export function nextPortCommand(program: string, error: NetworkError, { host, port }: ErrorPlace): string {
  const next = port === undefined || port >= 65_535 ? portDefault : port + 1;
  return startCommand(program, error, "-l", host, next);
}

/** The command that lists the sockets of a port, in every state. */
export function listPortCommand({ transport }: NetworkError, { port }: ErrorPlace): string {
  return `ss -${transport === "tcp" ? "t" : "u"}anp 'sport = :${port ?? portDefault}'`;
}

/** The command that shows the route to an address; for a name, all routes. */
export function routeCommand({ host }: ErrorPlace): string {
  const [address = "", zone] = host.split("%");
  if (parseIpAddress(address) === undefined) return "ip route";
  return `ip route get ${address}${zone === undefined ? "" : ` dev ${zone}`}`;
}
