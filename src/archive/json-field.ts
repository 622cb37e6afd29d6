import { XpdbError } from '../model/error.ts';

/** A value inside a JSON file, which knows its place for messages. Every reader throws an XpdbError when it is not what is asked for. */
export interface Field {
  get(name: string): Field;
  has(name: string): boolean;
  string(): string;
  /** A string of a form. */
  pattern(form: RegExp): string;
  /** A whole number from 0 to 2^53 - 1. */
  count(): number;
  flag(): boolean;
  stringOrFlag(): string | boolean;
  oneOf<T extends string>(values: readonly T[]): T;
  list<T>(read: (item: Field) => T): T[];
  record<T>(read: (value: Field) => T): Record<string, T>;
  orNull<T>(read: (value: Field) => T): T | null;
  /** The error to throw: `file: place what`. */
  wrong(what: string): XpdbError;
}

/** @param name of the file, for messages @throws XpdbError when the text is no JSON object */
export function readJson(text: string, name: string): Field {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new XpdbError(`${name} is no JSON: ${(cause as Error).message}`, {
      hint: 'the file is damaged or cut',
      cause,
    });
  }
  const root = field(value, name, '');
  if (!isObject(value)) throw root.wrong('is no JSON object');
  return root;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function field(value: unknown, file: string, place: string): Field {
  const wrong = (what: string) => new XpdbError(`${file}: ${place === '' ? '' : `${place} `}${what}`);
  const child = (name: string, of: unknown) => field(of, file, place === '' ? name : `${place}.${name}`);
  const string = () => {
    if (typeof value !== 'string') throw wrong('is no text');
    return value;
  };
  return {
    wrong,
    string,
    get: name => {
      if (!isObject(value)) throw wrong('is no object');
      // Own names only: a file must not reach what every object has.
      if (!Object.hasOwn(value, name)) throw child(name, null).wrong('is missing');
      return child(name, value[name]);
    },
    has: name => isObject(value) && Object.hasOwn(value, name),
    pattern: form => {
      if (!form.test(string())) throw wrong(`is not of the form ${form.source}`);
      return string();
    },
    count: () => {
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong('is no whole number');
      return value;
    },
    flag: () => {
      if (typeof value !== 'boolean') throw wrong('is neither true nor false');
      return value;
    },
    stringOrFlag: () => {
      if (typeof value !== 'boolean' && typeof value !== 'string') throw wrong('is neither text nor true nor false');
      return value;
    },
    oneOf: values => {
      const found = values.find(v => v === value);
      if (found === undefined) throw wrong(`is ${JSON.stringify(value)}, not one of ${values.join(', ')}`);
      return found;
    },
    list: read => {
      if (!Array.isArray(value)) throw wrong('is no list');
      return value.map((item, i) => read(field(item, file, `${place}[${i}]`)));
    },
    record: read => {
      if (!isObject(value)) throw wrong('is no object');
      return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, read(child(name, of))]));
    },
    orNull: read => (value === null ? null : read(field(value, file, place))),
  };
}
