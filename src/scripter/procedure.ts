import type { Procedure } from '../model/procedure.ts';
import { scriptString } from '../tsql/literal.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { scriptModule } from './module.ts';
import { type Batch, type ScriptOptions, withSettings } from './options.ts';

/** The procedure, its numbered siblings in order, and its start-up flag. */
export function scriptProcedure(procedure: Procedure, options: ScriptOptions): Batch[] {
  const batches = scriptModule(procedure, options);
  for (const { definition } of procedure.numbered) {
    if (definition !== null) batches.push(...withSettings(procedure, definition));
  }
  if (procedure.startup) {
    const name = scriptString(quoteQualified(procedure.schema, procedure.name));
    batches.push(`EXEC sys.sp_procoption @ProcName = ${name}, @OptionName = 'startup', @OptionValue = 'on'`);
  }
  return batches;
}
