/** What the host calls and the addresses it needs. */

import { fillPairs } from './digits';
import { fillCommandStarts } from './guard';

export {
  COLUMNS,
  COLUMNS_END,
  INPUT,
  INPUT_END,
  OUTPUT,
  PAGE_SIZE,
  PAGES,
  PAGES_END,
  PLAN,
  POWERS,
  STATE,
  TEXTS,
  TEXTS_END,
} from './memory';
export { relayRows } from './relay-rows';
export { sqlRows } from './sql-rows';
export { csvRows, jsonRows, sumRows } from './text-rows';
export { sumWireRows } from './wire-sum';

/** Fills the tables, once. */
export function initialise(): void {
  fillPairs();
  fillCommandStarts();
}
