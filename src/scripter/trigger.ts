import type { Trigger } from '../model/trigger.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { scriptModule } from './module.ts';
import type { Batch, ScriptOptions } from './options.ts';
import { scriptCall, textArgument } from './system-call.ts';

/** The trigger, its place in the firing order, and DISABLE TRIGGER where it is off. */
export function scriptTrigger(trigger: Trigger, options: ScriptOptions): Batch[] {
  const batches = scriptModule(trigger, options);
  if (batches.length === 0) return batches;
  const name = quoteQualified(trigger.schema, trigger.name);
  for (const [order, events] of [
    ['First', trigger.first],
    ['Last', trigger.last],
  ] as const) {
    for (const event of events) {
      batches.push(
        scriptCall('sp_settriggerorder', [
          textArgument('triggername', name),
          textArgument('order', order),
          textArgument('stmttype', event),
        ]),
      );
    }
  }
  if (trigger.disabled) {
    // The trigger's own schema is that of its parent; DISABLE TRIGGER takes the bare name ON the qualified parent.
    batches.push(
      `DISABLE TRIGGER ${quoteName(trigger.name)} ON ${quoteQualified(trigger.parent.schema, trigger.parent.name)}`,
    );
  }
  return batches;
}
