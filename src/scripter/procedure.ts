import type { Procedure } from '../model/procedure.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { scriptModule } from './module.ts';
import { type Batch, type ScriptOptions, withSettings } from './options.ts';
import { scriptCall, textArgument } from './system-call.ts';

/** The procedure, its numbered siblings in order, and its start-up flag. */
export function scriptProcedure(procedure: Procedure, options: ScriptOptions): Batch[] {
  const batches = scriptModule(procedure, options);
  for (const { definition } of procedure.numbered) {
    if (definition !== null) batches.push(...withSettings(procedure, definition));
  }
  if (procedure.startup) {
    batches.push(
      scriptCall('sp_procoption', [
        textArgument('ProcName', quoteQualified(procedure.schema, procedure.name)),
        textArgument('OptionName', 'startup'),
        textArgument('OptionValue', 'on'),
      ]),
    );
  }
  return batches;
}
