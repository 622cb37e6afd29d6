/** Lines for people, all on standard error: `level: text`. */

export interface TerminalSettings {
  quiet: boolean;
  verbose: boolean;
  debug: boolean;
}

export const settings: TerminalSettings = { quiet: false, verbose: false, debug: false };

const colours = { error: 31, warning: 33, note: 36 } as const;

function paint(level: keyof typeof colours): string {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  const on = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' ? true : NO_COLOR ? false : process.stderr.isTTY === true;
  return on ? `\u001b[${colours[level]}m${level}:\u001b[0m` : `${level}:`;
}

export function say(text: string): void {
  if (!settings.quiet) process.stderr.write(`${text}\n`);
}

export function note(text: string): void {
  if (settings.verbose) process.stderr.write(`${paint('note')} ${text}\n`);
}

export function warn(text: string): void {
  process.stderr.write(`${paint('warning')} ${text}\n`);
}

export function fail(text: string): void {
  process.stderr.write(`${paint('error')} ${text}\n`);
}

/** `1234567` → `1,234,567`. */
export function thousands(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `12.3 MB`. */
export function byteText(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return unit === 0 ? `${bytes} bytes` : `${value.toFixed(1)} ${units[unit]}`;
}

/** Columns padded to their widest cell; numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map(row => row.map(cell => (typeof cell === 'number' ? thousands(cell) : cell)));
  const widths = cells.reduce<number[]>((w, row) => row.map((cell, i) => Math.max(w[i] ?? 0, cell.length)), []);
  return cells
    .map((row, r) =>
      row
        .map((cell, i) =>
          typeof rows[r]?.[i] === 'number' ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
