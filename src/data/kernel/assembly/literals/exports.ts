/** What the host calls and the addresses it needs. */

import { DOUBLES, INTEGERS, MONTHS } from './memory';

export { CAST_SIZE, CASTS, COLUMNS, FORMS, INPUT, INPUT_END, OUTPUT, PAGE_SIZE, PAGES, PAGES_END, SCALES, STATE, WHOLES } from './memory';
export { lineBreaks } from './lines';
export { literalRows, mostColumns } from './rows';

const months: StaticArray<u16> = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** Fills the tables, once. */
export function initialise(): void {
  let integer: u64 = 1;
  for (let i: usize = 0; i < 20; i++) {
    store<u64>(INTEGERS + (i << 3), integer);
    integer *= 10;
  }
  // Exact up to 10^22.
  let double: f64 = 1;
  for (let i: usize = 0; i < 23; i++) {
    store<f64>(DOUBLES + (i << 3), double);
    double *= 10;
  }
  for (let i = 0; i < 13; i++) store<u16>(MONTHS + (<usize>i << 1), unchecked(months[i]));
}
