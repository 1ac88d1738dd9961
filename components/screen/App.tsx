/**
 * The whole screen, exactly as high as the terminal: bar, conversation and panels, status line, composer. It draws
 * plain values, and reads no keys, clock or socket.
 */

import { Box } from "ink";
import { Text } from "../paint/Text.tsx";
import type { ReactNode } from "react";
import type { RowSelection, ScrollAnchor } from "../../src/view/conversation/conversation-rows.ts";
import { divideScreen, type ScreenAreas, smallestScreen } from "../../src/view/screen/screen-areas.ts";
import type { EntryId } from "../../src/chat/log/entry.ts";
import type { LanModel, ScreenModel } from "../../src/chat/screen/screen-model.ts";
import type { SearchState } from "../../src/view/search/search.ts";
import { selectRowsCached } from "../../src/view/conversation/cached-rows.ts";
import type { Words } from "../../src/words/tables/words.ts";
import { isFirstRun, buildWelcome } from "../../src/view/conversation/welcome-lines.ts";
import type { Selection } from "../../src/view/conversation/selection.ts";
import type { OfferedCompletion } from "../../src/input/composer/composer.ts";
import { CompletionMenu } from "../prompt/CompletionMenu.tsx";
import { Conversation } from "../conversation/Conversation.tsx";
import { Help } from "../panels/Help.tsx";
import { isHidingConversation, firstWireState, type WireState } from "../../src/view/wire/wire-state.ts";
import { countCallRows } from "../../src/view/wire/wire-areas.ts";
import { findUnseenAnswer } from "../../src/view/screen/screen-hint.ts";
import { traceEntry } from "../../src/view/wire/wire-trace.ts";
import { findHighlightedEntries } from "../../src/view/wire/wire-highlights.ts";
import { LanList } from "../panels/LanList.tsx";
import { PeerPanel } from "../panels/PeerPanel.tsx";
import { StatusBar } from "../bars/StatusBar.tsx";
import { StatusLine } from "../bars/StatusLine.tsx";
import { Tour } from "../panels/Tour.tsx";
import type { Theme } from "../paint/theme.ts";
import { WirePanel } from "../panels/WirePanel.tsx";
import type { ShownTour } from "../../src/view/screen/screen-state.ts";
import type { Sentence } from "../../src/words/sentences/sentence.ts";

export interface AppProps {
  readonly model: ScreenModel;
  readonly columns: number;
  readonly rows: number;
  readonly anchor: ScrollAnchor;
  readonly overlay: "none" | "help" | "lan" | "tour";
  /** The first line of the overlay to show. */
  readonly overlayFromLine?: number;
  /** The key of the chosen row of the local network. */
  readonly lanSelected?: string | undefined;
  /** Defined with the overlay `tour`. */
  readonly tour?: ShownTour | undefined;
  /** A hint about the last key, on the status line. */
  readonly hint?: Sentence | undefined;
  /**
   * The newest entry when the last line was sent: answers to it are shown on the status line if the conversation is
   * hidden.
   */
  readonly sentAfter?: EntryId | 0 | undefined;
  /** The chosen message, highlighted. */
  readonly chosen?: EntryId | undefined;
  /** Text of the active conversation that the mouse selects, highlighted. */
  readonly selection?: Selection | undefined;
  /** The search, whose matches are highlighted. */
  readonly search?: SearchState | undefined;
  readonly wire?: WireState;
  readonly arePeersHidden?: boolean;
  /** The completions, drawn over the conversation. */
  readonly offer?: OfferedCompletion | undefined;
  /** Drawn at the bottom, `composerRows` high. */
  readonly composer: ReactNode;
  readonly composerRows: number;
  readonly theme: Theme;
  /** `HH:MM`, local. Pass the same function each time: the layout is cached by it. */
  readonly formatTime: (atMs: number) => string;
  /** `HH:MM:SS.mmm`, local. */
  readonly formatClock?: (atMs: number) => string;
  /** The day, local. Pass the same function each time. */
  readonly formatDay?: (atMs: number) => string;
}

export function App(props: AppProps) {
  const { columns, rows, wire } = props;
  const areas = divideScreen(columns, rows, props.composerRows, wire?.isShown === true, props.arePeersHidden);
  if (areas.isTooSmall) return <TooSmall words={props.model.words} columns={columns} rows={rows} />;
  return <Whole {...props} areas={areas} />;
}

function Whole({ areas, ...props }: AppProps & { readonly areas: ScreenAreas }) {
  const { model, columns, rows, theme, wire = firstWireState } = props;
  const selection = selectRowsCached(model, {
    ...areas.conversation,
    anchor: props.anchor,
    ourName: model.name,
    formatTime: props.formatTime,
    ...(props.formatDay && { formatDay: props.formatDay }),
    words: model.words,
    chosen: props.chosen === undefined ? findHighlightedEntries(model, wire) : [props.chosen],
    selection: props.selection,
    highlight: props.search && { term: props.search.line.text, current: props.search.match },
  });
  return (
    <Box flexDirection="column" height={rows} overflow="hidden">
      {areas.topBarRows > 0 && <StatusBar model={model} columns={columns} theme={theme} />}
      <Middle {...props} areas={areas} shown={selection} />
      {areas.statusLineRows > 0 && (
        <StatusLine
          model={model}
          belowCount={selection.belowCount}
          newCount={selection.newCount}
          hint={props.hint ?? findHiddenAnswer(props, areas)}
          wire={!wire.isShown ? "hidden" : wire.focus === "composer" ? "shown" : "focused"}
          columns={columns}
          theme={theme}
        />
      )}
      {props.offer !== undefined && (
        <CompletionMenu
          offer={props.offer}
          words={model.words}
          columns={areas.conversation.columns}
          below={areas.topBarRows + areas.conversation.rows}
          rowsMax={areas.conversation.rows}
          theme={theme}
        />
      )}
      <Box flexDirection="column" height={areas.composerRows} flexShrink={0} overflow="hidden">
        {props.composer}
      </Box>
    </Box>
  );
}

/** The answer to the line just sent, if the calls hide the conversation. */
function findHiddenAnswer(props: AppProps, areas: ScreenAreas): Sentence | undefined {
  const { model, wire = firstWireState, sentAfter, columns } = props;
  if (sentAfter === undefined || !isHidingConversation(wire, areas.wire)) return undefined;
  return findUnseenAnswer(model, sentAfter, columns);
}

/** A constant, so that the memoised conversation is not drawn again. */
const noLines: readonly string[] = [];

const emptyLan: LanModel = { rows: [], advice: [], interfaces: { rows: [] } };

interface MiddleProps extends AppProps {
  readonly areas: ScreenAreas;
  readonly shown: RowSelection;
}

function Middle({ overlayFromLine = 0, wire = firstWireState, ...props }: MiddleProps) {
  const { model, columns, overlay, lanSelected, chosen, theme, areas, shown } = props;
  const { conversation, panelColumns } = areas;
  const height = conversation.rows;
  if (overlay === "help")
    return <Help columns={columns} height={height} fromLine={overlayFromLine} model={model} theme={theme} />;
  if (overlay === "lan")
    return (
      <LanList
        lan={model.lan ?? emptyLan}
        selected={lanSelected}
        words={model.words}
        columns={columns}
        height={height}
        theme={theme}
      />
    );
  if (overlay === "tour" && props.tour !== undefined)
    return <Tour shown={props.tour} columns={columns} height={height} theme={theme} />;
  const calls = wire.isShown && (
    <WirePanel
      model={model}
      state={chosen === undefined ? wire : traceEntry(wire, model, chosen, countCallRows(height, false))}
      area={areas.wire}
      theme={theme}
      formatClock={props.formatClock ?? props.formatTime}
    />
  );
  const isLookedAt = props.search !== undefined || chosen !== undefined;
  const isHidden = !isLookedAt && isHidingConversation(wire, areas.wire);
  const welcome = isFirstRun(model) ? buildWelcome(model, conversation.columns - 2) : noLines;
  return (
    <Box height={height} flexShrink={0} justifyContent="space-between" overflow="hidden">
      {isHidden ? (
        calls
      ) : (
        <Conversation
          rows={shown.rows}
          shape={shown.columns}
          columns={conversation.columns}
          height={height}
          welcome={welcome}
          theme={theme}
        />
      )}
      {areas.wire.isBeside && calls}
      {panelColumns > 0 && <PeerPanel model={model} columns={panelColumns} height={height} theme={theme} />}
    </Box>
  );
}

interface TooSmallProps {
  readonly words: Words;
  readonly columns: number;
  readonly rows: number;
}

function TooSmall({ words, columns, rows }: TooSmallProps) {
  const needed = `${smallestScreen.columns}×${smallestScreen.rows}`;
  return <Text wrap="truncate">{words.tooSmall(`${columns}×${rows}`, needed)}</Text>;
}
