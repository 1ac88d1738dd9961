/** A line of progress on standard error, replaced by the next. */

export function showProgress(text: string): void {
  process.stderr.write(`\r${text}\x1b[K`);
}

export function clearProgress(): void {
  process.stderr.write("\r\x1b[K");
}
