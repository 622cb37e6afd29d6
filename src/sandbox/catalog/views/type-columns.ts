/** What older views tell of the type of a column or parameter; `c` is its alias. */

export const charLength = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (167,175) THEN ${c}.max_length WHEN ${c}.system_type_id IN (231,239) THEN CASE ${c}.max_length WHEN -1 THEN -1 ELSE ${c}.max_length / 2 END
   WHEN ${c}.system_type_id IN (165,173) THEN ${c}.max_length WHEN ${c}.system_type_id = 35 OR ${c}.system_type_id = 34 THEN 2147483647 WHEN ${c}.system_type_id = 99 THEN 1073741823 WHEN ${c}.system_type_id = 241 THEN -1 END`;
export const octetLength = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (167,175,231,239,165,173) THEN ${c}.max_length WHEN ${c}.system_type_id IN (34,35) THEN 2147483647 WHEN ${c}.system_type_id = 99 THEN 2147483646 WHEN ${c}.system_type_id = 241 THEN -1 END`;
export const numericPrecision = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (48,52,56,59,60,62,106,108,122,127) THEN ${c}.precision END`;
export const numericRadix = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (48,52,56,60,106,108,122,127) THEN 10 WHEN ${c}.system_type_id IN (59,62) THEN 2 END`;
export const numericScale = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (48,52,56,60,106,108,122,127) THEN ${c}.scale END`;
export const datetimePrecision = (c: string): string =>
  `CASE WHEN ${c}.system_type_id = 40 THEN 0 WHEN ${c}.system_type_id IN (41,42,43) THEN ${c}.scale WHEN ${c}.system_type_id = 58 THEN 0 WHEN ${c}.system_type_id = 61 THEN 3 END`;
export const systemTypeName = (c: string): string =>
  `(SELECT t.name FROM "b.sys.types" t WHERE t.db = ${c}.db AND t.user_type_id = CASE WHEN ${c}.system_type_id = 240 THEN ${c}.user_type_id ELSE ${c}.system_type_id END)`;
export const characterSet = (c: string): string =>
  `CASE WHEN ${c}.system_type_id IN (35,167,175) THEN 'iso_1' WHEN ${c}.system_type_id IN (99,231,239) THEN 'UNICODE' END`;
