/** Where a hint is read, which decides what it can ask for. */

/**
 * `screen`: the composer, its keys and the chat's commands. `lines`: the commands alone, typed on a terminal without a
 * screen. `shell`: neither, since standard input is sent as it is, or the chat is over.
 */
export type HintPlace = "screen" | "lines" | "shell";
