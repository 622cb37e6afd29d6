import type { DatabaseFile, Filegroup } from '../../model/database.ts';
import type { AlterDatabase, CreateDatabase, FilegroupDefinition } from '../ddl/statement.ts';
import { quoteName } from '../quote.ts';
import type { Draft } from './draft.ts';

export function createDatabase(draft: Draft, statement: CreateDatabase): void {
  draft.properties.name = statement.name;
  draft.properties.containment = statement.containment ?? 'NONE';
  if (statement.collation !== null) setCollation(draft, statement.collation);
  draft.filegroups = statement.filegroups.map(g => ({ ...g, isDefault: isDefault(g, statement), readOnly: false }));
  draft.logFiles = [...statement.logFiles];
  for (const [option, value] of Object.entries(statement.options)) setOption(draft, option, value);
  if (statement.forAttach) draft.unsupported('attached database', quoteName(statement.name));
}

/** Where none says DEFAULT, the first of its kind is: PRIMARY, the first FILESTREAM filegroup. */
function isDefault(group: FilegroupDefinition, statement: CreateDatabase): boolean {
  const kin = statement.filegroups.filter(g => g.kind === group.kind);
  return group.kind !== 'memoryOptimized' && (kin.find(g => g.isDefault) ?? kin[0]) === group;
}

function setCollation(draft: Draft, collation: string): void {
  draft.properties.collation = collation;
  draft.collate(collation);
}

/** Options of which a database has exactly one. */
const exclusive: readonly (readonly string[])[] = [
  ['SINGLE_USER', 'RESTRICTED_USER', 'MULTI_USER'],
  ['READ_ONLY', 'READ_WRITE'],
  ['ENABLE_BROKER', 'DISABLE_BROKER', 'NEW_BROKER', 'ERROR_BROKER_CONVERSATIONS'],
  ['ONLINE', 'OFFLINE', 'EMERGENCY'],
];

/** Also sp_dboption and sp_dbcmptlevel. */
export function setOption(draft: Draft, option: string, value: string): void {
  if (option === 'COMPATIBILITY_LEVEL') {
    draft.properties.compatibilityLevel = Number(value);
    return;
  }
  if (option === 'CONTAINMENT') {
    draft.properties.containment = value === 'PARTIAL' ? 'PARTIAL' : 'NONE';
    return;
  }
  const group = exclusive.find(g => g.includes(option));
  for (const other of group ?? []) delete draft.options[other];
  draft.options[option] = value;
}

export function alterDatabase(draft: Draft, { action }: AlterDatabase): void {
  const group = (name: string, change: (g: Filegroup) => Filegroup) => {
    if (!draft.filegroups.some(g => draft.fold(g.name) === draft.fold(name)))
      draft.missing('filegroup', { schema: '', name });
    draft.filegroups = draft.filegroups.map(g => (draft.fold(g.name) === draft.fold(name) ? change(g) : g));
  };
  switch (action.kind) {
    case 'set':
      for (const [option, value] of Object.entries(action.options)) setOption(draft, option, value);
      return;
    case 'collate':
      setCollation(draft, action.collation);
      return;
    case 'modifyName':
      draft.properties.name = action.newName;
      return;
    case 'addFile': {
      if (action.log) draft.logFiles.push(...action.files);
      else {
        group(action.filegroup ?? 'PRIMARY', g => ({
          ...g,
          files: [
            ...g.files,
            ...action.files.map(f => ({ ...f, kind: g.kind === 'rows' ? ('rows' as const) : ('filestream' as const) })),
          ],
        }));
      }
      return;
    }
    case 'modifyFile': {
      const { logicalName, newName, offline: _, ...changes } = action.file;
      const change = (f: DatabaseFile): DatabaseFile =>
        f.logicalName === logicalName ? { ...f, ...changes, logicalName: newName ?? f.logicalName } : f;
      draft.filegroups = draft.filegroups.map(g => ({ ...g, files: g.files.map(change) }));
      draft.logFiles = draft.logFiles.map(change);
      return;
    }
    case 'removeFile': {
      const others = (files: readonly DatabaseFile[]) => files.filter(f => f.logicalName !== action.logicalName);
      draft.filegroups = draft.filegroups.map(g => ({ ...g, files: others(g.files) }));
      draft.logFiles = others(draft.logFiles);
      return;
    }
    case 'addFilegroup':
      if (draft.filegroups.length === 0)
        draft.filegroups.push({ name: 'PRIMARY', kind: 'rows', isDefault: true, readOnly: false, files: [] });
      draft.filegroups.push({ ...action.filegroup, readOnly: false, files: [] });
      return;
    case 'removeFilegroup':
      draft.filegroups = draft.filegroups.filter(g => draft.fold(g.name) !== draft.fold(action.name));
      return;
    case 'modifyFilegroup': {
      const { change } = action;
      if (change === 'DEFAULT') {
        const kind = draft.filegroups.find(g => draft.fold(g.name) === draft.fold(action.name))?.kind;
        // Filegroups of rows and of FILESTREAM have a default each.
        draft.filegroups = draft.filegroups.map(g => (g.kind === kind ? { ...g, isDefault: false } : g));
        group(action.name, g => ({ ...g, isDefault: true }));
      } else if (change === 'READ_ONLY' || change === 'READ_WRITE')
        group(action.name, g => ({ ...g, readOnly: change === 'READ_ONLY' }));
      else if (typeof change === 'object') group(action.name, g => ({ ...g, name: change.newName }));
      else draft.unsupported(`filegroup option ${change}`, quoteName(action.name), 'dropped');
    }
  }
}
