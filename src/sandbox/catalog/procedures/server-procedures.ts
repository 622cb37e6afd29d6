/** xp_instance_regread, application locks and values of the session. */
import { defaultDataPath } from '../server-options.ts';
import {
  invalidParameter,
  nothing,
  type ProcedureCall,
  type ProcedureOutcome,
  type Procedures,
  procedureError,
} from './procedure.ts';
import { table, textColumn } from './result.ts';

/** Default directories of an instance before SERVERPROPERTY told them (2012): tools read them from the registry. */
function registryValue(call: ProcedureCall): string | null {
  const { options } = call.state;
  if (!/\\(MSSQLServer|Setup|Microsoft SQL Server)/i.test(call.text('key') ?? '')) return null;
  const directory = defaultDataPath(options).replace(/[\\/]$/, '');
  switch (call.text('value_name')?.toLowerCase()) {
    case 'defaultdata':
    case 'defaultlog':
    case 'backupdirectory':
    case 'sqldataroot':
      return directory;
    default:
      return null;
  }
}

function readRegistry(call: ProcedureCall): ProcedureOutcome {
  const value = registryValue(call);
  const output = call.argument('value')?.output === true;
  if (output) {
    call.output('value', value);
    return nothing;
  }
  if (value === null) {
    throw procedureError(22001, "RegQueryValueEx() returned error 2, 'The system cannot find the file specified.'", {
      line: 0,
    });
  }
  return {
    results: [table([textColumn('Value', 1000), textColumn('Data', 1000)], [[call.text('value_name'), value]])],
  };
}

const modes = ['Shared', 'Update', 'IntentShared', 'IntentExclusive', 'Exclusive'];

function takeLock(call: ProcedureCall): ProcedureOutcome {
  const resource = call.text('resource');
  const mode = modes.find(m => m.toLowerCase() === call.text('lockmode')?.trim().toLowerCase());
  const owner = call.text('lockowner')?.trim().toLowerCase() ?? 'transaction';
  if (resource === null || mode === undefined || (owner !== 'transaction' && owner !== 'session')) {
    return { returnStatus: -999, messages: [] };
  }
  if (owner === 'transaction' && call.context.transactionCount === 0) return { returnStatus: -999 };
  const taken = call.state.locks.take({
    db: call.scope.db,
    resource,
    mode,
    sessionId: call.context.sessionId,
    untilTransactionEnds: owner === 'transaction',
  });
  // The sandbox does not wait: a lock that another session holds is one whose time-out ran out.
  return { returnStatus: taken ? 0 : -1 };
}

function releaseLock(call: ProcedureCall): ProcedureOutcome {
  const resource = call.text('resource') ?? '';
  if (!call.state.locks.release(call.scope.db, resource, call.context.sessionId)) {
    throw procedureError(
      1223,
      `Cannot release the application lock (Database Principal: 'public', Resource: '${resource}') because it is not currently held.`,
      { line: 1 },
    );
  }
  return nothing;
}

export const serverProcedures: Procedures = {
  xp_instance_regread: {
    required: ['rootkey', 'key', 'value_name'],
    optional: ['value', 'no_output'],
    run: readRegistry,
  },
  sp_getapplock: {
    required: ['resource', 'lockmode'],
    optional: ['lockowner', 'locktimeout', 'dbprincipal'],
    run: takeLock,
  },
  sp_releaseapplock: { required: ['resource'], optional: ['lockowner', 'dbprincipal'], run: releaseLock },
  sp_set_session_context: {
    required: ['key', 'value'],
    optional: ['read_only'],
    since: 130,
    run(call) {
      const key = call.text('key');
      if (key === null || key === '') throw invalidParameter(call);
      if (
        !call.state.sessionContext.set(call.context.sessionId, key, call.value('value'), call.int('read_only') === 1)
      ) {
        throw procedureError(
          15664,
          `Cannot set key '${key}' in the session context. The key has been set as read_only for this session.`,
        );
      }
      return nothing;
    },
  },
};
