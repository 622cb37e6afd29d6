/** @@VERSION and its like. */
import { derived } from '../bind/bound.ts';
import type { Scope } from '../bind/scope.ts';
import type { Bound, Env } from '../query/runtime.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { decimalType, nvarcharType, type SqlType, types, varbinaryType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';

export function bindGlobal(name: string, scope: Scope): Bound {
  const { session } = scope.context;
  const text = (length: number): SqlType => nvarcharType(length, session.settings.databaseCollation);
  const make = (type: SqlType, nullable: boolean, read: (env: Env) => Value): Bound =>
    derived(type, nullable, [], read, true);
  const property = (length: number, key: string): Bound =>
    make(text(length), true, env => {
      const v = env.run.session.metadata(key, [], []);
      if (v === undefined) throw unsupported(name);
      return v;
    });
  switch (name.toUpperCase()) {
    case '@@VERSION':
      return property(300, '@@VERSION');
    case '@@SERVERNAME':
      return property(128, '@@SERVERNAME');
    case '@@SERVICENAME':
      return property(128, '@@SERVICENAME');
    case '@@LANGUAGE':
      return make(text(128), true, () => 'us_english');
    case '@@LANGID':
      return make(types.smallint, false, () => 0);
    case '@@ERROR':
      return make(types.int, false, env => env.run.session.lastError);
    case '@@ROWCOUNT':
      return make(types.int, false, env => env.run.session.rowCount);
    case '@@TRANCOUNT':
      return make(types.int, false, env => env.run.session.transactionCount);
    case '@@SPID':
      return make(types.smallint, false, env => env.run.session.id);
    case '@@PROCID':
      return make(types.int, false, () => 0);
    case '@@IDENTITY':
      return make(decimalType(38, 0, 'numeric'), true, env => env.run.session.identity);
    case '@@OPTIONS':
      return make(types.int, false, env => env.run.session.optionBits);
    case '@@NESTLEVEL':
      return make(types.int, false, () => 0);
    case '@@DATEFIRST':
      return make(types.tinyint, true, env => env.run.settings.dateFirst);
    case '@@TEXTSIZE':
      return make(types.int, false, env => env.run.session.textSize);
    case '@@LOCK_TIMEOUT':
      return make(types.int, false, env => env.run.session.lockTimeout);
    case '@@MAX_PRECISION':
      return make(types.tinyint, false, () => 38);
    case '@@MAX_CONNECTIONS':
      return make(types.int, false, () => 32767);
    case '@@MICROSOFTVERSION':
      return make(types.int, false, env => Number(env.run.session.metadata('@@MICROSOFTVERSION', [], []) ?? 0));
    case '@@FETCH_STATUS':
      return make(types.int, false, () => 0);
    case '@@CURSOR_ROWS':
      return make(types.int, false, () => 0);
    case '@@REMSERVER':
      return make(text(128), true, () => null);
    case '@@DBTS':
      return make(varbinaryType(8), false, env => {
        const { catalog, context } = env.run.session;
        const out = Buffer.alloc(8);
        out.writeBigUInt64BE(catalog.lastRowVersion(catalog.databaseId(context.database) ?? 1));
        return out;
      });
    default:
      if (/^@@(CPU_BUSY|IDLE|IO_BUSY|PACK_|TOTAL_|TIMETICKS|CONNECTIONS)/i.test(name)) throw unsupported(name);
      throw new ServerError(137, `Must declare the scalar variable "${name}".`, { class: 15, state: 2 });
  }
}
