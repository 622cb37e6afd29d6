import type { AliasType } from '../model/alias-type.ts';
import { baseTypeOf } from '../model/look-up.ts';
import type { View } from '../model/view.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { scriptDataType } from './data-type.ts';
import { scriptModule } from './module.ts';
import type { Batch, ScriptOptions } from './options.ts';
import { scriptDisableIndex, scriptIndex } from './table-index.ts';

/** `verb` is ALTER where a stub of the view stands already. */
export function scriptView(view: View, options: ScriptOptions, verb: 'CREATE' | 'ALTER' = 'CREATE'): Batch[] {
  return scriptModule(view, options, verb);
}

/**
 * A view of the same columns without a body, for what refers to it in a cycle; ALTER VIEW gives it its text afterwards.
 * CAST takes no alias types (documentation of CAST), so their base types stand for them.
 */
export function scriptViewStub(view: View, aliasTypes: readonly AliasType[]): Batch | null {
  if (!view.outputColumns || view.outputColumns.length === 0) return null;
  const columns = view.outputColumns.map(
    c => `CAST(NULL AS ${scriptDataType(baseTypeOf(c.type, aliasTypes))}) AS ${quoteName(c.name)}`,
  );
  return `CREATE VIEW ${quoteQualified(view.schema, view.name)} AS SELECT ${columns.join(', ')}`;
}

/** Indexes of an indexed view, the clustered one first; after the data. */
export function scriptViewIndexes(view: View): Batch[] {
  const ordered = [...view.indexes].sort((a, b) => Number(b.clustered) - Number(a.clustered));
  return ordered.map(i => scriptIndex(view.schema, view.name, i));
}

export function scriptViewDisabledIndexes(view: View): Batch[] {
  const ordered = [...view.indexes].sort((a, b) => Number(a.clustered) - Number(b.clustered));
  return ordered.filter(i => i.disabled).map(i => scriptDisableIndex(view.schema, view.name, i.name));
}
