/**
 * Users of logins that the target does not have. A user can't be made for such a login (error 15007), so it is made without one:
 * what it owns and may do is then there, and the finding says who can't log in. A Windows user can't be made without its login
 * (error 15006: a backslash is no part of other names) and is left out with what names it.
 */

import type { Finding } from '../compat/finding.ts';
import type { Session } from '../connection/session.ts';
import type { ScriptPosition } from '../model/error.ts';
import { quoteName } from '../tsql/quote.ts';
import type { StatementFacts } from './statement-facts.ts';
import { applyEdits, type Edit, isNameToken, nameValue, wordOf } from './token-edit.ts';

const rule = 'missing-login';

/**
 * Names of the target's logins, in lower case; null where they can't all be seen: on Azure SQL Database, and without VIEW ANY
 * DEFINITION. Statements then run as they are, and the server says what it lacks.
 */
export async function readLogins(session: Session): Promise<Set<string> | null> {
  const { rows } = await session.query(
    "SELECT CASE WHEN SERVERPROPERTY('EngineEdition') = 5 THEN 0 ELSE HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') END",
  );
  if (Number(rows[0]?.[0] ?? 0) !== 1) return null;
  const logins = await session.query('SELECT [name] FROM [sys].[server_principals]');
  return new Set(logins.rows.map(row => String(row[0]).toLowerCase()));
}

export class MissingLogins {
  readonly #logins: Set<string>;
  readonly #onFinding: (finding: Finding) => void;
  /** Users that were left out, in lower case. */
  readonly #left = new Set<string>();

  constructor(logins: ReadonlySet<string>, onFinding: (finding: Finding) => void) {
    this.#logins = new Set(logins);
    this.#onFinding = onFinding;
  }

  /** The statement as it can run, or why it is left out. */
  judge(
    text: string,
    facts: StatementFacts,
    position: ScriptPosition,
  ): { readonly text: string } | { readonly why: string } {
    for (const statement of facts.statements) {
      switch (statement.kind) {
        case 'createLogin':
          if (statement.verb === 'CREATE') this.#logins.add(statement.name.toLowerCase());
          break;
        case 'createUser': {
          const login = loginOf(statement);
          if (login === null || this.#has(login)) break;
          if (statement.verb === 'ALTER') {
            this.#note(statement.name, `stays without login ${quoteName(login)}, which the target lacks`, position);
            return { why: `ALTER USER ${quoteName(statement.name)}: the target has no login ${quoteName(login)}` };
          }
          if (statement.name.includes('\\')) {
            this.#left.add(statement.name.toLowerCase());
            const what = `is left out with its rights: the target has no login ${quoteName(login)}`;
            this.#note(statement.name, what, position);
            return { why: `user ${quoteName(statement.name)}: the target has no login ${quoteName(login)}` };
          }
          const what = `is made without login: the target has no login ${quoteName(login)}`;
          this.#note(statement.name, what, position);
          return { text: applyEdits(text, withoutLogin(facts)) };
        }
        case 'alterAuthorization':
          if (statement.class === 'DATABASE' && statement.owner !== null && !this.#has(statement.owner)) {
            this.#note(statement.owner, 'does not own the database: the target has no such login', position);
            return { why: `the owner of the database: the target has no login ${quoteName(statement.owner)}` };
          }
          if (this.#isLeft(statement.owner)) return { why: `what user ${quoteName(statement.owner!)} owns` };
          break;
        case 'alterRole':
          if ('member' in statement.action && this.#isLeft(statement.action.member)) {
            return { why: `a membership of user ${quoteName(statement.action.member)}` };
          }
          break;
        case 'permission':
          if (statement.grantees.every(g => this.#isLeft(g))) {
            return { why: `rights of user ${quoteName(statement.grantees.join(', '))}` };
          }
          break;
        case 'createSchema':
        case 'createRole':
          if (this.#isLeft(statement.owner)) return { text: applyEdits(text, withoutOwner(facts)) };
          break;
        case 'systemProcedure':
          if (this.#left.size > 0 && facts.tokens.some(t => t.kind.endsWith('string') && this.#isLeft(t.value))) {
            return { why: `EXEC ${statement.procedure} on a user that was left out` };
          }
          break;
        default:
      }
    }
    return { text };
  }

  #has(login: string): boolean {
    return this.#logins.has(login.toLowerCase());
  }

  #isLeft(user: string | null): boolean {
    return user !== null && this.#left.has(user.toLowerCase());
  }

  #note(user: string, message: string, position: ScriptPosition): void {
    this.#onFinding({ rule, severity: 'blocker', object: quoteName(user), message, line: position.line });
  }
}

type CreateUser = Extract<StatementFacts['statements'][number], { kind: 'createUser' }>;

/** The login that a user needs; null for users without one. CREATE USER alone means the login of its name. */
function loginOf(user: CreateUser): string | null {
  if (user.login !== null) return user.login;
  const own = user.verb === 'CREATE' && !user.withoutLogin && user.from === null && !user.hasPassword;
  return own && !['dbo', 'guest'].includes(user.name.toLowerCase()) ? user.name : null;
}

function withoutLogin(facts: StatementFacts): Edit[] {
  const { tokens } = facts;
  const user = tokens.findIndex((t, i) => wordOf(t) === 'USER' && wordOf(tokens[i - 1]) === 'CREATE') + 1;
  const login = tokens.findIndex((t, i) => i > user && wordOf(t) === 'LOGIN');
  if (login < 0) return [{ token: tokens[user]!, text: `${tokens[user]!.text} WITHOUT LOGIN` }];
  return [
    { token: tokens[login - 1]!, text: 'WITHOUT' },
    { token: tokens[login + 1]!, text: '' },
  ];
}

function withoutOwner(facts: StatementFacts): Edit[] {
  const { tokens } = facts;
  const at = tokens.findIndex((t, i) => wordOf(t) === 'AUTHORIZATION' && isNameToken(tokens[i + 1]));
  if (at < 0) return [];
  // CREATE SCHEMA AUTHORIZATION x names the schema by its owner.
  const named = wordOf(tokens[at - 1]) !== 'SCHEMA';
  return [
    { token: tokens[at]!, text: '' },
    { token: tokens[at + 1]!, text: named ? '' : quoteName(nameValue(tokens[at + 1]!)) },
  ];
}
