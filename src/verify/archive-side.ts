import { openArchive } from '../archive/archive-reader.ts';
import { checkArchive } from '../archive/check-archive.ts';
import { hasTextVectors } from '../archive/manifest.ts';
import { XpdbError } from '../model/error.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { ScriptReader } from '../tsql/read-script.ts';
import { decodeScript } from '../tsql/script-decoder.ts';
import { targetOf } from './script-side.ts';
import { type Side, type TableSum, tableKey } from './side.ts';

/**
 * An archive's folder: its scripts make the model, its manifest has the sums. The hashes of the scripts are checked.
 * @param recount the rows' files are read, too: they must be those that the sums were made of
 * @throws XpdbError for a file that is not as the manifest says
 */
export async function openArchiveSide(folder: string, recount: boolean): Promise<Side> {
  const archive = await openArchive(folder);
  if (recount) {
    const [problem] = (await checkArchive(archive)).problems;
    if (problem !== undefined) throw new XpdbError(problem, { hint: 'xpdb archive check names every such file' });
  }
  const { manifest } = archive;
  if (manifest.shard !== null) {
    throw new XpdbError(`${folder} is shard ${manifest.shard.shard} of ${manifest.shard.of}, not a whole archive`, {
      hint: 'merge the shards first: xpdb archive merge',
    });
  }
  const filled = manifest.tables.filter(t => t.rows > 0);
  const { collation } = manifest.source;
  const reader = new ScriptReader({ collation, filled });
  for (const script of manifest.scripts) {
    const file = `${folder}/${script.path}`;
    await reader.read(decodeScript(archive.readScript(script), { file }), { file });
  }
  const database = reader.database();
  const sums = new Map<string, TableSum>(
    manifest.tables.map(t => [tableKey(t), { rows: t.rows, rowsum: t.rowsum, columns: t.columns }]),
  );
  return {
    kind: 'archive',
    label: folder,
    target: targetOf(manifest.target),
    database: {
      ...database,
      properties: { ...database.properties, collation: database.properties.collation ?? collation },
    },
    findings: manifest.findings,
    sumForm: manifest.data.format === 'native' ? 'wire' : 'text',
    sumColumns: table => sums.get(tableKey(table))?.columns,
    textVectors: table => hasTextVectors(manifest, table),
    sendTextVectors: null,
    connection: null,
    sum: ({ table }) => {
      const sum = sums.get(tableKey(table));
      if (!sum) throw new XpdbError(`${folder} has no rows of ${quoteQualified(table.schema, table.name)}`);
      return sum;
    },
    readRows: null,
    close: async () => undefined,
  };
}
