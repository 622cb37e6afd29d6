import type { ExtendedProperty, PropertyLevel } from '../../model/extended-property.ts';
import { compareText } from '../../model/look-up.ts';
import type { QualifiedName } from '../../model/name.ts';
import { parseDataType } from '../ddl/data-type.ts';
import type { SystemProcedure } from '../ddl/statement.ts';
import { tokenize } from '../lexer.ts';
import { quoteName } from '../quote.ts';
import { TokenCursor } from '../token-cursor.ts';
import { resolveType } from './column.ts';
import { setOption } from './database.ts';
import type { Draft } from './draft.ts';
import { setTriggerOrder } from './module.ts';
import { nameOf } from './name-argument.ts';
import { rename } from './rename.ts';
import { addMember, addUser, alterAuthorization, createRole, dropMember } from './security.ts';
import { variantValue } from './variant-value.ts';

/** Procedures that change nothing of what the model holds. */
const harmless = new Set([
  'sp_fulltext_database',
  'sp_db_vardecimal_storage_format',
  'sp_addumpdevice',
  'sp_configure',
  'sp_addlogin',
  'sp_grantlogin',
  'sp_change_users_login',
  'sp_dropuser',
  'sp_revokedbaccess',
  'sp_droprole',
]);

/** EXEC of a system procedure that defines something. */
export function callSystemProcedure(draft: Draft, call: SystemProcedure): void {
  const arg = (name: string, position: number) => argument(call, name, position)?.value ?? null;
  switch (call.procedure) {
    case 'sp_addextendedproperty':
    case 'sp_updateextendedproperty':
      setProperty(draft, call);
      return;
    case 'sp_dropextendedproperty': {
      const key = propertyKey(draft, arg('@name', 0) ?? '', levelsOf(call, 1));
      draft.extendedProperties = draft.extendedProperties.filter(p => propertyKey(draft, p.name, p.levels) !== key);
      return;
    }
    case 'sp_addtype':
      addType(draft, call);
      return;
    case 'sp_bindefault':
    case 'sp_bindrule': {
      const what = call.procedure === 'sp_bindefault' ? 'boundDefault' : 'boundRule';
      bind(
        draft,
        what,
        draft.resolve(nameOf(arg(what === 'boundDefault' ? '@defname' : '@rulename', 0))),
        arg('@objname', 1),
      );
      return;
    }
    case 'sp_unbindefault':
    case 'sp_unbindrule':
      bind(draft, call.procedure === 'sp_unbindefault' ? 'boundDefault' : 'boundRule', null, arg('@objname', 0));
      return;
    case 'sp_settriggerorder':
      setTriggerOrder(
        draft,
        draft.resolve(nameOf(arg('@triggername', 0))),
        arg('@order', 1) ?? 'None',
        arg('@stmttype', 2) ?? '',
      );
      return;
    case 'sp_rename':
      rename(draft, arg('@objname', 0) ?? '', arg('@newname', 1) ?? '', arg('@objtype', 2));
      return;
    case 'sp_addrolemember':
      addMember(draft, arg('@rolename', 0) ?? '', arg('@membername', 1) ?? '');
      return;
    case 'sp_droprolemember':
      dropMember(draft, arg('@rolename', 0) ?? '', arg('@membername', 1) ?? '');
      return;
    case 'sp_addrole':
    case 'sp_addgroup': {
      const name = arg('@rolename', 0) ?? '';
      const owner = call.procedure === 'sp_addrole' ? arg('@ownername', 1) : null;
      createRole(draft, { kind: 'createRole', position: call.position, name, owner, application: false });
      return;
    }
    case 'sp_adduser':
    case 'sp_grantdbaccess': {
      const login = arg('@loginame', 0) ?? '';
      const name = arg('@name_in_db', 1) ?? login;
      const kind = login.includes('\\') ? 'windows' : 'sql';
      // sp_adduser makes a schema of the user's name, too (both procedures' documentation).
      const schema = call.procedure === 'sp_adduser' ? name : 'dbo';
      addUser(draft, { name, kind, login, defaultSchema: schema, sid: null });
      if (schema !== 'dbo') draft.schemas.set(draft.fold(schema), { name: schema, owner: name });
      const role = call.procedure === 'sp_adduser' ? arg('@grpname', 2) : null;
      if (role !== null) addMember(draft, role, name);
      return;
    }
    case 'sp_procoption': {
      const name = draft.resolve(nameOf(arg('@procname', 0)));
      const startup = /^(on|true|1)$/i.test(arg('@optionvalue', 2) ?? '');
      if (!draft.procedures.change(name, p => ({ ...p, startup }))) draft.missing('procedure', name);
      return;
    }
    case 'sp_dbcmptlevel':
      setOption(draft, 'COMPATIBILITY_LEVEL', arg('@new_cmptlevel', 1) ?? '');
      return;
    case 'sp_dboption':
      setOldOption(draft, arg('@optname', 1) ?? '', arg('@optvalue', 2));
      return;
    case 'sp_changedbowner':
      draft.properties.owner = arg('@loginame', 0);
      return;
    case 'sp_changeobjectowner':
      alterAuthorization(draft, { class: 'OBJECT', name: nameOf(arg('@objname', 0)), owner: arg('@newowner', 1) });
      return;
    case 'sp_renamedb':
      draft.properties.name = arg('@newname', 1) ?? draft.properties.name;
      return;
    case 'sp_tableoption':
    case 'sp_indexoption':
      // Where large values lie, and how rows are locked: neither data nor results depend on it.
      draft.unsupported(
        `table option '${arg('@optionname', 1) ?? ''}'`,
        quoteName(arg('@tablenamepattern', 0) ?? ''),
        'dropped',
      );
      return;
    default:
      if (!harmless.has(call.procedure))
        draft.unsupported(
          `call of ${call.procedure}`,
          call.args.map(a => a.text).join(', ') || quoteName(call.procedure),
        );
  }
}

function argument(call: SystemProcedure, name: string, position: number): SystemProcedure['args'][number] | undefined {
  const named = call.args.find(a => a.name === name);
  if (named) return named;
  const at = call.args[position];
  return at?.name === null ? at : undefined;
}

function levelsOf(call: SystemProcedure, from: number): PropertyLevel[] {
  const levels: PropertyLevel[] = [];
  for (let i = 0; i < 3; i++) {
    const type = argument(call, `@level${i}type`, from + 2 * i)?.value;
    const name = argument(call, `@level${i}name`, from + 2 * i + 1)?.value;
    if (type === null || type === undefined || name === null || name === undefined) break;
    levels.push({ type: type.toUpperCase(), name });
  }
  // Until 2005 an owner stood where a schema stands now, and the word is still taken.
  const [first, ...below] = levels;
  return first?.type === 'USER' && below.length > 0 ? [{ ...first, type: 'SCHEMA' }, ...below] : levels;
}

function propertyKey(draft: Draft, name: string, levels: readonly PropertyLevel[]): string {
  return [draft.fold(name), ...levels.flatMap(l => [l.type, draft.fold(l.name)])].join('\u0000');
}

function setProperty(draft: Draft, call: SystemProcedure): void {
  const name = argument(call, '@name', 0)?.value ?? '';
  const value = argument(call, '@value', 1);
  const levels = levelsOf(call, 2);
  const property: ExtendedProperty = { name, value: value ? variantValue(value.text) : 'NULL', levels };
  const key = propertyKey(draft, name, levels);
  draft.extendedProperties = draft.extendedProperties.filter(p => propertyKey(draft, p.name, p.levels) !== key);
  draft.extendedProperties.push(property);
}

export function sortProperties(properties: readonly ExtendedProperty[]): ExtendedProperty[] {
  const key = (p: ExtendedProperty) => [...p.levels.flatMap(l => [l.type, l.name]), '', p.name].join('\u0000');
  return [...properties].sort((a, b) => compareText(key(a), key(b)));
}

/** sp_addtype: the type is text; without a word on NULL the session's default counts. */
function addType(draft: Draft, call: SystemProcedure): void {
  const name = argument(call, '@typename', 0)?.value ?? '';
  const text = argument(call, '@phystype', 1)?.value ?? '';
  const nullType = argument(call, '@nulltype', 2)?.value;
  const cursor = new TokenCursor(tokenize(text), text);
  draft.add(draft.aliasTypes, {
    schema: 'dbo',
    name,
    owner: null,
    baseType: resolveType(draft, parseDataType(cursor)),
    nullable:
      nullType === null || nullType === undefined
        ? draft.settings.nullByDefault
        : !/^(not null|nonull)$/i.test(nullType.trim()),
    boundDefault: null,
    boundRule: null,
  });
}

/** Binds or unbinds a column (`table.column`) or an alias type, whose columns follow it. */
function bind(
  draft: Draft,
  what: 'boundDefault' | 'boundRule',
  bound: QualifiedName | null,
  target: string | null,
): void {
  const map = what === 'boundDefault' ? draft.defaults : draft.rules;
  const object = bound === null ? null : (map.get(bound) ?? bound);
  const value = object === null ? null : { schema: object.schema, name: object.name };
  const name = nameOf(target);
  const type = draft.resolve(name);
  if (name.database === null && draft.aliasTypes.has(type)) {
    const before = draft.aliasTypes.get(type)![what];
    draft.aliasTypes.change(type, t => ({ ...t, [what]: value }));
    for (const table of [...draft.tables]) {
      if (!table.columns.some(c => isOfType(draft, c.type, type))) continue;
      draft.tables.set({
        ...table,
        // A binding of the column's own stays.
        columns: table.columns.map(c =>
          isOfType(draft, c.type, type) &&
          (c[what] === null || c[what]?.name === before?.name) &&
          !(what === 'boundDefault' && c.default)
            ? { ...c, [what]: value }
            : c,
        ),
      });
    }
    return;
  }
  const table = { schema: name.database ?? 'dbo', name: name.schema ?? '' };
  const known = draft.tables.change(table, t => ({
    ...t,
    columns: t.columns.map(c => (draft.fold(c.name) === draft.fold(name.name) ? { ...c, [what]: value } : c)),
  }));
  if (!known) draft.missing('column or type', { schema: table.name, name: name.name });
}

function isOfType(draft: Draft, type: { schema: string | null; name: string }, alias: QualifiedName): boolean {
  return (
    type.schema !== null &&
    draft.fold(type.schema) === draft.fold(alias.schema) &&
    draft.fold(type.name) === draft.fold(alias.name)
  );
}

/** Names of sp_dboption (removed in 2012) and what ALTER DATABASE … SET calls them. */
const oldOptions: Readonly<Record<string, string>> = {
  'ansi null default': 'ANSI_NULL_DEFAULT',
  'ansi nulls': 'ANSI_NULLS',
  'ansi padding': 'ANSI_PADDING',
  'ansi warnings': 'ANSI_WARNINGS',
  arithabort: 'ARITHABORT',
  'auto create statistics': 'AUTO_CREATE_STATISTICS',
  'auto update statistics': 'AUTO_UPDATE_STATISTICS',
  autoclose: 'AUTO_CLOSE',
  autoshrink: 'AUTO_SHRINK',
  'concat null yields null': 'CONCAT_NULL_YIELDS_NULL',
  'cursor close on commit': 'CURSOR_CLOSE_ON_COMMIT',
  'db chaining': 'DB_CHAINING',
  'numeric roundabort': 'NUMERIC_ROUNDABORT',
  'quoted identifier': 'QUOTED_IDENTIFIER',
  'recursive triggers': 'RECURSIVE_TRIGGERS',
};

function setOldOption(draft: Draft, option: string, value: string | null): void {
  const on = /^(on|true)$/i.test(value ?? '');
  const lower = option.toLowerCase();
  if (oldOptions[lower]) setOption(draft, oldOptions[lower], on ? 'ON' : 'OFF');
  else if (lower === 'trunc. log on chkpt.') setOption(draft, 'RECOVERY', on ? 'SIMPLE' : 'FULL');
  else if (lower === 'select into/bulkcopy') {
    // Together with truncation it is SIMPLE, alone BULK_LOGGED.
    if (on && draft.options.RECOVERY !== 'SIMPLE') setOption(draft, 'RECOVERY', 'BULK_LOGGED');
  } else if (lower === 'torn page detection') setOption(draft, 'PAGE_VERIFY', on ? 'TORN_PAGE_DETECTION' : 'NONE');
  else if (lower === 'read only') setOption(draft, on ? 'READ_ONLY' : 'READ_WRITE', '');
  else if (lower === 'single user') setOption(draft, on ? 'SINGLE_USER' : 'MULTI_USER', '');
  else if (lower === 'dbo use only') setOption(draft, on ? 'RESTRICTED_USER' : 'MULTI_USER', '');
  else if (on) draft.unsupported('database option', quoteName(option), 'dropped');
}
