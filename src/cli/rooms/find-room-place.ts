/** Finds the engine of `--room`: in the URL, in a file that nobody else may read, or in REDIS_URL. */

import type { SharedRoomName } from "../../chat/config/config.ts";
import {
  isRoomName,
  parseRoomPlace,
  type RoomPlace,
  type RoomPlaceProblem,
  showRoomPlace,
} from "../../protocol/hubs/room-place.ts";
import { isSentence, type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { readSecretFile } from "../identity/secret-file.ts";

/** A room's place, for its engine alone, and its name, for the chat. */
export interface FoundRoom {
  readonly place: RoomPlace;
  readonly name: SharedRoomName;
}

/** The place that the value of `--room` names. A sentence never repeats a URL, which may have a password. */
export function findRoomPlace(text: string, { REDIS_URL }: NodeJS.ProcessEnv): FoundRoom | Sentence {
  const place = findPlace(text, REDIS_URL);
  return isSentence(place) ? place : { place, name: { name: place.room, place: showRoomPlace(place) } };
}

function findPlace(text: string, url: string | undefined): RoomPlace | Sentence {
  if (text.startsWith("file:")) {
    const read = readSecretFile(text.slice("file:".length));
    if ("problem" in read) return sentence("secret-problem", { problem: read.problem });
    return orProblem(parseRoomPlace(read.secret));
  }
  if (isRoomName(text)) {
    if (url === undefined || url === "") return sentence("room-needs-engine", { room: text });
    return orProblem(parseRoomPlace(replacePath(url, text)));
  }
  const place = parseRoomPlace(text);
  if (typeof place === "string") return orProblem(place);
  return place.password === undefined && url !== undefined && url !== "" ? addCredentials(place, url) : place;
}

function orProblem(place: RoomPlace | RoomPlaceProblem): RoomPlace | Sentence {
  return typeof place === "string" ? sentence("wrong-room", { problem: place }) : place;
}

/** The URL of an engine may name a database, in whose place the room stands. */
function replacePath(url: string, room: string): string {
  return `${url.replace(/^(rediss?:\/\/[^/]*).*$/, "$1")}/${room}`;
}

/** The user and password of REDIS_URL, if it is for the same engine. */
function addCredentials(place: RoomPlace, url: string): RoomPlace {
  const other = parseRoomPlace(replacePath(url, place.room));
  if (typeof other === "string" || other.host !== place.host || other.port !== place.port) return place;
  return { ...place, user: other.user, password: other.password };
}
