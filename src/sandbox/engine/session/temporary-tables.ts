/** #temp tables of a session: tables of tempdb, whose stored name carries the session. */
import type { DdlStatement, ObjectName } from '../../../tsql/ddl/statement.ts';
import type { CatalogAccess, CatalogContext, SandboxTable } from '../catalog-access.ts';

export const isTemporaryName = (name: string): boolean => name.startsWith('#');
export class TemporaryTables {
  private readonly catalog: CatalogAccess;
  private readonly context: () => CatalogContext;
  /** Names as written, of tables that this session made. */
  private readonly made = new Set<string>();

  constructor(catalog: CatalogAccess, context: () => CatalogContext) {
    this.catalog = catalog;
    this.context = context;
  }

  /** The catalog adds the session to the name of a local one. */
  qualified(name: string): ObjectName {
    return { server: null, database: 'tempdb', schema: 'dbo', name };
  }
  find(name: string): SandboxTable | null {
    const found = this.catalog.resolve(this.qualified(name), this.context());
    return found?.kind === 'table' ? found : null;
  }
  remember(name: string): void {
    this.made.add(name);
  }
  /** Tables to drop when the session ends. */
  remaining(): string[] {
    return [...this.made].filter(name => this.find(name) !== null);
  }
  /** How many were made so far; `since` tells those of a scope that ends. Global ones (##) stay until the session ends. */
  mark(): number {
    return this.made.size;
  }
  since(mark: number): string[] {
    return [...this.made].slice(mark).filter(name => !name.startsWith('##') && this.find(name) !== null);
  }
  forget(): void {
    this.made.clear();
  }

  /** DDL on temporary tables as DDL on tables of tempdb. */
  rewrite(statement: DdlStatement): DdlStatement {
    const at = (name: ObjectName): ObjectName =>
      isTemporaryName(name.name) && (name.database === null || name.database.toLowerCase() === 'tempdb')
        ? this.qualified(name.name)
        : name;
    switch (statement.kind) {
      case 'createTable':
      case 'alterTable':
        return { ...statement, name: at(statement.name) };
      case 'createIndex':
      case 'alterIndex':
      case 'createStatistics':
        return { ...statement, on: at(statement.on) };
      case 'drop':
        if (statement.what === 'table') return { ...statement, names: statement.names.map(at) };
        return statement.on ? { ...statement, on: at(statement.on) } : statement;
      default:
        return statement;
    }
  }
}
