/** The parameters of a sentence that has none. */

export type NoParams = Readonly<Record<string, never>>;
