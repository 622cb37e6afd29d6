import type { Trigger } from '../model/trigger.ts';
import { scriptString } from '../tsql/literal.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { scriptModule } from './module.ts';
import type { Batch, ScriptOptions } from './options.ts';

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
        `EXEC sys.sp_settriggerorder @triggername = ${scriptString(name)}, @order = ${scriptString(order)}, @stmttype = ${scriptString(event)}`,
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
