import { Rowsum } from '../data/rowsum.ts';
import { XpdbError } from '../model/error.ts';
import { quoteQualified } from '../tsql/quote.ts';
import type { Archive } from './archive-reader.ts';
import type { ManifestTable } from './manifest.ts';

export interface ArchiveCheck {
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
  /** One sentence for each file or table that is not as the manifest says. */
  readonly problems: readonly string[];
}

/** Reads every file of an archive and compares sizes, hashes and sums with its manifest; goes on after a problem. */
export async function checkArchive(
  archive: Archive,
  onFile: (path: string) => void = () => undefined,
): Promise<ArchiveCheck> {
  const problems: string[] = [];
  const { scripts, tables } = archive.manifest;
  let files = 0;
  let bytes = 0;
  const read = async (path: string, content: AsyncIterable<Buffer>) => {
    onFile(path);
    files++;
    try {
      for await (const part of content) bytes += part.length;
    } catch (error) {
      if (!(error instanceof XpdbError)) throw error;
      problems.push(error.message);
    }
  };
  for (const script of scripts) await read(script.path, archive.readScript(script));
  for (const table of tables) {
    for (const chunk of table.chunks) await read(chunk.path, archive.readChunk(chunk));
    const wrong = wrongSum(table);
    if (wrong !== null) problems.push(wrong);
  }
  return { files, bytes, rows: tables.reduce((sum, t) => sum + t.rows, 0), problems };
}

/** The chunks' rowsums add up to the table's, whatever their order. */
function wrongSum(table: ManifestTable): string | null {
  const sum = sumChunks(table.chunks);
  if (sum === table.rowsum) return null;
  return `the rowsums of the chunks of ${quoteQualified(table.schema, table.name)} add up to ${sum}, not ${table.rowsum}`;
}

export function sumChunks(chunks: readonly { readonly rows: number; readonly rowsum: string }[]): string {
  const sum = new Rowsum();
  for (const chunk of chunks) sum.merge(Rowsum.parse(chunk.rowsum, chunk.rows));
  return sum.toString();
}
