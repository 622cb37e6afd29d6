import { quoteName } from '../tsql/quote.ts';

/** Statement that drops a database, whoever is in it. */
export function dropDatabaseText(name: string): string {
  const database = quoteName(name);
  return `USE [master]; ALTER DATABASE ${database} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE ${database}`;
}
