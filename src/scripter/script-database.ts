import type { Finding } from '../compat/finding.ts';
import type { AliasType } from '../model/alias-type.ts';
import type { Database } from '../model/database.ts';
import { compareNames } from '../model/look-up.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { scriptAliasType } from './alias-type.ts';
import { scriptDatabaseState, scriptDatabase as scriptProperties } from './database.ts';
import { scriptDefaultObject } from './default-object.ts';
import { scriptExtendedProperty } from './extended-property.ts';
import { scriptFunction } from './function.ts';
import { type OrderedStep, orderObjects } from './object-order.ts';
import type { Batch, ScriptOptions } from './options.ts';
import { scriptPartitionFunction } from './partition-function.ts';
import { scriptPartitionScheme } from './partition-scheme.ts';
import { scriptedPermissions, scriptPermission } from './permission.ts';
import { scriptProcedure } from './procedure.ts';
import { nameReferredConstraints } from './referred-constraints.ts';
import { scriptMembership, scriptRoles } from './role.ts';
import { scriptRule } from './rule.ts';
import { scriptSchema } from './schema.ts';
import { scriptSequence } from './sequence.ts';
import { scriptSynonym } from './synonym.ts';
import {
  scriptTable,
  scriptTableChecks,
  scriptTableDisabledIndexes,
  scriptTableForeignKeys,
  scriptTableIndexes,
} from './table.ts';
import { scriptTableType } from './table-type.ts';
import { scriptTrigger } from './trigger.ts';
import { scriptUser } from './user.ts';
import { scriptView, scriptViewDisabledIndexes, scriptViewIndexes, scriptViewStub } from './view.ts';
import { scriptXmlSchemaCollection } from './xml-schema-collection.ts';

/** The part of a script that one object fills. Sections as in pg_dump; `database` makes and sets up the database itself. */
export interface ScriptEntry {
  readonly section: 'database' | 'pre-data' | 'post-data' | 'state';
  readonly kind: string;
  /** Quoted. */
  readonly object: string;
  readonly batches: readonly Batch[];
}

export interface DatabaseScript {
  readonly entries: readonly ScriptEntry[];
  /** What could not be scripted as it is: cycles that nothing breaks, and what the model can't hold. */
  readonly findings: readonly Finding[];
}

/** Script of a whole database for a target version, without its rows. The model must have passed the gate of that version. */
export function scriptDatabase(model: Database, options: ScriptOptions): DatabaseScript {
  const database = nameReferredConstraints(model);
  const entries: ScriptEntry[] = [];
  const findings: Finding[] = [];
  const add = (section: ScriptEntry['section'], kind: string, object: string, batches: readonly Batch[]) => {
    if (batches.length > 0) entries.push({ section, kind, object, batches });
  };
  const qualified = (o: { schema: string; name: string }) => quoteQualified(o.schema, o.name);

  add('database', 'database', 'DATABASE', scriptProperties(database.properties, options));

  if (options.privileges) {
    for (const user of database.users) add('pre-data', 'user', quoteName(user.name), [scriptUser(user)]);
    add('pre-data', 'role', 'ROLES', scriptRoles(database.roles, options));
  }
  for (const s of database.schemas) add('pre-data', 'schema', quoteName(s.name), [scriptSchema(s, options)]);
  if (options.privileges) {
    for (const membership of database.memberships) {
      add('pre-data', 'role membership', quoteName(membership.role), [scriptMembership(membership, options)]);
    }
  }
  for (const f of database.partitionFunctions)
    add('pre-data', 'partition function', quoteName(f.name), [scriptPartitionFunction(f)]);
  for (const s of database.partitionSchemes)
    add('pre-data', 'partition scheme', quoteName(s.name), [scriptPartitionScheme(s)]);
  for (const d of database.defaults) add('pre-data', 'default', qualified(d), scriptDefaultObject(d, options));
  for (const r of database.rules) add('pre-data', 'rule', qualified(r), scriptRule(r, options));
  for (const c of database.xmlSchemaCollections)
    add('pre-data', 'xml schema collection', qualified(c), scriptXmlSchemaCollection(c, options));
  for (const t of database.aliasTypes) add('pre-data', 'type', qualified(t), scriptAliasType(t, options));
  for (const s of database.sequences) add('pre-data', 'sequence', qualified(s), scriptSequence(s, options));
  for (const s of database.synonyms) add('pre-data', 'synonym', qualified(s), scriptSynonym(s, options));

  for (const step of orderObjects(database)) {
    if (step.step === 'forced') {
      findings.push({
        rule: 'unbreakable-cycle',
        severity: 'blocker',
        object: qualified(step.item.object),
        message: `${step.item.kind} refers to itself through objects that must exist before it; it is scripted where its references are missing`,
      });
    }
    add(
      'pre-data',
      step.item.kind === 'tableType' ? 'table type' : step.item.kind,
      qualified(step.item.object),
      scriptStep(step, database.aliasTypes, options),
    );
  }

  for (const t of database.tables) add('post-data', 'index', qualified(t), scriptTableIndexes(t));
  for (const v of database.views) add('post-data', 'index', qualified(v), scriptViewIndexes(v));
  for (const t of database.tables) add('post-data', 'check constraint', qualified(t), scriptTableChecks(t));
  for (const t of database.tables) add('post-data', 'foreign key', qualified(t), scriptTableForeignKeys(t));
  const triggers = [...database.triggers].sort((a, b) => compareNames(a.parent, b.parent) || compareNames(a, b));
  for (const t of triggers) add('post-data', 'trigger', qualified(t), scriptTrigger(t, options));
  for (const t of database.tables) add('post-data', 'disabled index', qualified(t), scriptTableDisabledIndexes(t));
  for (const v of database.views) add('post-data', 'disabled index', qualified(v), scriptViewDisabledIndexes(v));
  if (options.privileges) {
    for (const p of scriptedPermissions(database)) {
      const object = p.securable.name === null ? 'DATABASE' : quoteQualified(p.securable.schema, p.securable.name);
      add('post-data', 'permission', object, [scriptPermission(p)]);
    }
  }
  for (const p of database.extendedProperties) {
    const object = p.levels.length === 0 ? 'DATABASE' : p.levels.map(l => quoteName(l.name)).join('.');
    add('post-data', 'extended property', object, [scriptExtendedProperty(p)]);
  }
  add('state', 'database', 'DATABASE', scriptDatabaseState(database.properties));
  for (const u of database.unsupported) {
    findings.push({
      rule: 'unsupported-object',
      severity: u.severity ?? 'blocker',
      object: u.object,
      message: `${u.kind} is not carried over`,
    });
  }
  return { entries, findings };
}

function scriptStep({ step, item }: OrderedStep, aliasTypes: readonly AliasType[], options: ScriptOptions): Batch[] {
  switch (item.kind) {
    case 'tableType':
      return scriptTableType(item.object, options);
    case 'table':
      return scriptTable(item.object, options);
    case 'function':
      return scriptFunction(item.object, options);
    case 'procedure':
      return scriptProcedure(item.object, options);
    case 'view': {
      if (step === 'complete') return scriptView(item.object, options, 'ALTER');
      const stub = step === 'stub' ? scriptViewStub(item.object, aliasTypes) : null;
      return stub === null ? scriptView(item.object, options) : [stub];
    }
  }
}
