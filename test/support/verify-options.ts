import type { VerifyOptions } from '../../src/verify/verify-options.ts';

/** Compares all that two databases have, and says nothing meanwhile. */
export const everything: VerifyOptions = {
  schema: true,
  data: true,
  tables: [],
  excludeTables: [],
  databaseProperties: true,
  sample: null,
  showRows: 0,
  recount: false,
  jobs: 1,
  report: () => undefined,
};
