/** Bytes of a value of the types whose values all have the same length (documentation of the data types). */
export const fixedTypeBytes: Readonly<Record<string, number>> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  real: 4,
  float: 8,
  smallmoney: 4,
  money: 8,
  datetime: 8,
  smalldatetime: 4,
};
