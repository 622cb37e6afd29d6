import type { Sequence } from '../model/sequence.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { scriptOwner } from './authorization.ts';
import { scriptDataType } from './data-type.ts';
import type { Batch, ScriptOptions } from './options.ts';

/**
 * CREATE SEQUENCE with its original start, then RESTART at the value that the source would give out next.
 * `current_value` is the last value given out; before 2017 the catalog does not tell a sequence that was never used
 * from one that gave out its start value once: then it goes on behind the start, which at worst skips one value.
 */
export function scriptSequence(sequence: Sequence, options: ScriptOptions): Batch[] {
  const name = quoteQualified(sequence.schema, sequence.name);
  const cache =
    sequence.cacheSize === null ? 'NO CACHE' : sequence.cacheSize === 0 ? 'CACHE' : `CACHE ${sequence.cacheSize}`;
  const batches = [
    `CREATE SEQUENCE ${name} AS ${scriptDataType(sequence.type)} START WITH ${sequence.start} INCREMENT BY ${sequence.increment} ` +
      `MINVALUE ${sequence.minimum} MAXVALUE ${sequence.maximum} ${sequence.cycle ? 'CYCLE' : 'NO CYCLE'} ${cache}`,
    ...scriptOwner('OBJECT', sequence, options),
  ];
  const next = nextValue(sequence);
  if (next !== null) batches.push(`ALTER SEQUENCE ${name} RESTART WITH ${next}`);
  // A sequence that ended stays so (error 11728): its last value is given out once more, to nobody.
  if (isExhausted(sequence)) batches.push(`DECLARE @last sql_variant;\nSELECT @last = NEXT VALUE FOR ${name}`);
  return batches;
}

function isExhausted({ used, cycle, current, increment, minimum, maximum }: Sequence): boolean {
  const next = BigInt(current) + BigInt(increment);
  return used !== false && !cycle && (next > BigInt(maximum) || next < BigInt(minimum));
}

/** The value to restart with; null when that is its start. One that was restarted and not used since has it as its current value. */
export function nextValue(sequence: Sequence): string | null {
  if (sequence.used === false) return sequence.current === sequence.start ? null : sequence.current;
  const current = BigInt(sequence.current);
  const increment = BigInt(sequence.increment);
  const minimum = BigInt(sequence.minimum);
  const maximum = BigInt(sequence.maximum);
  const next = current + increment;
  if (next > maximum) return sequence.cycle ? sequence.minimum : sequence.maximum;
  if (next < minimum) return sequence.cycle ? sequence.maximum : sequence.minimum;
  return next.toString();
}
