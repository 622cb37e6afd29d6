/**
 * tedious loads @azure/identity with itself, which takes as long as all the rest of it, in every process and thread that opens a connection;
 * it is needed only for a log-in with Microsoft Entra. So it is put into the cache of modules as an object that loads it when it is asked for something.
 */

import { createRequire } from 'node:module';

const name = '@azure/identity';
const requireHere = createRequire(import.meta.url);

/** Call it before tedious is loaded; later it changes nothing. Without such a module nothing is done: tedious says what it lacks. */
export function loadIdentityLazily(): void {
  const requireThere = createRequire(requireHere.resolve('tedious'));
  let path: string;
  try {
    path = requireThere.resolve(name);
  } catch {
    return;
  }
  const { cache } = requireThere;
  if (cache[path] !== undefined) return;
  let identity: object | undefined;
  const load = (): object => {
    if (identity === undefined) {
      delete cache[path];
      identity = requireThere(name) as object;
    }
    return identity;
  };
  const exports = new Proxy(
    {},
    {
      get: (_, key) => Reflect.get(load(), key),
      has: (_, key) => Reflect.has(load(), key),
      ownKeys: () => Reflect.ownKeys(load()),
    },
  );
  // Of a module that was loaded nothing but its exports counts.
  cache[path] = {
    id: path,
    path,
    filename: path,
    loaded: true,
    exports,
    children: [],
    paths: [],
  } as unknown as NodeModule;
}
