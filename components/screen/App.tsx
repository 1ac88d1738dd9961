/**
 * The whole screen, exactly as high as the terminal: bar, conversation and panels, status line, composer. It draws
 * plain values, and reads no keys, clock or socket.
 */

import { Box } from "ink";
import { type ReactNode, useMemo } from "react";
import { cutEnd } from "../../src/protocol/text/wrap.ts";
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
import { paintMenu } from "../prompt/CompletionMenu.tsx";
import { paintConversation } from "../conversation/Conversation.tsx";
import { paintHelp } from "../panels/Help.tsx";
import { isHidingConversation, firstWireState, type WireState } from "../../src/view/wire/wire-state.ts";
import { countCallRows } from "../../src/view/wire/wire-areas.ts";
import { findUnseenAnswer } from "../../src/view/screen/screen-hint.ts";
import { traceEntry } from "../../src/view/wire/wire-trace.ts";
import { findHighlightedEntries } from "../../src/view/wire/wire-highlights.ts";
import { paintLanList } from "../panels/LanList.tsx";
import { paintPeerPanel } from "../panels/PeerPanel.tsx";
import { StatusBar } from "../bars/StatusBar.tsx";
import { StatusLine } from "../bars/StatusLine.tsx";
import { paintTour } from "../panels/Tour.tsx";
import { joinBeside } from "../paint/columns.ts";
import { Rows } from "../paint/Rows.tsx";
import { type Painted, paintPlain, type Theme } from "../paint/theme.ts";
import { paintWirePanel } from "../panels/WirePanel.tsx";
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
      {areas.topBarRows > 0 && (
        <StatusBar model={model} columns={columns} theme={theme} formatTime={props.formatTime} />
      )}
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

/** A constant, so that the memoised conversation is not painted again. */
const noLines: readonly string[] = [];

const emptyLan: LanModel = { rows: [], advice: [], interfaces: { rows: [] } };

interface MiddleProps extends AppProps {
  readonly areas: ScreenAreas;
  readonly shown: RowSelection;
}

function Middle(props: MiddleProps) {
  const { columns, areas, theme } = props;
  const height = areas.conversation.rows;
  const conversation = useConversation(props);
  const menu =
    props.offer === undefined
      ? []
      : paintMenu(
          props.offer,
          props.model.words,
          { columns: areas.conversation.columns, rowsMax: height },
          theme,
        );
  const overlay = paintOverlay(props);
  const rows =
    overlay === undefined ? paintPanes(props, conversation, menu) : coverBottom(overlay, menu, height);
  return <Rows rows={rows} columns={columns} height={height} />;
}

/** Painted again only if what it shows has changed: not at each key. */
function useConversation({ model, areas, shown, theme }: MiddleProps): readonly Painted[] {
  const { columns, rows: height } = areas.conversation;
  const welcome = useMemo(
    () => (isFirstRun(model) ? buildWelcome(model, columns - 2) : noLines),
    [model, columns],
  );
  return useMemo(
    () => paintConversation(shown.rows, { shape: shown.columns, columns, height, welcome }, theme),
    [shown, columns, height, welcome, theme],
  );
}

/** The overlay in place of the conversation and its panels; undefined: none. */
function paintOverlay(props: MiddleProps): readonly Painted[] | undefined {
  const { model, columns, theme, areas, overlayFromLine = 0 } = props;
  const size = { columns, height: areas.conversation.rows };
  if (props.overlay === "help") return paintHelp(model, overlayFromLine, size, theme);
  if (props.overlay === "lan")
    return paintLanList(model.lan ?? emptyLan, props.lanSelected, model.words, size, theme);
  return props.overlay === "tour" && props.tour !== undefined
    ? paintTour(props.tour, size, theme)
    : undefined;
}

/** The conversation, or the calls instead of it or beside it, and the peers. */
function paintPanes(
  props: MiddleProps,
  conversation: readonly Painted[],
  menu: readonly Painted[],
): readonly Painted[] {
  const { model, chosen, theme, areas, wire = firstWireState } = props;
  const { rows: height, columns } = areas.conversation;
  const state = chosen === undefined ? wire : traceEntry(wire, model, chosen, countCallRows(height, false));
  const calls = wire.isShown
    ? paintWirePanel(model, state, areas.wire, theme, props.formatClock ?? props.formatTime)
    : [];
  const isLookedAt = props.search !== undefined || chosen !== undefined;
  const isHidden = !isLookedAt && isHidingConversation(wire, areas.wire);
  const left = isHidden ? { rows: calls, columns: areas.wire.columns } : { rows: conversation, columns };
  const panes = [{ ...left, rows: coverBottom(left.rows, menu, height) }];
  if (areas.wire.isBeside && wire.isShown) panes.push({ rows: calls, columns: areas.wire.columns });
  if (areas.panelColumns > 0)
    panes.push({
      rows: paintPeerPanel(model, areas.panelColumns, height, theme),
      columns: areas.panelColumns,
    });
  return joinBeside(panes, height, gapColumns);
}

/** Blank columns between two panes (view/screen/screen-areas.ts). */
const gapColumns = 1;

/** The rows with their lowest ones covered. */
function coverBottom(
  rows: readonly Painted[],
  cover: readonly Painted[],
  height: number,
): readonly Painted[] {
  if (cover.length === 0) return rows;
  const from = Math.max(0, height - cover.length);
  return [...Array.from({ length: from }, (_, row) => rows[row] ?? paintPlain("")), ...cover];
}

interface TooSmallProps {
  readonly words: Words;
  readonly columns: number;
  readonly rows: number;
}

function TooSmall({ words, columns, rows }: TooSmallProps) {
  const needed = `${smallestScreen.columns}×${smallestScreen.rows}`;
  const text = cutEnd(words.tooSmall(`${columns}×${rows}`, needed), columns);
  return <Rows rows={[paintPlain(text)]} columns={columns} height={1} />;
}
