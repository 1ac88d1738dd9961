/**
 * The time limit of a test, loaded before every test file. Tests end by conditions; the limit only ends a test that
 * never would, so it is far beyond what the slowest machine needs, and longer than one wait (wait.ts).
 */

import { setDefaultTimeout } from "bun:test";

setDefaultTimeout(300_000);
