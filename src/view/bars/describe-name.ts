/** Describes a member in a few words, shown beside a name that Tab offers. No colours. */

import { getStateGlyph } from "../../chat/records/connection-state.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";

/** `duet at 127.0.0.1:8080 ● ESTABLISHED`; empty for a name that no peer in the model has. */
export function describeName(model: ScreenModel, name: string): string {
  const peer = model.peers.find((each) => each.name === name);
  const words = model.words.peers;
  if (peer === undefined) {
    const hub = model.hubs.find(({ members }) => members.some((member) => member.name === name));
    return hub === undefined ? "" : words.memberOfHub(hub.label);
  }
  const state = `${getStateGlyph(peer.state)} ${peer.state}`;
  if (peer.kind === "remote") return words.inRoomThroughHost;
  const kind = peer.kind === "unknown" ? "" : `${words.kinds[peer.kind]} `;
  return peer.address === undefined ? `${kind}${state}` : `${kind}${words.at(peer.address)} ${state}`;
}
