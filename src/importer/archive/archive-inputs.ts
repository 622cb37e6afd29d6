/** An archive's scripts as inputs of an import, with the place among them where the rows come. */

import type { Archive } from '../../archive/archive-reader.ts';
import type { ScriptInput } from '../../archive/script-input.ts';
import { XpdbError } from '../../model/error.ts';
import { decodeScript } from '../../tsql/script-decoder.ts';

export interface ArchiveInputs {
  readonly inputs: readonly ScriptInput[];
  /** Index of the input before which rows are loaded. */
  readonly rowsBefore: number;
}

const behindRows = new Set(['after-data', 'post-data', 'state']);

/** @throws XpdbError for a shard, which is a part only */
export function archiveInputs(archive: Archive): ArchiveInputs {
  const { manifest, folder } = archive;
  if (manifest.shard !== null) {
    throw new XpdbError(`${folder} is shard ${manifest.shard.shard} of ${manifest.shard.of}, not a whole archive`, {
      hint: 'merge the shards first: xpdb archive merge',
    });
  }
  const inputs = manifest.scripts.map((script): ScriptInput => {
    const name = `${folder}/${script.path}`;
    return {
      name,
      bytesTotal: script.bytes,
      bytesRead: 0,
      ends: 'unknown',
      repeatable: true,
      text: () => decodeScript(archive.readScript(script), { file: name }),
    };
  });
  const found = manifest.scripts.findIndex(s => behindRows.has(s.section));
  return { inputs, rowsBefore: found < 0 ? inputs.length : found };
}
