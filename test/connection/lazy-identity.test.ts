import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const file = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));

/** In a process of its own, for a module is loaded once. */
function run(script: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim();
}

const loaded = 'Object.keys(require.cache).filter(p => /@azure.msal/.test(p)).length';
const begin = `import { createRequire } from 'node:module'; const require = createRequire(${file('../../package.json')});`;

it('opening a session loads no module of Azure', () => {
  expect(
    run(`${begin}
      const { openSession } = await import(${file('../../src/connection/connect.ts')});
      const { defaultConnectionOptions } = await import(${file('../../src/connection/connection-options.ts')});
      const auth = { kind: 'sql', user: 'u', password: 'p' };
      await openSession({ ...defaultConnectionOptions, server: '127.0.0.1', port: 1, auth }).catch(() => {});
      console.log(Object.keys(require.cache).some(p => p.includes('tedious')), ${loaded});`),
  ).toBe('true 0');
});

it('a log-in with Entra finds the module of Azure', () => {
  expect(
    run(`${begin}
      const { loadIdentityLazily } = await import(${file('../../src/connection/lazy-identity.ts')});
      loadIdentityLazily();
      const there = createRequire(require.resolve('tedious'));
      const identity = there('@azure/identity');
      const before = ${loaded};
      const credential = new identity.ClientSecretCredential('00000000-0000-0000-0000-000000000000', 'client', 'secret');
      console.log(before, credential.constructor.name, ${loaded} > 0, identity.DefaultAzureCredential === there('@azure/identity').DefaultAzureCredential);`),
  ).toBe('0 ClientSecretCredential true true');
});
