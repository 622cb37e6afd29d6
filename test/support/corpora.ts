import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/corpora/', import.meta.url));

/** Public sample databases that lie beside the project. */
export const corporaAvailable: boolean = existsSync(`${folder}northwind.sql`);
if (!corporaAvailable) console.warn('skipped: no sample databases in ../shared/corpora');

export function corpusPath(name: 'northwind' | 'pubs' | 'chinook'): string {
  return `${folder}${name}.sql`;
}

/** Text of a sample script, whatever its encoding. */
export function readCorpus(name: 'northwind' | 'pubs' | 'chinook'): string {
  const bytes = readFileSync(corpusPath(name));
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  const utf8 = bytes.toString('utf8');
  return utf8.includes('\ufffd') ? bytes.toString('latin1') : utf8.replace(/^\ufeff/, '');
}
