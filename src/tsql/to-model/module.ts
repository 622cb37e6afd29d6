import type { Module } from '../../model/module.ts';
import type { QualifiedName } from '../../model/name.ts';
import type { TriggerEvent } from '../../model/trigger.ts';
import { type CreateModule, dmlEvents, type TriggerState } from '../ddl/statement.ts';
import { tokenize } from '../lexer.ts';
import { rewriteModuleHeader } from '../module-header.ts';
import { quoteName, quoteQualified } from '../quote.ts';
import type { Draft } from './draft.ts';
import { setTriggerState } from './table.ts';

/** CREATE or ALTER of a view, procedure, function, trigger, rule or default. */
export function createModule(draft: Draft, statement: CreateModule): void {
  const { trigger } = statement;
  if (trigger && typeof trigger.on === 'string') {
    draft.unsupported(trigger.on === 'DATABASE' ? 'DDL trigger' : 'server trigger', quoteName(statement.name.name));
    return;
  }
  const parent = trigger ? draft.resolve(trigger.on as Exclude<typeof trigger.on, string>) : null;
  const known = parent ? (draft.tables.get(parent) ?? draft.views.get(parent) ?? parent) : null;
  // A trigger lives in the schema of its table.
  const name: QualifiedName = known
    ? { schema: known.schema, name: statement.name.name }
    : draft.resolve(statement.name);
  if (isExternal(statement.text)) {
    draft.unsupported(`CLR ${statement.module}`, quoteQualified(name.schema, name.name));
    return;
  }
  const number = statement.procedureNumber ?? 1;
  // The server keeps CREATE, whatever the verb was.
  const text = rewriteModuleHeader(statement.text, { verb: 'CREATE', ...headerName(statement, name) });
  const module: Module = {
    ...name,
    owner: null,
    definition: text,
    ansiNulls: draft.settings.ansiNulls,
    quotedIdentifier: draft.settings.quotedIdentifier,
  };
  switch (statement.module) {
    case 'view': {
      const before = draft.views.get(name);
      draft.add(draft.views, {
        ...module,
        owner: before?.owner ?? null,
        schemaBound: statement.schemaBound,
        indexes: [],
      });
      break;
    }
    case 'function': {
      const { owner = null } = draft.functions.get(name) ?? {};
      const kind = statement.functionKind ?? 'scalar';
      draft.add(draft.functions, { ...module, owner, kind, schemaBound: statement.schemaBound });
      break;
    }
    case 'procedure': {
      const before = draft.procedures.get(name);
      if (number > 1) {
        const changed = draft.procedures.change(name, p => ({
          ...p,
          numbered: [...p.numbered.filter(n => n.number !== number), { number, definition: text }].sort(
            (a, b) => a.number - b.number,
          ),
        }));
        if (!changed) draft.missing('procedure', name);
        break;
      }
      draft.add(draft.procedures, {
        ...module,
        owner: before?.owner ?? null,
        numbered: before?.numbered ?? [],
        startup: before?.startup ?? false,
      });
      break;
    }
    case 'trigger': {
      const before = draft.triggers.get(name);
      draft.add(draft.triggers, {
        ...module,
        parent: { schema: known!.schema, name: known!.name },
        disabled: before?.disabled ?? false,
        insteadOf: trigger!.insteadOf,
        notForReplication: trigger!.notForReplication,
        events: dmlEvents.filter(e => trigger!.events.includes(e)),
        // ALTER TRIGGER takes the place in the firing order away.
        first: [],
        last: [],
      });
      break;
    }
    case 'rule':
      draft.add(draft.rules, module);
      break;
    case 'default':
      draft.add(draft.defaults, module);
  }
}

/** The name as the text has it: only the verb is to change. */
function headerName(statement: CreateModule, name: QualifiedName): QualifiedName {
  return {
    schema: statement.name.schema ?? 'dbo',
    name: statement.name.schema === null ? statement.name.name : name.name,
  };
}

/** `AS EXTERNAL NAME assembly.class.method`: no text of T-SQL. */
function isExternal(text: string): boolean {
  if (!/\bEXTERNAL\s+NAME\b/i.test(text)) return false;
  const tokens = tokenize(text);
  return tokens.some(
    (t, i) =>
      t.kind === 'word' && t.value === 'EXTERNAL' && tokens[i - 1]?.value === 'AS' && tokens[i + 1]?.value === 'NAME',
  );
}

/** ENABLE TRIGGER … ON, DISABLE TRIGGER … ON. */
export function changeTriggerState(draft: Draft, statement: TriggerState): void {
  if (typeof statement.on === 'string') {
    if (!statement.enable) draft.unsupported('disabled DDL trigger', statement.on);
    return;
  }
  const { triggers } = statement;
  setTriggerState(
    draft,
    draft.resolve(statement.on),
    triggers === 'ALL' ? 'ALL' : triggers.map(t => t.name),
    statement.enable,
  );
}

/** sp_settriggerorder of one event. */
export function setTriggerOrder(draft: Draft, name: QualifiedName, order: string, event: string): void {
  const known = draft.triggers.change(name, trigger => {
    const place = order.toLowerCase();
    const set = (list: readonly TriggerEvent[], wanted: boolean) =>
      dmlEvents.filter(e => (e === event.toUpperCase() ? wanted : list.includes(e)));
    return { ...trigger, first: set(trigger.first, place === 'first'), last: set(trigger.last, place === 'last') };
  });
  if (!known) draft.missing('trigger', name);
}
